import { createHash, timingSafeEqual, verify as verifyWithKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import {
  nameSource,
  type SignatureAlgorithm,
  type SignatureScheme,
  type Source,
} from '../../nodes/contract/scheme.ts'
import { decode } from './encoding.ts'
import { type HashName, type Pieces, compileHmac, joinPieces } from './hmac.ts'
import { type Refusal, refuse } from './refusal.ts'
import type { InboundRequest } from './request.ts'
import { compileSignedText, type SignedText, type SignedValues } from './signed-text.ts'
import { textAt, textsAt } from './source.ts'
import { checkTimestamp } from './timestamp.ts'
import type { Verdict, Verifier } from './verify.ts'

/** The longest real one (RSA with its list of headers) is under 1 KB. */
const signatureLengthMax = 4_096
/** Providers send two while a secret is replaced; each more would cost one comparison per secret. */
const signaturesMax = 16
const idPattern = /^[\x21-\x7e]{1,256}$/

/** A secret that belongs to this scheme. */
export interface SchemeKey {
  readonly check: KeyObject
  readonly text: string
}

/** Turns a scheme into a function over requests; all that does not depend on the request is done here, once. */
export function compileSignature(scheme: SignatureScheme, keys: readonly SchemeKey[]): Verifier {
  const compiled = compileSignedText(scheme.signed)
  if (!compiled.ok) {
    const refusal = refuse(
      401,
      'scheme-unreadable',
      `The signed text holds ${compiled.unknown}, which stands for nothing. Use {body}, {timestamp}, {id}, {url} or {header:name}.`,
    )
    return { verify: () => refusal }
  }
  const { text } = compiled
  const checks = keys.map((key) => ({
    secret: key.text,
    matches: compileMatcher(scheme.algorithm, key.check),
  }))
  const bytesExpected = digestBytes[scheme.algorithm]
  return {
    verify(request, nowMs) {
      const found = findSignatures(scheme, request)
      if (!found.ok) return found
      const values = readValues(scheme, text, request, found.parts, nowMs)
      if (!values.ok) return values
      const signatures: Buffer[] = []
      for (const signature of found.signatures) {
        const bytes = decode(signature, scheme.encoding)
        if (bytes !== undefined && (bytesExpected ?? bytes.length) === bytes.length) signatures.push(bytes)
      }
      if (signatures.length === 0) return malformed(scheme, bytesExpected)
      const urls = scheme.urlPort === 'either' ? portForms(request.url) : [request.url]
      for (const { secret, matches } of checks) {
        for (const url of urls) {
          const pieces = text.pieces({ ...values.values, secret, url })
          if (matches(pieces, signatures)) return genuine
        }
      }
      return mismatch
    },
  }
}

const genuine: Verdict = { ok: true, verified: true }
const mismatch: Verdict = refuse(
  401,
  'signature-mismatch',
  'The signature does not match the body. The secret here is another one than the sender uses, or the body was changed on its way.',
)

const malformed = ({ from, prefix, encoding }: SignatureScheme, bytes: number | undefined): Refusal =>
  refuse(
    401,
    'signature-malformed',
    `No signature in ${places(from)} is ${bytes === undefined ? '' : `${bytes} bytes of `}${encoding}` +
      `${prefix === undefined ? '' : ` after "${prefix}"`}. Compare the sender's settings with the scheme chosen here.`,
  )

const places = (from: readonly Source[]): string => from.map(nameSource).join(' or ')

type Found =
  | {
      readonly ok: true
      readonly signatures: readonly string[]
      readonly parts: ReadonlyMap<string, readonly string[]>
    }
  | Refusal

const noParts: ReadonlyMap<string, readonly string[]> = new Map()

function findSignatures(scheme: SignatureScheme, request: InboundRequest): Found {
  const signatures: string[] = []
  let parts = noParts
  let present = false
  for (const source of scheme.from) {
    const texts = textsAt(source, { request })
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
): ReadonlyMap<string, readonly string[]> | undefined {
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

type Values = { readonly ok: true; readonly values: Omit<SignedValues, 'secret' | 'url'> } | Refusal

/** Reads what is signed beside the body. Whatever is missing, doubled or misshapen is refused before anything is computed. */
function readValues(
  scheme: SignatureScheme,
  text: SignedText,
  request: InboundRequest,
  parts: ReadonlyMap<string, readonly string[]>,
  nowMs: number,
): Values {
  const readable = { request, parts }
  let timestamp = ''
  let id = ''
  if (scheme.timestamp !== undefined) {
    const found = textAt(scheme.timestamp.from, readable)
    if (found === undefined || found === '') {
      return refuse(
        401,
        'timestamp-missing',
        `There is no single timestamp: ${nameSource(scheme.timestamp.from)}.`,
      )
    }
    const refusal = checkTimestamp(scheme.timestamp, found, nowMs)
    if (refusal !== undefined) return refusal
    timestamp = found
  }
  if (scheme.id !== undefined) {
    const found = textAt(scheme.id, readable)
    if (found === undefined || found === '') {
      return refuse(401, 'id-missing', `There is no single id: ${nameSource(scheme.id)}.`)
    }
    if (!idPattern.test(found) || (text.afterId !== '' && found.includes(text.afterId))) {
      return refuse(401, 'id-malformed', `The id in ${nameSource(scheme.id)} holds what no id may hold.`)
    }
    id = found
  }
  if (scheme.bodySha256 !== undefined) {
    const shown = decode(textAt(scheme.bodySha256, readable) ?? '', 'hex')
    const digest = createHash('sha256').update(request.body).digest()
    if (shown?.length !== digest.length || !timingSafeEqual(shown, digest)) {
      return refuse(
        401,
        'signature-mismatch',
        `${nameSource(scheme.bodySha256)} is not the SHA-256 of the body.`,
      )
    }
  }
  return { ok: true, values: { request, parts, timestamp, id } }
}

/** The URL without a port and with one, its own or its scheme's; all else stays as it is written. */
function portForms(url: string): readonly string[] {
  const [, start, authority, port, rest] = /^(https?:\/\/)([^/?#]*?)(:\d+)?((?:[/?#].*)?)$/s.exec(url) ?? []
  if (start === undefined) return [url]
  return ['', port ?? (start === 'https://' ? ':443' : ':80')].map(
    (form) => `${start}${authority}${form}${rest}`,
  )
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

type Matcher = (pieces: Pieces, signatures: readonly Buffer[]) => boolean

function compileMatcher(algorithm: SignatureAlgorithm, key: KeyObject): Matcher {
  if (algorithm === 'sha256' || hmacs[algorithm] !== undefined) {
    const digestOf = compileDigest(algorithm, key)
    return (pieces, signatures) => {
      const digest = digestOf(pieces)
      let matched = false
      // All are compared, so that the time does not tell which one matched.
      for (const signature of signatures) matched = timingSafeEqual(signature, digest) || matched
      return matched
    }
  }
  const hash = algorithm === 'ed25519' ? null : 'sha256'
  return (pieces, signatures) => {
    const signed = joinPieces(pieces)
    return signatures.some((signature) => verifyWithKey(hash, signed, key, signature))
  }
}

/** HMAC (or the plain hash, whose secret is among the pieces) over the pieces in order. */
export function compileDigest(algorithm: SignatureAlgorithm, key: KeyObject): (pieces: Pieces) => Buffer {
  const name = hmacs[algorithm]
  return name === undefined
    ? (pieces) => createHash('sha256').update(joinPieces(pieces)).digest()
    : compileHmac(name, key)
}

const hmacs: Partial<Record<SignatureAlgorithm, HashName>> = {
  'hmac-sha1': 'sha1',
  'hmac-sha256': 'sha256',
  'hmac-sha384': 'sha384',
  'hmac-sha512': 'sha512',
}
