/** What goes out of a hook's door: acknowledgements, the workflow's own words, refusals. */
import type { ServerResponse } from 'node:http'
import type { EventId } from '../../nodes/contract/ids.ts'
import type { CallerAnswer } from '../../nodes/contract/context.ts'
import { toldAtOnce, waitsSeconds } from '../../nodes/contract/webhook-answer.ts'
import { isOpen } from '../engine/settings.ts'
import type { Accepting } from '../inbound/accept.ts'
import type { Refused } from '../inbound/refusals.ts'
import type { Awaited } from '../inbound/answers.ts'
import type { Hook } from '../inbound/hook.ts'
import { type ProblemCode, problemDocument, problemHeaders, problems } from './problem.ts'

/** An event whose caller waits for its run. */
export type Awaiting = Pick<Extract<Accepting, { kind: 'accepted' }>, 'eventId' | 'runId'>

export function sendAccepting(response: ServerResponse, accepting: Accepting, hook: Hook): void {
  switch (accepting.kind) {
    case 'accepted':
      if (accepting.answer !== undefined) return sendCallerAnswer(response, accepting.answer)
      return sendAnswer(response, hook, accepting.eventId)
    case 'duplicate':
      if (accepting.of.answer !== null) {
        return sendCallerAnswer(response, JSON.parse(accepting.of.answer) as CallerAnswer)
      }
      return sendAnswer(response, hook, accepting.of.id)
    case 'items':
      return sendItems(response, hook, accepting.eventIds)
    case 'handshake':
      return send(response, accepting.answer.status, accepting.answer.headers, accepting.answer.body)
    case 'refused':
      return sendRefusal(response, accepting, hook)
  }
}

/** Of a list whose items are events; what the webhook node says at once holds for all of them. */
function sendItems(response: ServerResponse, hook: Hook, ids: readonly EventId[]): void {
  const [first] = ids
  const own = hook.settings && toldAtOnce(hook.settings.answer)
  if (first !== undefined && own?.body !== undefined && !isOpen(own)) return sendAnswer(response, hook, first)
  send(response, own?.status ?? 200, json, JSON.stringify({ id: first ?? null, ids }))
}

/** What the webhook node says, or the default. */
function sendAnswer(response: ServerResponse, { settings }: Hook, eventId: string): void {
  const own = settings && toldAtOnce(settings.answer)
  if (own === undefined) return send(response, 200, json, `{"id":"${eventId}"}`)
  const { status, headers, body } = own
  // Templates of which one failed, or that hold for the event's first copy only.
  if (isOpen({ headers, body }) || (body === undefined && Object.keys(headers).length === 0)) {
    return send(response, status, json, `{"id":"${eventId}"}`)
  }
  sendCallerAnswer(response, { status, headers, body: body === undefined ? { id: eventId } : body })
}

/**
 * A text goes out as text, everything else as JSON, unless the headers name another type. Whatever it is, a browser gives it
 * an origin of its own: what a workflow says is no page of this server, whose session its script could use.
 */
function sendCallerAnswer(response: ServerResponse, { status, headers, body }: CallerAnswer): void {
  const named = Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name]) => !connectionHeaders.has(name)),
  )
  const wrong = Object.entries(named).find(([, value]) => unsendable.test(value))
  if (wrong !== undefined) {
    const detail = `The event is stored, but the workflow answers with a header "${wrong[0]}" that cannot be sent: it has characters beyond ISO 8859-1 or a line break.`
    return sendProblem(response, 'internal', detail, {})
  }
  const isText = typeof body === 'string'
  const content = isText ? body : body === null ? '' : JSON.stringify(body)
  const type = isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8'
  const policy = [named['content-security-policy'], sandboxPolicy].filter((each) => each !== undefined)
  send(
    response,
    status,
    {
      'content-type': type,
      'x-content-type-options': 'nosniff',
      ...named,
      'content-security-policy': policy.join(', '),
    },
    // As bytes, since Node writes headers before a text in the text's encoding, which is not theirs.
    Buffer.from(content),
  )
}

/** What the connection needs is this server's to say. */
const connectionHeaders: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'trailer',
  'transfer-encoding',
  'upgrade',
])
const sandboxPolicy = 'sandbox allow-downloads allow-forms allow-modals allow-popups allow-scripts'
/** What Node would throw on. */
// oxlint-disable-next-line no-control-regex -- these are the characters
const unsendable = /[^\t\x20-\x7e\x80-\xff]/

export function sendWorkflowAnswer(
  response: ServerResponse,
  { eventId, runId }: Awaiting,
  awaited: Awaited,
  { settings }: Hook,
): void {
  const more = runId === null ? {} : { runId }
  if (awaited.kind === 'answer') return sendCallerAnswer(response, awaited.answer)
  if (awaited.kind === 'timeout') {
    const detail = `The event is stored and its run goes on, but it did not answer within ${settings && waitsSeconds(settings.answer)} s.`
    return sendProblem(response, 'workflow-timeout', detail, more)
  }
  if (awaited.state === 'succeeded' || awaited.state === 'filtered') {
    return send(response, 200, json, JSON.stringify({ id: eventId }))
  }
  const detail = `The event is stored, but its run ended as ${awaited.state}${awaited.code ? ` (${awaited.code})` : ''}.`
  sendProblem(response, 'internal', detail, more)
}

/** Where whoever refuses knows no better. */
export const retryAfterDefaultSeconds = 5
const json = { 'content-type': 'application/json; charset=utf-8' } as const

const codeOfStatus = new Map(
  Object.entries(problems).map(([code, [status]]) => [status as number, code as ProblemCode] as const),
)

export function sendRefusal(
  response: ServerResponse,
  { status, reason, detail, retryAfterSeconds }: Refused,
  hook: Hook,
): void {
  if (hook.refusesSilently === true) return send(response, status, {}, '')
  const again = retryAfterSeconds ?? (status === 503 ? retryAfterDefaultSeconds : undefined)
  const code = status === 401 ? 'not-verified' : (codeOfStatus.get(status) ?? 'bad-request')
  sendProblem(response, code, detail, {
    reason,
    ...(again !== undefined && { retryAfterSeconds: again }),
    ...(status === 405 && { allow: hook.door?.methods ?? [] }),
  })
}

export function sendProblem(
  response: ServerResponse,
  code: ProblemCode,
  detail: string,
  more: Parameters<typeof problemHeaders>[0],
): void {
  if (response.headersSent) return void response.destroy()
  send(response, problems[code][0], problemHeaders(more), JSON.stringify(problemDocument(code, detail, more)))
}

function send(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer,
): void {
  const bodyless = status === 204 || status === 304
  response.writeHead(status, bodyless ? headers : { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(bodyless ? undefined : body)
}
