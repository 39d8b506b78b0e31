/** Looks through a request for what may be a signature, a time or an id, wherever the settings look for them. */
import type { Encoding, Parts, Source, TimestampRule } from '../../../nodes/contract/scheme.ts'
import { decode } from '../encoding.ts'
import { masked } from '../mask.ts'
import type { InboundRequest } from '../request.ts'

/** A text that has the form of a signature. */
export interface Reading {
  readonly from: Source
  readonly parts: Parts | undefined
  readonly prefix: string | undefined
  readonly encoding: Encoding
  readonly bytes: number
  /** The names of the list's other pieces that hold a time. */
  readonly times: readonly Source[]
}

/** More would be no request of a sender's. */
const readingsMax = 12
const textLengthMax = 1_024
/** What SHA-1, SHA-256, SHA-384 and SHA-512 make. */
const digestBytes: ReadonlySet<number> = new Set([20, 32, 48, 64])
const encodings = ['hex', 'base64', 'base64url'] as const
/** Names that are told by their look; the rest is looked at all the same, later. */
const signatureName = /sig|hmac|hash|digest|sha\d/i
/** They hold digests, and prove nothing. */
const strangers: ReadonlySet<string> = new Set([
  'etag',
  'if-none-match',
  'cookie',
  'traceparent',
  'content-digest',
])

export function readingsIn(request: InboundRequest): readonly Reading[] {
  const headers = Object.entries(request.headers).map(([header, text]) => ({
    from: { header },
    name: header,
    text,
  }))
  const query = [...request.query].map(([name, text]) => ({ from: { query: name }, name, text }))
  const named = [...headers, ...query].filter(
    ({ name, text }) => !strangers.has(name) && text.length <= textLengthMax && !text.includes(masked),
  )
  const likelier = named.toSorted(
    (a, b) => Number(signatureName.test(b.name)) - Number(signatureName.test(a.name)),
  )
  return likelier.flatMap(({ from, text }) => read(from, text)).slice(0, readingsMax)
}

function read(from: Source, text: string): readonly Reading[] {
  const none = { from, parts: undefined, times: [] }
  const bare = encodingsOf(text).map((each) => ({ ...none, prefix: undefined, ...each }))
  if (bare.length > 0) return bare
  const [, prefix = '', rest = ''] = /^([\w.-]{1,16}[=:,])(.+)$/s.exec(text) ?? []
  const prefixed = encodingsOf(rest).map((each) => ({ ...none, prefix, ...each }))
  return prefixed.length > 0 ? prefixed : readList(from, text)
}

const lists = [
  { separator: ',', assign: '=' },
  { separator: ';', assign: '=' },
  { separator: ' ', assign: ',' },
  { separator: '&', assign: '=' },
] as const

function readList(from: Source, text: string): readonly Reading[] {
  for (const { separator, assign } of lists) {
    const pieces = text.split(separator).map((piece) => {
      const at = piece.indexOf(assign)
      return { name: piece.slice(0, Math.max(at, 0)).trim(), value: piece.slice(at + assign.length) }
    })
    if (pieces.some(({ name }) => name === '')) continue
    const times = pieces
      .filter(({ value }) => unitOf(value) !== undefined)
      .map(({ name }) => ({ part: name }))
    const found = pieces.flatMap(({ name, value }) =>
      encodingsOf(value).map((each) => {
        const parts = { separator, assign, signature: name }
        return { from, parts, prefix: undefined, times, ...each }
      }),
    )
    if (found.length > 0) return found
  }
  return []
}

function encodingsOf(text: string): readonly { readonly encoding: Encoding; readonly bytes: number }[] {
  const read = encodings.flatMap((encoding) => {
    const bytes = decode(text, encoding)?.length ?? 0
    return digestBytes.has(bytes) ? [{ encoding, bytes }] : []
  })
  // Without "+", "/" and "=" a text is the same in either base64.
  return read.filter(({ encoding }, at) => encoding !== 'base64url' || at === 0)
}

/** How a time is written; `undefined` when the text is none. */
export function unitOf(text: string): TimestampRule['unit'] | undefined {
  if (/^\d{10}$/.test(text)) return 'seconds'
  if (/^\d{13}$/.test(text)) return 'milliseconds'
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(text) ? 'rfc3339' : undefined
}

const placesMax = 3

/** Headers that hold a time, those that are named so first. */
export function timesIn(request: InboundRequest): readonly Source[] {
  return Object.entries(request.headers)
    .filter(([, text]) => unitOf(text) !== undefined)
    .toSorted(([a], [b]) => Number(/time|date/.test(b)) - Number(/time|date/.test(a)))
    .slice(0, placesMax)
    .map(([header]) => ({ header }))
}

/** Headers that name the delivery, as far as their own names tell. */
export function idsIn(request: InboundRequest): readonly Source[] {
  return Object.entries(request.headers)
    .filter(
      ([name, text]) =>
        /(?:^|[-_])(?:id|delivery|uuid|nonce)$/.test(name) && /^[\x21-\x7e]{1,256}$/.test(text),
    )
    .slice(0, placesMax)
    .map(([header]) => ({ header }))
}
