/**
 * Stop 8 of the way of an event: one attempt to deliver. undici keeps a pool of connections per target, and every
 * connection is made through the address guard. Proxies of the environment are not read.
 */
import { Agent, Pool } from 'undici'
import type { HttpRequest } from '../../nodes/contract/context.ts'
import { decodeBody, decodeText, readBody } from './answer.ts'
import { exchange, type RawResponse } from './exchange.ts'
import { type Endpoint, type Lookup, openGuard } from './guard.ts'
import { composeHeaders } from './headers.ts'
import { type AttemptFault, Cancelled, Deadline, describeFault } from './network-fault.ts'
import { recordRequest, recordResponse } from './record.ts'
import { openRedactor, type Redactor } from './redact.ts'
import { headersForHop, redirection } from './redirect.ts'
import type { AttemptRecord, Outbound, Sent } from './runtime.ts'
import { nameOf, parseTarget } from './target.ts'

/** Of an answer, as received and again when decoded: a message must fit into a run's memory many times over. */
export const responseBytesMax = 1_048_576
/** Of an answer's headers; Node's own servers send no more. */
const responseHeaderBytesMax = 16_384
/** `setTimeout` takes no more; a longer timeout is none. */
const timeoutMsMax = 2_147_483_647
/** Above the runs that one process works on by default, so that an attempt's time is not spent in a queue. */
const connectionsPerTargetDefault = 256

export interface OutboundOptions {
  /** Ranges of addresses that are not public and may be reached all the same (`HOOKLOOM_OUTBOUND_ALLOW`). */
  readonly allow: readonly string[]
  /** Our listener, Redis and MongoDB: never reached. Read at every connection, so that a port may be added later. */
  readonly own?: readonly Endpoint[]
  /** `Hookloom/1.2.3`. */
  readonly userAgent: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly lookup?: Lookup
  /** Connections to one target at a time; more requests wait, and their time runs. */
  readonly connectionsPerTarget?: number
}

/**
 * Opens the way out. `close` breaks off what is under way (as `cancelled`) and ends every connection.
 * @throws {Error} with one line when a range of `allow` cannot be read.
 */
export function openOutbound({
  allow,
  own = [],
  userAgent,
  now,
  lookup,
  connectionsPerTarget = connectionsPerTargetDefault,
}: OutboundOptions): Outbound {
  const guard = openGuard({ allow, own, ...(lookup && { lookup }) })
  const agent = new Agent({
    factory: (origin) => {
      const { protocol, hostname, port } = new URL(origin)
      const target = { host: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) }
      return new Pool(origin, {
        connect: guard.connectorFor(target),
        connections: connectionsPerTarget,
        allowH2: false,
        maxHeaderSize: responseHeaderBytesMax,
        // An attempt has one deadline of its own, which also covers a body that drips.
        headersTimeout: 0,
        bodyTimeout: 0,
      })
    },
  })

  return {
    async send(request, delivery) {
      const stopwatch = startStopwatch(now)
      using deadline = startDeadline(request.timeoutMs, delivery.signal)
      const redactor = openRedactor([...delivery.redact, ...keysOf(request.signingSecret)])
      const body = request.body === undefined ? undefined : Buffer.from(request.body)
      const attempt = new Attempt(request, redactor, stopwatch)

      const target = parseTarget(request.url)
      if (!target.ok)
        return attempt.failed({ code: 'url-refused', message: target.message, retryable: false })
      if (!/^[A-Za-z]{1,20}$/.test(request.method) || /^(connect|trace)$/i.test(request.method)) {
        const message = `The method ${JSON.stringify(request.method.slice(0, 40))} cannot be sent; use GET, POST, PUT, PATCH, DELETE or HEAD.`
        return attempt.failed({ code: 'method-refused', message, retryable: false })
      }
      const method = request.method.toUpperCase()
      const composed = composeHeaders({
        request,
        id: delivery.id,
        timestamp: Math.floor(stopwatch.at / 1000),
        body: body ?? Buffer.alloc(0),
        userAgent,
      })
      if (!composed.ok) return attempt.failed({ ...composed, retryable: false })
      attempt.headers = composed.headers

      let { url } = target
      let { headers } = composed
      for (;;) {
        const exchanged = await exchange(agent, {
          url,
          method,
          headers,
          body,
          bodyBytesMax: responseBytesMax,
          signal: deadline.signal,
        })
        if (exchanged.response !== undefined) await attempt.read(exchanged.response, url)
        if (!exchanged.ok) {
          return attempt.failed(
            describeFault(exchanged.fault, {
              url,
              phase: exchanged.phase,
              timeoutMs: request.timeoutMs,
              bodyBytesMax: responseBytesMax,
              headerBytesMax: responseHeaderBytesMax,
            }),
          )
        }
        const next = redirection({
          status: exchanged.response.status,
          location: exchanged.response.headers.get('location'),
          from: url,
          method,
          hasBody: body !== undefined && body.length > 0,
          followed: attempt.redirects.length,
        })
        if (next.kind === 'final') return attempt.answered()
        if (next.kind === 'refuse' || delivery.redirects === 'refuse') {
          const message =
            next.kind === 'refuse'
              ? next.message
              : `${nameOf(url)} answered with a redirect, which is not followed here.`
          return attempt.failed({ code: 'redirect-not-followed', message, retryable: false })
        }
        headers = headersForHop({ headers, from: url, to: next.url, holdsSecret: redactor.finds })
        url = next.url
        attempt.redirects.push(url.href)
      }
    },

    close: () => agent.destroy(),
  }
}

