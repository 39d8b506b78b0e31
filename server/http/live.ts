import type { Request, Response } from 'express'
import type { LiveSignal } from '../../nodes/contract/api-house.ts'
import { describeUnknown } from '../../nodes/contract/failure.ts'
import { onSignal, onSignalAnywhere, signal } from '../engine/signals.ts'

/** Proxies close what is silent for a minute; and a stream outlives the session that opened it by no more than this. */
const heartbeatMs = 4_000
/** A page that does not read: what waits for it is bounded, then it is cut off and connects again. */
const unreadBytesMax = 1_024 * 1_024

export interface LiveOptions {
  readonly workflowId: string | undefined
  /** Asked again while the stream is open: it ends with the session. */
  readonly isSignedIn: (request: Request) => Promise<boolean>
}

/** `GET /api/live?workflowId=`: server-sent events, each a `LiveSignal`. */
export function live(request: Request, response: Response, { workflowId, isSignedIn }: LiveOptions): void {
  // The connection is of no use to another request, and must not hold up a server that stops.
  response.shouldKeepAlive = false
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  if (request.method === 'HEAD') return void response.end()
  response.write('retry: 2000\n\n')
  const write = (text: string) => {
    if (response.writableLength > unreadBytesMax) response.destroy()
    else response.write(text)
  }
  const send = (message: LiveSignal) => {
    if (workflowId !== undefined && message.workflowId !== workflowId) return
    write(`data: ${JSON.stringify(message)}\n\n`)
  }
  const beat = async () => {
    if (await isSignedIn(request)) write(': still here\n\n')
    else response.end()
  }
  const heartbeat = setInterval(() => {
    beat().catch((error: unknown) => {
      signal('engine.trouble', { where: 'live', message: describeUnknown(error) })
    })
  }, heartbeatMs)
  const stops = [...listen(send), onSignal('server.stopping', () => response.end())]
  response.on('close', () => {
    clearInterval(heartbeat)
    for (const stop of stops) stop()
  })
}

const listen = (send: (message: LiveSignal) => void) => [
  onSignalAnywhere('workflow.changed', ({ workflowId }) => send({ kind: 'workflow', workflowId })),
  onSignalAnywhere('event.accepted', ({ workflowId, eventId }) =>
    send({ kind: 'event', workflowId, eventId }),
  ),
  onSignalAnywhere('event.rejected', ({ workflowId, rejectionId, reason }) => {
    if (workflowId && rejectionId) send({ kind: 'rejection', workflowId, rejectionId, reason })
  }),
  onSignalAnywhere('run.changed', ({ workflowId, runId, eventId, state }) =>
    send({ kind: 'run', workflowId, runId, eventId, state }),
  ),
  onSignalAnywhere('step.recorded', ({ workflowId, runId, stepId: nodeId, state }) =>
    send({ kind: 'step', workflowId, runId, nodeId, state }),
  ),
]
