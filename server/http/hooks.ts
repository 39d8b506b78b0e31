/**
 * The public door as HTTP: `ANY /hooks/:token[/rest]` and `ANY /hooks-test/:token[/rest]`. It stands before Express, because
 * what is acknowledged here is most of what the server does. It reads the bytes and writes the answer; what is let in is
 * decided in `inbound/`.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CallerAnswer } from '../../nodes/contract/context.ts'
import { waitsSeconds } from '../../nodes/contract/webhook-answer.ts'
import type { Accept } from '../inbound/accept.ts'
import type { Answers, Awaited, Waiting } from '../inbound/answers.ts'
import { type TrustedProxies, clientAddress } from '../inbound/address.ts'
import type { DoorLimits } from '../inbound/door-limits.ts'
import type { Hook } from '../inbound/hook.ts'
import type { Refusals } from '../inbound/refusals.ts'
import type { Pressure } from '../inbound/pressure.ts'
import { InboundRequest, type RequestParts } from '../inbound/request.ts'
import { bodyBytesDefault } from '../inbound/door.ts'
import { signal } from '../engine/signals.ts'
import { NotFound, type StoredEvent, Unavailable } from '../storage/storage.ts'
import { crossOrigin } from './cross-origin.ts'
import {
  type Awaiting,
  retryAfterDefaultSeconds,
  sendAccepting,
  sendProblem,
  sendRefusal,
  sendWorkflowAnswer,
} from './hook-answers.ts'
import { readBody } from './read-body.ts'
import { isCertified } from './tls.ts'

/** From the last header to the last byte of the body. */
const bodyTimeoutMs = 10_000
/** More headers than any sender or proxy adds. */
const headersMax = 200
/** For a body that was refused to go by, before its connection is closed on it. */
const passOverMs = 2_000

export interface HooksOptions {
  readonly accept: Accept
  readonly refusals: Refusals
  readonly answers: Answers
  readonly pressure: Pressure
  readonly limits: DoorLimits
  /** Whether callers must show a certificate. */
  readonly asksForCertificate: boolean
  readonly trusted: TrustedProxies
  readonly publicUrl: () => string
  hook(token: string): Promise<Hook | undefined>
  draftHook(token: string): Promise<Hook | undefined>
}

const hookPath = /^\/(hooks|hooks-test)\/([A-Za-z0-9_-]{1,128})((?:[/?].*)?)$/s

/** Handles the request if it is for a hook; false when it is not. */
export function hooksHandler(options: HooksOptions) {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const [, place, token, path] = hookPath.exec(request.url ?? '') ?? []
    if (place === undefined || token === undefined) return false
    answer(request, response, { options, place, token, path: path ?? '' }).catch((error: unknown) => {
      if (error instanceof Unavailable) {
        const detail =
          'The event could not be stored, or the store did not say in time that it was. Send it again later.'
        sendProblem(response, 'unavailable', detail, { retryAfterSeconds: retryAfterDefaultSeconds })
        return
      }
      // The workflow was deleted while its request was on the way in.
      if (error instanceof NotFound)
        return sendProblem(response, 'not-found', 'No workflow has this URL.', {})
      signal('engine.trouble', { where: 'door', message: String(error) })
      sendProblem(response, 'internal', 'The request was not accepted. Send it again later.', {})
    })
    return true
  }
}

interface Place {
  readonly options: HooksOptions
  readonly place: string
  readonly token: string
  readonly path: string
}

async function answer(
  incoming: IncomingMessage,
  response: ServerResponse,
  { options, place, token, path }: Place,
): Promise<void> {
  const { trusted, publicUrl, limits, refusals } = options
  const hook = await (place === 'hooks' ? options.hook(token) : options.draftHook(token))
  if (hook === undefined) {
    signal('event.rejected', { workflowId: null, rejectionId: null, status: 404, reason: 'unknown-hook' })
    sendProblem(response, 'not-found', 'No workflow has this URL.', {})
    return passOver(incoming)
  }
  const { rawHeaders, method = 'GET', socket } = incoming
  const parts = {
    method,
    url: `${publicUrl()}/${place}/${token}${path}`,
    path,
    rawHeaders,
    ip: clientAddress(socket.remoteAddress ?? '', forwardedFor(incoming), trusted),
  }
  const crossed = crossOrigin(hook, incoming)
  for (const [name, value] of Object.entries(crossed.headers)) response.setHeader(name, value)
  if (crossed.isPreflight) {
    response.writeHead(204).end()
    return passOver(incoming)
  }
  const entering = limits.enter(hook, parts.ip)
  // To wait for what is there already would cost every request a turn.
  const over = entering instanceof Promise ? await entering : entering
  if (over !== undefined) {
    const request = new InboundRequest({ ...parts, body: Buffer.alloc(0) })
    sendRefusal(response, await refusals.turnAway(hook, request, over), hook)
    return passOver(incoming)
  }
  try {
    await letIn(incoming, response, { options, hook, parts })
  } finally {
    limits.leave(hook)
  }
}

