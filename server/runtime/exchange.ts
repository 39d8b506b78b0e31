import type { Dispatcher } from 'undici'

/** How far an exchange had come when it ended, for saying what took so long. */
export type Phase = 'connecting' | 'waiting for the answer' | 'reading the answer'

export interface RawResponse {
  readonly status: number
  /** Names are lower case; repeated ones are joined with ", ". */
  readonly headers: ReadonlyMap<string, string>
  /** As received, before content codings are undone; only its beginning where the exchange failed. */
  readonly body: Buffer
}

export type Exchanged =
  | { readonly ok: true; readonly response: RawResponse }
  | {
      readonly ok: false
      readonly fault: unknown
      readonly phase: Phase
      readonly response: RawResponse | undefined
    }

/** What undici's parser lets through and HTTP has no meaning for. */
export class ResponseInvalid extends Error {
  override readonly name = 'ResponseInvalid'
  readonly code = 'response-invalid'
}

export class ResponseTooLarge extends Error {
  override readonly name = 'ResponseTooLarge'
  readonly code = 'response-too-large'
}

/**
 * One request and its answer. Reads `bodyBytesMax` bytes of body and gives up on the rest, by closing the connection.
 * Resolves in every case, and at once when the signal aborts: `fault` is then the signal's reason.
 *
 * It speaks to undici's dispatcher and not to `undici.request`, because that answers with a stream, and the limit,
 * the abort and the phase would each need a listener of their own on it.
 */
export function exchange(
  dispatcher: Dispatcher,
  {
    url,
    method,
    headers,
    body,
    bodyBytesMax,
    signal,
  }: {
    readonly url: URL
    readonly method: string
    readonly headers: ReadonlyMap<string, string>
    readonly body: Buffer | undefined
    readonly bodyBytesMax: number
    readonly signal: AbortSignal
  },
): Promise<Exchanged> {
  const { promise, resolve } = Promise.withResolvers<Exchanged>()
  let phase: Phase = 'connecting'
  let connection: Dispatcher.DispatchController | undefined
  let head: Omit<RawResponse, 'body'> | undefined
  const chunks: Buffer[] = []
  let bytes = 0
  let over = false

  const end = (exchanged: Exchanged): void => {
    over = true
    signal.removeEventListener('abort', abandon)
    resolve(exchanged)
  }
  const read = (): Buffer => (chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks))
  const fail = (fault: unknown): void => {
    if (over) return
    end({ ok: false, fault, phase, response: head && { ...head, body: read() } })
    connection?.abort(asError(fault))
  }
  const abandon = (): void => fail(signal.reason)
  const tooLarge = (): void => fail(new ResponseTooLarge())

  if (signal.aborted) {
    abandon()
    return promise
  }
  signal.addEventListener('abort', abandon)
  try {
    dispatcher.dispatch(
      {
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method,
        headers: [...headers].flat(),
        body: body ?? null,
      },
      {
        onRequestStart(controller) {
          // Given up while it waited for a connection: thrown, so that the connection itself stays good for others.
          if (over) throw asError(signal.reason)
          connection = controller
          phase = 'waiting for the answer'
        },
        onResponseStart(controller, status) {
          if (status < 100) fail(new ResponseInvalid(`status ${status}`))
          if (over || status < 200) return
          phase = 'reading the answer'
          head = { status, headers: readHeaders(controller.rawHeaders) }
          if (method !== 'HEAD' && Number(head.headers.get('content-length')) > bodyBytesMax) tooLarge()
        },
        onResponseData(_controller, chunk) {
          if (over) return
          bytes += chunk.length
          chunks.push(chunk)
          if (bytes > bodyBytesMax) tooLarge()
        },
        onResponseEnd() {
          if (!over && head !== undefined) end({ ok: true, response: { ...head, body: read() } })
        },
        onResponseError(_controller, error) {
          fail(error)
        },
      },
    )
  } catch (error) {
    fail(error)
  }
  return promise
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)))

/** From the raw lines, because a header named `__proto__` is only safe in a map. */
function readHeaders(raw: Dispatcher.DispatchController['rawHeaders']): ReadonlyMap<string, string> {
  const headers = new Map<string, string>()
  const lines = Array.isArray(raw)
    ? raw
    : Object.entries(raw ?? {}).flatMap(([name, value]) => [name, String(value)])
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const name = String(lines[at]).toLowerCase()
    const value = String(lines[at + 1])
    const before = headers.get(name)
    headers.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return headers
}
