import type { HttpRequest } from '../../nodes/contract/context.ts'
import { sign, signingKey } from './signature.ts'

/** Where most servers stop reading is 8 to 64 KB of headers; a template that makes more is a mistake. */
const headerCharactersMax = 32_768

/** Set here and by the connection; a caller's own would break the framing of the request, or forge its identity. */
const reserved = new Set([
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'http2-settings',
])

const credentialNames =
  /^(proxy-)?authorization$|^(set-)?cookie2?$|(^|[-_])(auth|token|secret|passw(or)?d|credentials?|session|api-?key|key)([-_]|$)|(apikey|token|secret)$/

/** Judged once: most answers have the same few headers. Targets choose the names, so the memory is bounded. */
const judgedMax = 1_000
const judged = new Map<string, boolean>()

/** Headers whose value opens something: never kept in a record, never sent on to another origin. */
export function isCredentialHeader(name: string): boolean {
  const known = judged.get(name)
  if (known !== undefined) return known
  const isCredential = name !== 'idempotency-key' && credentialNames.test(name)
  if (judged.size >= judgedMax) judged.clear()
  judged.set(name, isCredential)
  return isCredential
}

export type Composed =
  | { readonly ok: true; readonly headers: ReadonlyMap<string, string> }
  | {
      readonly ok: false
      readonly code: 'header-refused' | 'signing-secret-invalid'
      readonly message: string
    }

/** The headers of an attempt: the caller's, checked, and ours. Names are lower case. */
export function composeHeaders({
  request,
  id,
  timestamp,
  body,
  userAgent,
}: {
  readonly request: HttpRequest
  readonly id: string
  /** Unix seconds. */
  readonly timestamp: number
  readonly body: Uint8Array
  readonly userAgent: string
}): Composed {
  const headers = new Map<string, string>([['user-agent', userAgent]])
  if (request.body !== undefined) headers.set('content-type', 'application/json')
  let characters = 0
  for (const [given, value] of Object.entries(request.headers ?? {})) {
    const name = given.toLowerCase()
    const fault = faultOf(name, value)
    if (fault !== undefined) return { ok: false, code: 'header-refused', message: fault }
    characters += name.length + value.length
    headers.set(name, value.trim())
  }
  if (characters > headerCharactersMax) {
    const message = `The headers have ${characters} characters together; at most ${headerCharactersMax} are sent. Put large values into the body.`
    return { ok: false, code: 'header-refused', message }
  }
  headers.set('webhook-id', id)
  headers.set('webhook-timestamp', String(timestamp))
  if (request.signingSecret !== undefined) {
    const key = signingKey(request.signingSecret)
    if (key === undefined) {
      const message =
        'The signing secret cannot be used: it is empty, or what follows whsec_ is not base64. Save it again as the receiver shows it.'
      return { ok: false, code: 'signing-secret-invalid', message }
    }
    headers.set('webhook-signature', sign({ key, id, timestamp, body }))
  }
  return { ok: true, headers }
}

function faultOf(name: string, value: string): string | undefined {
  const named = JSON.stringify(name.slice(0, 100))
  if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) {
    return `${named} is not a header name; it takes letters, digits and hyphens.`
  }
  if (reserved.has(name)) return `The header ${named} is set by Hookloom and cannot be given; remove it.`
  // RFC 9110, 5.5: CR, LF and NUL would begin another header; above 0xff there is no byte for the character.
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
    return `The value of the header ${named} holds a line break, a control character or one outside Latin-1; encode it.`
  }
  return undefined
}
