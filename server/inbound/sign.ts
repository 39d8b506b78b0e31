import { sign as signWithKey } from 'node:crypto'
import {
  type JwtScheme,
  type Scheme,
  type SignatureScheme,
  type Source,
  nameSource,
} from '../../nodes/contract/scheme.ts'
import { readKey } from './keys.ts'
import { InboundRequest } from './request.ts'
import { joinPieces } from './hmac.ts'
import { compileDigest } from './signature.ts'
import { compileSignedText } from './signed-text.ts'
import { writeTime } from './timestamp.ts'

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

/** Headers that replace those of the same name, and parameters to add to the URL. */
export type Signed =
  | {
      readonly ok: true
      readonly headers: { readonly [name: string]: string }
      readonly query: { readonly [name: string]: string }
    }
  | { readonly ok: false; readonly detail: string }

/**
 * Signs a request as its provider would, from the same data that `verify` reads: what this makes, the same scheme and
 * secret accept. A scheme whose private key only the sender has, or whose signature stands in the body, cannot be signed.
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
        scheme.from[0],
        scheme.authScheme === undefined ? secret : `${scheme.authScheme} ${secret}`,
      )
    case 'basic': {
      const pair = scheme.username === undefined ? secret : `${scheme.username}:${secret}`
      return place({ header: 'authorization' }, `Basic ${Buffer.from(pair).toString('base64')}`)
    }
    case 'jwt':
      return signJwt(scheme, secret, nowMs)
    case 'signature':
      return signSignature(scheme, secret, unsigned, nowMs)
    case 'none':
      break
  }
  return { ok: true, headers: {}, query: {} }
}

function place(source: Source | undefined, text: string): Signed {
  if (source !== undefined && 'header' in source) {
    return { ok: true, headers: { [source.header]: text }, query: {} }
  }
  if (source !== undefined && 'query' in source)
    return { ok: true, headers: {}, query: { [source.query]: text } }
  return cannot(
    `${source === undefined ? 'nowhere' : nameSource(source)} is no place that can be signed from outside`,
  )
}

const cannot = (why: string): Signed => ({
  ok: false,
  detail: `A sample cannot be signed: ${why}. Send one from the provider itself.`,
})

async function signJwt(scheme: JwtScheme, secret: string, nowMs: number): Promise<Signed> {
  const [algorithm = 'HS256'] = scheme.algorithms
  if (!algorithm.startsWith('HS') || secret.startsWith('-----BEGIN') || secret.startsWith('{')) {
    return cannot('the private key is only at the sender')
  }
  const { SignJWT } = await import('jose')
  const seconds = Math.floor(nowMs / 1_000)
  const token = new SignJWT({})
    .setProtectedHeader({ alg: algorithm })
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + 300)
  if (scheme.issuer !== undefined) token.setIssuer(scheme.issuer)
  if (scheme.audience !== undefined) token.setAudience(scheme.audience)
  const text = await token.sign(new TextEncoder().encode(secret))
  return place(scheme.from, scheme.authScheme === undefined ? text : `${scheme.authScheme} ${text}`)
}

function signSignature(scheme: SignatureScheme, secret: string, unsigned: Unsigned, nowMs: number): Signed {
  const key = readKey(secret, scheme.key, scheme.algorithm)
  if (!key.ok) return { ok: false, detail: key.detail }
  if (key.sign === undefined) return cannot('the private key is only at the sender')
  const text = compileSignedText(scheme.signed)
  if (!text.ok) return cannot(`the signed text holds ${text.unknown}, which stands for nothing`)

  const headers: Record<string, string> = {}
  const parts = new Map<string, readonly string[]>()
  const give = (source: Source, value: string): boolean => {
    if ('header' in source) headers[source.header] = value
    else if ('part' in source) parts.set(source.part, [value])
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

  const rawHeaders = Object.entries({ ...unsigned.headers, ...headers }).flat()
  const request = new InboundRequest({ ...unsigned, rawHeaders, ip: '' })
  const pieces = text.text.pieces({ request, parts, timestamp, id, secret, url: unsigned.url })
  const isHmac = scheme.algorithm.startsWith('hmac-') || scheme.algorithm === 'sha256'
  const bytes = isHmac
    ? compileDigest(scheme.algorithm, key.sign)(pieces)
    : signWithKey(scheme.algorithm === 'ed25519' ? null : 'sha256', joinPieces(pieces), key.sign)
  const placed = place(
    scheme.from[0],
    inParts(scheme, parts, `${scheme.prefix ?? ''}${bytes.toString(scheme.encoding)}`),
  )
  return placed.ok ? { ...placed, headers: { ...headers, ...placed.headers } } : placed
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
