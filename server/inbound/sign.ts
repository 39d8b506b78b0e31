import { createHash, sign as signWithKey } from 'node:crypto'
import {
  type JwtScheme,
  type Scheme,
  type SignatureScheme,
  type Source,
  nameSource,
} from '../../nodes/contract/scheme.ts'
import { joinPieces } from './hmac.ts'
import { type Key, readKey } from './keys.ts'
import { putTextInto } from './put-text.ts'
import { InboundRequest } from './request.ts'
import { compileDigest, hashOf } from './signature.ts'
import { type SignedText, compileSignedText } from './signed-text.ts'
import { holds, valuesAt } from './source.ts'
import { writeTime } from './timestamp.ts'
import type { Json } from '../../nodes/contract/json.ts'

/** A request before its sender signed it. */
export interface Unsigned {
  readonly method: string
  /** The hook's public URL, with the query. */
  readonly url: string
  readonly path: string
  readonly headers: { readonly [name: string]: string }
  readonly body: Buffer
  /** For schemes that sign an id which the headers do not hold yet. */
  readonly id: string
}

/** Headers that replace those of the same name, parameters to add to the URL, and the body, where the signature stands in it. */
export type Signed =
  | {
      readonly ok: true
      readonly headers: { readonly [name: string]: string }
      readonly query: { readonly [name: string]: string }
      readonly body: Buffer
    }
  | { readonly ok: false; readonly detail: string }

/**
 * Signs a request as its provider would, from the same data that `verify` reads: what this makes, the same scheme and
 * secret accept. What stands in the body is put where the body has such a field. A scheme whose private key only the sender
 * has cannot be signed.
 */
export async function sign(
  scheme: Scheme,
  secret: string,
  unsigned: Unsigned,
  nowMs: number,
): Promise<Signed> {
  switch (scheme.kind) {
    case 'token':
      return place(
        unsigned.body,
        scheme.from[0],
        scheme.authScheme === undefined ? secret : `${scheme.authScheme} ${secret}`,
      )
    case 'basic': {
      const pair = scheme.username === undefined ? secret : `${scheme.username}:${secret}`
      return place(
        unsigned.body,
        { header: 'authorization' },
        `Basic ${Buffer.from(pair).toString('base64')}`,
      )
    }
    case 'jwt':
      return signJwt(scheme, secret, unsigned, nowMs)
    case 'signature':
      return signSignature(wayFor(scheme, unsigned), secret, unsigned, nowMs)
    case 'ask':
      return cannot('only the sender knows what it sent')
    case 'none':
      break
  }
  return { ok: true, headers: {}, query: {}, body: unsigned.body }
}

function place(body: Buffer, source: Source | undefined, text: string): Signed {
  const signed = { ok: true, headers: {}, query: {}, body } as const
  if (source !== undefined && 'header' in source) return { ...signed, headers: { [source.header]: text } }
  if (source !== undefined && 'query' in source) return { ...signed, query: { [source.query]: text } }
  if (source !== undefined && 'body' in source) {
    return { ...signed, body: putTextInto(body, source.body, text) }
  }
  return cannot(
    `${source === undefined ? 'nowhere' : nameSource(source)} is no place that can be signed from outside`,
  )
}

const cannot = (why: string): Signed => ({
  ok: false,
  detail: `A sample cannot be signed: ${why}. Send one from the provider itself.`,
})
const ownKey = 'the private key is only at the sender'

async function signJwt(
  scheme: JwtScheme,
  secret: string,
  { body }: Unsigned,
  nowMs: number,
): Promise<Signed> {
  const [algorithm = 'HS256'] = scheme.algorithms
  const isText = !secret.startsWith('-----BEGIN') && !secret.startsWith('{')
  if (scheme.keys !== undefined || !algorithm.startsWith('HS') || !isText) return cannot(ownKey)
  const { SignJWT } = await import('jose')
  const seconds = Math.floor(nowMs / 1_000)
  const claim = scheme.bodySha256Claim
  const hash = claim === undefined ? {} : { [claim]: createHash('sha256').update(body).digest('hex') }
  const token = new SignJWT(hash)
    .setProtectedHeader({ alg: algorithm })
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + 300)
  const [issuer] = [scheme.issuer ?? []].flat()
  if (issuer !== undefined) token.setIssuer(issuer)
  if (scheme.audience !== undefined) token.setAudience(scheme.audience)
  const text = await token.sign(new TextEncoder().encode(secret))
  return place(body, scheme.from, scheme.authScheme === undefined ? text : `${scheme.authScheme} ${text}`)
}

