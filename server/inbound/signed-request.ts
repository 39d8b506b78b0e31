/** Reads out of a request what a signature scheme needs; whatever is missing, doubled or misshapen is refused here. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Json } from '../../nodes/contract/json.ts'
import {
  type Condition,
  nameSource,
  type SignatureAlgorithm,
  type SignatureScheme,
  type Source,
} from '../../nodes/contract/scheme.ts'
import { decode } from './encoding.ts'
import { type Refusal, refuse } from './refusal.ts'
import type { InboundRequest } from './request.ts'
import type { SignedText } from './signed-text.ts'
import { holds, textAt, textsAt } from './source.ts'
import { checkTimestamp } from './timestamp.ts'

/** The longest real one (RSA with its list of headers) is under 1 KB. */
const signatureLengthMax = 4_096
/** Providers send two while a secret is replaced; each more would cost one comparison per secret. */
const signaturesMax = 16
const idPattern = /^[\x21-\x7e]{1,256}$/

type PartsFound = ReadonlyMap<string, readonly string[]>

export interface SignedRequest {
  readonly ok: true
  /** Decoded; at least one, each as long as the algorithm makes them. */
  readonly signatures: readonly Buffer[]
  readonly request: InboundRequest
  readonly parts: PartsFound
  readonly fields: Json | undefined
  readonly timestamp: string
  readonly id: string
}

/** @param fields where paths into the body start, when that is an item of it */
export function readSigned(
  scheme: SignatureScheme,
  text: SignedText,
  request: InboundRequest,
  nowMs: number,
  fields?: Json,
): SignedRequest | Refusal {
  const found = findSignatures(scheme, request, fields)
  if (!found.ok) return found
  if (scheme.when !== undefined && !holds(scheme.when, { request, fields })) return otherWay(scheme.when)
  const { parts } = found
  const readable = { request, parts, fields }
  const timestamp = readTimestamp(scheme, readable, nowMs)
  if (typeof timestamp !== 'string') return timestamp
  const id = readIdentity(scheme, text, readable)
  if (typeof id !== 'string') return id
  if (scheme.bodySha256 !== undefined && !isHashOfBody(scheme.bodySha256, readable)) {
    const place = nameSource(scheme.bodySha256)
    return refuse(401, 'signature-mismatch', `${place} is not the SHA-256 of the body.`)
  }
  const missing = text.missing(readable)
  if (missing !== undefined) {
    return refuse(401, 'signed-part-missing', `The signature covers ${missing}, which is not there once.`)
  }
  if (scheme.requires !== undefined && !holds(scheme.requires, readable)) return otherWay(scheme.requires)
  const signatures = decodeSignatures(scheme, found.signatures)
  return signatures.length === 0
    ? malformed(scheme)
    : { ok: true, signatures, request, parts, fields, timestamp, id }
}

const otherWay = (conditions: readonly Condition[]): Refusal =>
  refuse(
    401,
    'signature-malformed',
    `${conditions.map(({ from }) => nameSource(from)).join(', ')}: this is no way of signing that is known of this sender.`,
  )

/** Whether something at the scheme's place has its form, whether or not it is right. */
export function hasForm(scheme: SignatureScheme, request: InboundRequest): boolean {
  const found = findSignatures(scheme, request)
  return found.ok && decodeSignatures(scheme, found.signatures).length > 0
}

function decodeSignatures(
  { encoding, algorithm }: SignatureScheme,
  texts: readonly string[],
): readonly Buffer[] {
  const signatures: Buffer[] = []
  const expected = digestBytes[algorithm]
  for (const text of texts) {
    const bytes = decode(text, encoding)
    if (bytes !== undefined && bytes.length === (expected ?? bytes.length) && bytes.length > 0) {
      signatures.push(bytes)
    }
  }
  return signatures
}

const malformed = ({ from, prefix, encoding, algorithm }: SignatureScheme): Refusal => {
  const bytes = digestBytes[algorithm]
  return refuse(
    401,
    'signature-malformed',
    `No signature in ${places(from)} is ${bytes === undefined ? '' : `${bytes} bytes of `}${encoding}` +
      `${prefix === undefined ? '' : ` after "${prefix}"`}. Compare the sender's settings with the scheme chosen here.`,
  )
}

const places = (from: readonly Source[]): string => from.map(nameSource).join(' or ')

type Found =
  { readonly ok: true; readonly signatures: readonly string[]; readonly parts: PartsFound } | Refusal

