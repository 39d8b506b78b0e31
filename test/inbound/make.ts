import { readFileSync } from 'node:fs'
import { InboundRequest } from '../../server/inbound/request.ts'
import type { Refusal } from '../../server/inbound/refusal.ts'
import type { Verdict } from '../../server/inbound/verify.ts'

interface Made {
  readonly method?: string
  readonly url?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly rawHeaders?: readonly string[]
  readonly body?: string | Buffer
  readonly ip?: string
}

/** A request as the door would hand it over. */
export function makeRequest({
  method = 'POST',
  url = 'https://example.test/hooks/abc',
  path = url.includes('?') ? url.slice(url.indexOf('?')) : '',
  headers = {},
  rawHeaders = Object.entries(headers).flat(),
  body = '',
  ip = '192.0.2.1',
}: Made = {}): InboundRequest {
  return new InboundRequest({ method, url, path, rawHeaders, body: Buffer.from(body), ip })
}

export const reasonOf = (verdict: Verdict | Refusal): string => (verdict.ok ? 'accepted' : verdict.reason)

/** One case of `published-vectors.json` or `constructed-vectors.json`; each names its source there. */
export interface Vector {
  readonly id: string
  readonly provider: string
  readonly scheme: string
  readonly secret?: string
  readonly secret_hex?: string
  readonly public_key?: string | Readonly<Record<string, string>>
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly body_base64?: string
  /** Unix seconds. */
  readonly now: number | null
  readonly tolerance?: number
  readonly signature_header?: string
  readonly prefix?: string
  readonly webhook_id?: string
  readonly valid: boolean
}

export const corpus = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../corpora/${name}`, import.meta.url), 'utf8'))

export const vectors: readonly Vector[] = [
  ...(corpus('published-vectors.json') as Vector[]),
  ...(corpus('constructed-vectors.json') as Vector[]),
]

export const bodyOf = ({ body, body_base64 }: Pick<Vector, 'body' | 'body_base64'>): Buffer =>
  body_base64 === undefined ? Buffer.from(body) : Buffer.from(body_base64, 'base64')

export const requestOf = (vector: Vector): InboundRequest =>
  makeRequest({
    method: vector.method,
    url: vector.url,
    headers: vector.headers,
    body: bodyOf(vector),
  })

export const secretOf = ({ secret, secret_hex, public_key }: Vector): string =>
  secret ?? secret_hex ?? (typeof public_key === 'object' ? JSON.stringify(public_key) : (public_key ?? ''))

export const nowMsOf = ({ now }: Vector): number => (now ?? 1_700_000_000) * 1_000