/** Of several ways, the first that fits the request as it is. */
function wayFor(scheme: SignatureScheme, unsigned: Unsigned): SignatureScheme {
  const { when = [], otherwise, signed } = scheme
  if (otherwise === undefined) return scheme
  const request = new InboundRequest({
    ...unsigned,
    rawHeaders: Object.entries(unsigned.headers).flat(),
    ip: '',
  })
  const compiled = compileSignedText(signed)
  const lacks = compiled.ok && compiled.text.missing({ request }) !== undefined
  return holds(when, { request }) && !lacks ? scheme : wayFor(otherwise, unsigned)
}

type ReadKey = Extract<Key, { ok: true }>

function signSignature(scheme: SignatureScheme, secret: string, unsigned: Unsigned, nowMs: number): Signed {
  if (scheme.certificate !== undefined) return cannot(ownKey)
  const key = readKey(secret, scheme.key, scheme.algorithm)
  if (!key.ok) return { ok: false, detail: key.detail }
  const compiled = compileSignedText(scheme.signed)
  if (!compiled.ok) return cannot(`the signed text holds ${compiled.unknown}, which stands for nothing`)
  const { text } = compiled
  const { each } = scheme
  if (each === undefined) return signOne(scheme, { key, text, unsigned, nowMs })
  const fields = JSON.parse(unsigned.body.toString('utf8')) as Json
  let body = unsigned.body
  for (const [at, item] of valuesAt(fields, [...each.split('.'), '*']).entries()) {
    const path = (source: Source): Source =>
      'body' in source ? { body: `${each}.${at}.${source.body}` } : source
    const own = { ...scheme, from: scheme.from.map(path) }
    const signed = signOne(own, { key, text, unsigned: { ...unsigned, body }, nowMs, fields: item })
    if (!signed.ok) return signed
    body = signed.body
  }
  return { ok: true, headers: {}, query: {}, body }
}

function signOne(
  scheme: SignatureScheme,
  {
    key,
    text,
    unsigned,
    nowMs,
    fields,
  }: {
    readonly key: ReadKey
    readonly text: SignedText
    readonly unsigned: Unsigned
    readonly nowMs: number
    readonly fields?: Json
  },
): Signed {
  if (key.sign === undefined) return cannot(ownKey)
  const headers: Record<string, string> = {}
  const parts = new Map<string, readonly string[]>()
  let { body } = unsigned
  const give = (source: Source, value: string): boolean => {
    if ('header' in source) headers[source.header] = value
    else if ('part' in source) parts.set(source.part, [value])
    else if ('body' in source) body = putTextInto(body, source.body, value)
    else return false
    return true
  }
  const timestamp = scheme.timestamp === undefined ? '' : writeTime(scheme.timestamp, nowMs)
  if (scheme.timestamp !== undefined && !give(scheme.timestamp.from, timestamp)) {
    return cannot(`its time is ${nameSource(scheme.timestamp.from)}`)
  }
  const idHeader =
    scheme.id !== undefined && 'header' in scheme.id ? unsigned.headers[scheme.id.header] : undefined
  const id = idHeader ?? unsigned.id
  if (scheme.id !== undefined && !give(scheme.id, id)) return cannot(`its id is ${nameSource(scheme.id)}`)

  const query = hashOfBody(scheme, body)
  const parameters = new URLSearchParams(query).toString()
  const url = `${unsigned.url}${parameters === '' ? '' : `${unsigned.url.includes('?') ? '&' : '?'}${parameters}`}`
  const rawHeaders = Object.entries({ ...unsigned.headers, ...headers }).flat()
  const request = new InboundRequest({ ...unsigned, body, rawHeaders, ip: '' })
  const pieces = text.pieces({ request, parts, fields, timestamp, id, secret: key.text, url })
  const isHmac = scheme.algorithm.startsWith('hmac-') || scheme.algorithm === 'sha256'
  const bytes = isHmac
    ? compileDigest(scheme.algorithm, key.sign)(pieces)
    : signWithKey(hashOf(scheme.algorithm), joinPieces(pieces), key.sign)
  const written = inParts(scheme, parts, `${scheme.prefix ?? ''}${bytes.toString(scheme.encoding)}`)
  const placed = place(body, scheme.from[0], written)
  return placed.ok
    ? { ...placed, headers: { ...headers, ...placed.headers }, query: { ...query, ...placed.query } }
    : placed
}

function hashOfBody({ bodySha256 }: SignatureScheme, body: Buffer): Readonly<Record<string, string>> {
  return bodySha256 !== undefined && 'query' in bodySha256
    ? { [bodySha256.query]: createHash('sha256').update(body).digest('hex') }
    : {}
}

/** `t=1,v1=…`: what else stands in the signature's header comes first, as providers have it. */
function inParts(
  { parts: form }: SignatureScheme,
  parts: ReadonlyMap<string, readonly string[]>,
  signature: string,
): string {
  if (form === undefined) return signature
  return [
    ...[...parts].map(([name, [value = '']]) => [name, value] as const),
    [form.signature, signature] as const,
  ]
    .map(([name, value]) => `${name}${form.assign}${value}`)
    .join(form.separator)
}
