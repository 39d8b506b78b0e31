import type { Request, Response } from 'express'
import type { LiveSignal } from '../../nodes/contract/api-house.ts'
import { onSignal } from '../engine/signals.ts'

/** Proxies close what is silent for a minute. */
const heartbeatMs = 15_000
/** A page that does not read: what waits for it is bounded, then it is cut off and connects again. */
const unreadBytesMax = 1_024 * 1_024

/** `GET /api/live?workflowId=`: server-sent events, each a `LiveSignal`. */
export function live(request: Request, response: Response): void {
  const { workflowId } = request.query
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  response.write('retry: 2000\n\n')
  const write = (text: string) => {
    if (response.writableLength > unreadBytesMax) response.destroy()
    else response.write(text)
  }
  const send = (signal: LiveSignal) => {
    if (typeof workflowId === 'string' && signal.workflowId !== workflowId) return
    write(`data: ${JSON.stringify(signal)}\n\n`)
  }
  const stops = [
    onSignal('event.accepted', ({ workflowId, eventId }) => send({ kind: 'event', workflowId, eventId })),
    onSignal('event.rejected', ({ workflowId, rejectionId, reason }) => {
      if (workflowId && rejectionId) send({ kind: 'rejection', workflowId, rejectionId, reason })
    }),
    onSignal('run.changed', ({ workflowId, runId, eventId, state }) =>
      send({ kind: 'run', workflowId, runId, eventId, state }),
    ),
    onSignal('step.recorded', ({ workflowId, runId, stepId: nodeId, state }) =>
      send({ kind: 'step', workflowId, runId, nodeId, state }),
    ),
  ]
  const heartbeat = setInterval(() => write(': still here\n\n'), heartbeatMs)
  response.on('close', () => {
    clearInterval(heartbeat)
    for (const stop of stops) stop()
  })
}
