import { createHash, type KeyObject, timingSafeEqual, verify } from 'node:crypto'
import { promisify } from 'node:util'
import type { Json } from '../../nodes/contract/json.ts'
import type { SignatureAlgorithm, SignatureScheme } from '../../nodes/contract/scheme.ts'
import { type HashName, type Pieces, compileHmac, joinPieces } from './hmac.ts'
import { refuse } from './refusal.ts'
import type { InboundRequest } from './request.ts'
import { type SignedRequest, readSigned } from './signed-request.ts'
import { type SignedText, compileSignedText } from './signed-text.ts'
import { type Soon, andThen, someSoon } from './soon.ts'
import { valuesAt } from './source.ts'
import { compileUrlForms } from './url-forms.ts'
import type { Verdict, Verifier } from './verify.ts'

/** A secret that belongs to this scheme. */
export interface SchemeKey {
  readonly check: KeyObject
  readonly text: string
}

/** Of a list whose items are signed one by one: more than any provider puts into one request. */
const itemsMax = 100

/** Turns a scheme into a function over requests; all that does not depend on the request is done here, once. */
export function compileSignature(scheme: SignatureScheme, keys: readonly SchemeKey[]): Verifier {
  const compiled = compileSignedText(scheme.signed)
  if (!compiled.ok) return unreadable(compiled.unknown)
  const { text } = compiled
  const checks = keys.map(({ text, check }) => ({
    secret: text,
    matches: compileMatcher(scheme.algorithm, check),
  }))
  const compare = compileComparison(scheme, text)
  const judge = (request: InboundRequest, nowMs: number, fields?: Json): Soon<Verdict> => {
    const signed = readSigned(scheme, text, request, nowMs, fields)
    if (!signed.ok) return signed
    const matched = someSoon(checks, ({ secret, matches }) => compare(signed, secret, matches))
    return andThen(matched, (matched) => (matched ? genuine : mismatch))
  }
  const { each } = scheme
  return {
    verify: each === undefined ? judge : (request, nowMs) => judgeItems(request, nowMs, each, judge),
  }
}

export const unreadable = (unknown: string): Verifier => {
  const refusal = refuse(
    401,
    'scheme-unreadable',
    `The signed text holds ${unknown}, which stands for nothing. Use {body}, {timestamp}, {id}, {url} or {header:name}.`,
  )
  return { verify: () => refusal }
}

export const genuine: Verdict = { ok: true, verified: true }
export const mismatch: Verdict = refuse(
  401,
  'signature-mismatch',
  'The signature does not match the body. The secret here is another one than the sender uses, or the body was changed on its way.',
)

/** Every item must be genuine, and there must be one. */
async function judgeItems(
  request: InboundRequest,
  nowMs: number,
  each: string,
  judge: (request: InboundRequest, nowMs: number, fields: Json) => Soon<Verdict>,
): Promise<Verdict> {
  const [list] = valuesAt(request.fields, each.split('.'))
  if (!Array.isArray(list) || list.length === 0 || list.length > itemsMax) {
    const detail = `"${each}" in the body is no list of 1 to ${itemsMax} signed items.`
    return refuse(401, 'signature-missing', detail)
  }
  for (const item of list as readonly Json[]) {
    const verdict = await judge(request, nowMs, item)
    if (!verdict.ok) return verdict
  }
  return genuine
}

type Matcher = (pieces: Pieces, signatures: readonly Buffer[]) => Soon<boolean>

/** Whether a key makes one of the signatures over what this request says, in any form of its URL. */
export function compileComparison(
  scheme: SignatureScheme,
  text: SignedText,
): (signed: SignedRequest, secret: string, matches: Matcher) => Soon<boolean> {
  const urlForms = compileUrlForms(scheme.urlForms ?? [])
  return (signed, secret, matches) =>
    someSoon(urlForms(signed.request.url), (url) =>
      matches(text.pieces({ ...signed, secret, url }), signed.signatures),
    )
}

/** By a thread of the pool: one check takes up to 0.2 ms, in which the door serves others. */
const verifyBeside = promisify(verify)

export function compileMatcher(algorithm: SignatureAlgorithm, key: KeyObject): Matcher {
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
  const hash = hashOf(algorithm)
  return (pieces, signatures) => {
    const signed = joinPieces(pieces)
    return someSoon(signatures, (signature) => verifyBeside(hash, signed, key, signature))
  }
}

/** What is hashed before it is signed with a private key; ed25519 hashes by itself. */
export const hashOf = (algorithm: SignatureAlgorithm): 'sha1' | 'sha256' | null =>
  algorithm === 'ed25519' ? null : algorithm === 'rsa-sha1' ? 'sha1' : 'sha256'

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