interface Guest {
  readonly options: HooksOptions
  readonly hook: Hook
  readonly parts: Omit<RequestParts, 'body'>
}

async function letIn(
  request: IncomingMessage,
  response: ServerResponse,
  { options, hook, parts }: Guest,
): Promise<void> {
  const { accept, refusals, answers, pressure, asksForCertificate } = options
  const { rawHeaders } = request
  const refuse = async (status: number, reason: string, detail: string, body: Buffer) => {
    const refused = await refusals.refuse(hook, new InboundRequest({ ...parts, body }), {
      status,
      reason,
      detail,
    })
    // Nobody knows when the rest of a slow body comes; of any other, the caller is still sending.
    if (status === 408) response.shouldKeepAlive = false
    sendRefusal(response, refused, hook)
    passOver(request)
  }
  if (asksForCertificate && !isCertified(request)) {
    const detail =
      'The caller shows no certificate of those who may call this server. Let the sender show one.'
    return refuse(403, 'certificate-required', detail, Buffer.alloc(0))
  }
  if (rawHeaders.length / 2 > headersMax) {
    const detail = `The request has ${rawHeaders.length / 2} headers; at most ${headersMax} are read. Send fewer.`
    return refuse(431, 'headers-too-large', detail, Buffer.alloc(0))
  }
  const bytesMax = hook.door?.bodyBytesMax ?? bodyBytesDefault
  const read = await readBody(request, { bytesMax, timeoutMs: bodyTimeoutMs })
  if (!read.ok) {
    if (read.why === 'aborted') return
    return read.why === 'too-large'
      ? refuse(
          413,
          'too-large',
          `The body has more than ${bytesMax} bytes, the most that this workflow accepts. Send less at once.`,
          read.start,
        )
      : refuse(
          408,
          'timeout',
          `The body did not come within ${bodyTimeoutMs / 1_000} s. Send it again.`,
          read.start,
        )
  }
  const seconds = hook.settings && waitsSeconds(hook.settings.answer)
  let waiting: Waiting | undefined
  try {
    pressure.enter()
    const accepting = await accept
      .accept(
        hook,
        new InboundRequest({ ...parts, body: read.body }),
        seconds === undefined ? undefined : (runId) => (waiting = answers.wait(runId, seconds * 1_000)),
      )
      .finally(() => pressure.leave())
    if (accepting.kind === 'accepted' && accepting.runId !== null && waiting !== undefined) {
      const awaited = await waiting.awaited
      if (awaited.kind === 'answer') await accept.keepAnswer(accepting.eventId, awaited.answer)
      return sendWorkflowAnswer(response, accepting, awaited, hook)
    }
    if (seconds !== undefined && accepting.kind === 'duplicate') {
      const first = await firstAnswer(accepting.of, { accept, answers, seconds })
      if (first !== undefined) return sendWorkflowAnswer(response, first.of, first.awaited, hook)
    }
    sendAccepting(response, accepting, hook)
  } finally {
    waiting?.abandon()
  }
}

/**
 * What the first copy of a delivery is answered, where its run is still at it: a sender that gives up waiting and sends it again
 * gets that, too. `undefined`: it was answered, or nothing more is to come.
 */
async function firstAnswer(
  { id: eventId, answer }: StoredEvent,
  {
    accept,
    answers,
    seconds,
  }: { readonly accept: Accept; readonly answers: Answers; readonly seconds: number },
): Promise<{ readonly of: Awaiting; readonly awaited: Awaited } | undefined> {
  const run = answer === null ? await accept.runOf(eventId) : undefined
  if (run === undefined) return undefined
  const waiting = answers.wait(run.id, seconds * 1_000)
  try {
    // Looked at again only now that nothing can be missed any more.
    const [event, now] = await Promise.all([accept.event(eventId), accept.runOf(eventId)])
    const of = { eventId, runId: run.id }
    if (event !== undefined && event.answer !== null) {
      return { of, awaited: { kind: 'answer', answer: JSON.parse(event.answer) as CallerAnswer } }
    }
    if (now === undefined || now.endedAt !== null || now.state === 'held') return undefined
    return { of, awaited: await waiting.awaited }
  } finally {
    waiting.abandon()
  }
}

/**
 * Lets the rest of a body pass that was answered before its end: a connection that is closed on bytes that nobody read is
 * reset, and takes the answer with it before the caller has read it.
 */
function passOver(request: IncomingMessage): void {
  if (request.complete) return
  const timer = setTimeout(() => request.socket.destroy(), passOverMs)
  request.once('close', () => clearTimeout(timer)).resume()
}

const forwardedFor = ({ headers }: IncomingMessage): string | undefined => {
  const value = headers['x-forwarded-for']
  return Array.isArray(value) ? value.join(',') : value
}