/** What an attempt has come to so far; makes the record and the result of it, both free of secrets. */
class Attempt {
  headers: ReadonlyMap<string, string>
  readonly redirects: string[] = []
  readonly #request: HttpRequest
  readonly #redactor: Redactor
  readonly #stopwatch: Stopwatch
  #response: (Omit<RawResponse, 'body'> & { readonly text: string; readonly bytes: Uint8Array }) | undefined
  #unreadable: AttemptFault | undefined

  constructor(request: HttpRequest, redactor: Redactor, stopwatch: Stopwatch) {
    this.#request = request
    this.#redactor = redactor
    this.#stopwatch = stopwatch
    this.headers = new Map(
      Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    )
  }

  async read({ status, headers, body }: RawResponse, url: URL): Promise<void> {
    const decoded = await decodeBody(body, headers.get('content-encoding'), responseBytesMax)
    const text = decoded.ok ? decodeText(decoded.bytes, headers.get('content-type')) : ''
    this.#response = { status, headers, text, bytes: decoded.ok ? decoded.bytes : body }
    this.#unreadable = decoded.ok
      ? undefined
      : { code: decoded.code, message: `The answer of ${nameOf(url)} ${decoded.why}.`, retryable: false }
  }

  answered(): Sent {
    if (this.#unreadable !== undefined) return this.failed(this.#unreadable)
    const answer = this.#answer()
    if (answer === undefined || this.#response === undefined)
      throw new Error('answered() before read(): the exchange ended without a response')
    return { ok: true, answer, bytes: this.#response.bytes, record: this.#record() }
  }

  failed({ code, message, retryable }: AttemptFault): Sent {
    const response = this.#answer()
    const failure = { code, message: this.#redactor.text(message) }
    const error = response === undefined ? failure : { ...failure, response: { ...response } }
    return { ok: false, retryable, error, record: { ...this.#record(), error: failure } }
  }

  /** A secret that the target echoes does not get into the run by that way either. */
  #answer() {
    if (this.#response === undefined) return undefined
    const { status, headers, text } = this.#response
    return {
      status,
      headers: Object.fromEntries(Array.from(headers, ([name, value]) => [name, this.#redactor.text(value)])),
      body: this.#redactor.json(readBody(text, headers.get('content-type'))),
    }
  }

  #record(): AttemptRecord {
    const { method, url, body = '' } = this.#request
    const response = this.#response
    return {
      at: this.#stopwatch.at,
      durationMs: this.#stopwatch.elapsedMs(),
      request: recordRequest({ method, url, headers: this.headers, body }, this.#redactor),
      ...(this.redirects.length > 0 && { redirects: this.redirects.map((url) => this.#redactor.text(url)) }),
      ...(response && {
        response: recordResponse(
          {
            status: response.status,
            headers: response.headers,
            body: response.text,
            bodyBytes: response.bytes.length,
          },
          this.#redactor,
        ),
      }),
    }
  }
}

interface Stopwatch {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly elapsedMs: () => number
}

function startStopwatch(now: () => number): Stopwatch {
  const from = performance.now()
  return { at: now(), elapsedMs: () => Math.round(performance.now() - from) }
}

/** One signal for the attempt's own time and the caller's wish; disposing lets go of the timer and the listener. */
function startDeadline(
  timeoutMs: number,
  caller: AbortSignal,
): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController()
  const cancel = (): void => controller.abort(new Cancelled())
  const timer = setTimeout(() => controller.abort(new Deadline()), Math.min(timeoutMs, timeoutMsMax))
  if (caller.aborted) cancel()
  else caller.addEventListener('abort', cancel)
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer)
      caller.removeEventListener('abort', cancel)
    },
  }
}

/** What is secret about a signing secret, which is also shown without the word before its base64. */
const keysOf = (secret: string | undefined): string[] =>
  secret === undefined ? [] : [secret.replace(/^whsec_/, '')]
