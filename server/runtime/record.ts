/** What is kept of an attempt: enough to see what happened, nothing that opens a door. */
import { isCredentialHeader } from './headers.ts'
import { mask, type Redactor } from './redact.ts'
import type { AttemptRecord } from './runtime.ts'
import { withoutCredentials } from './target.ts'

/** Of each body, in bytes of UTF-8. */
export const recordedBodyBytes = 16_384

export function recordRequest(
  {
    method,
    url,
    headers,
    body,
  }: {
    readonly method: string
    readonly url: string
    readonly headers: ReadonlyMap<string, string>
    readonly body: string
  },
  redactor: Redactor,
): AttemptRecord['request'] {
  return {
    method,
    url: redactor.text(withoutCredentials(url)),
    headers: recordHeaders(headers, redactor),
    body: recordBody(body, redactor),
    bodyBytes: Buffer.byteLength(body),
  }
}

export function recordResponse(
  {
    status,
    headers,
    body,
    bodyBytes,
  }: {
    readonly status: number
    readonly headers: ReadonlyMap<string, string>
    readonly body: string
    readonly bodyBytes: number
  },
  redactor: Redactor,
): NonNullable<AttemptRecord['response']> {
  return { status, headers: recordHeaders(headers, redactor), body: recordBody(body, redactor), bodyBytes }
}

const recordHeaders = (headers: ReadonlyMap<string, string>, redactor: Redactor): Record<string, string> =>
  Object.fromEntries(
    Array.from(headers, ([name, value]) => [name, isCredentialHeader(name) ? mask : redactor.text(value)]),
  )

/**
 * The beginning of a body, redacted. A secret that the cut goes through would show its first half, unrecognised: so
 * more is redacted than is kept, and where text was left unread, as much as a secret may span is dropped from the end.
 */
function recordBody(body: string, redactor: Redactor): string {
  const read = body.slice(0, recordedBodyBytes + redactor.reach)
  const clean = redactor.text(read)
  return cut(read.length < body.length ? clean.slice(0, clean.length - redactor.reach) : clean)
}

const encoder = new TextEncoder()
const room = new Uint8Array(recordedBodyBytes)

/** At most `recordedBodyBytes`, ending with a whole character. */
function cut(text: string): string {
  // Three bytes of UTF-8 are the most that a unit of a JavaScript string takes.
  if (text.length * 3 <= recordedBodyBytes) return text
  return text.slice(0, encoder.encodeInto(text, room).read)
}