const noParts: PartsFound = new Map()

function findSignatures(scheme: SignatureScheme, request: InboundRequest, fields?: Json): Found {
  const signatures: string[] = []
  let parts = noParts
  let present = false
  for (const source of scheme.from) {
    const texts = textsAt(source, { request, fields })
    const value = texts[0]
    if (value === undefined) continue
    present = true
    // A proxy may have joined two headers into one: nobody can tell which of them the sender meant.
    if (texts.length > 1 || (value.includes(', ') && scheme.parts?.separator !== ', ')) {
      return refuse(401, 'signature-repeated', `${places([source])} came more than once. Send it once.`)
    }
    if (value.length > signatureLengthMax) {
      return refuse(
        401,
        'signature-malformed',
        `${places([source])} is over ${signatureLengthMax} characters long.`,
      )
    }
    if (scheme.parts === undefined) {
      signatures.push(value)
      continue
    }
    const split = splitParts(value, scheme.parts)
    if (split === undefined) {
      const { separator, assign, signature } = scheme.parts
      const form = `name${assign}value${separator}${signature}${assign}signature`
      return refuse(401, 'signature-malformed', `${places([source])} is no list like "${form}".`)
    }
    parts = split
    signatures.push(...(split.get(scheme.parts.signature) ?? []))
  }
  if (!present || (signatures.length === 1 && signatures[0] === '')) {
    return refuse(
      401,
      'signature-missing',
      `${places(scheme.from)} is missing. Set the secret at the sender too, so that it signs what it sends.`,
    )
  }
  if (signatures.length > signaturesMax) {
    return refuse(
      401,
      'signature-malformed',
      `There are more than ${signaturesMax} signatures in one request.`,
    )
  }
  const { prefix = '' } = scheme
  const bare = signatures.filter((text) => text.startsWith(prefix)).map((text) => text.slice(prefix.length))
  return { ok: true, signatures: bare, parts }
}

/** The pieces of a list by their names; `undefined` when one has no name: an empty or torn piece is not what the sender wrote. */
export function splitParts(
  value: string,
  { separator, assign }: { readonly separator: string; readonly assign: string },
): PartsFound | undefined {
  const parts = new Map<string, string[]>()
  for (const item of value.split(separator)) {
    const at = item.indexOf(assign)
    if (at === -1) return undefined
    const name = item.slice(0, at)
    const same = parts.get(name)
    if (same === undefined) parts.set(name, [item.slice(at + assign.length)])
    else same.push(item.slice(at + assign.length))
  }
  return parts
}

type ReadableParts = {
  readonly request: InboundRequest
  readonly parts: PartsFound
  readonly fields: Json | undefined
}

function readTimestamp(
  { timestamp }: SignatureScheme,
  readable: ReadableParts,
  nowMs: number,
): string | Refusal {
  if (timestamp === undefined) return ''
  const found = textAt(timestamp.from, readable)
  if (found === undefined || found === '') {
    return timestamp.optional === true && textsAt(timestamp.from, readable).length === 0
      ? ''
      : refuse(401, 'timestamp-missing', `There is no single timestamp: ${nameSource(timestamp.from)}.`)
  }
  return checkTimestamp(timestamp, found, nowMs) ?? found
}

function readIdentity({ id }: SignatureScheme, text: SignedText, readable: ReadableParts): string | Refusal {
  if (id === undefined) return ''
  const found = textAt(id, readable)
  if (found === undefined || found === '') {
    return refuse(401, 'id-missing', `There is no single id: ${nameSource(id)}.`)
  }
  if (!idPattern.test(found) || (text.afterId !== '' && found.includes(text.afterId))) {
    return refuse(401, 'id-malformed', `The id in ${nameSource(id)} holds what no id may hold.`)
  }
  return found
}

function isHashOfBody(place: Source, readable: ReadableParts): boolean {
  const shown = decode(textAt(place, readable) ?? '', 'hex')
  const digest = createHash('sha256').update(readable.request.body).digest()
  return shown?.length === digest.length && timingSafeEqual(shown, digest)
}

/** Absent: the length depends on the key. */
const digestBytes: Partial<Record<SignatureAlgorithm, number>> = {
  'hmac-sha1': 20,
  'hmac-sha256': 32,
  'hmac-sha384': 48,
  'hmac-sha512': 64,
  sha256: 32,
  ed25519: 64,
}
