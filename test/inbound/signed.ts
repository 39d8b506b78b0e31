/** Every scheme with two secrets, and requests that `sign` made for them: what `verify*.test.ts` share. */
import { generateKeyPairSync } from 'node:crypto'
import type { Scheme, VerificationSettings } from '../../nodes/contract/scheme.ts'
import { schemesOf } from '../../nodes/providers/index.ts'
import type { InboundRequest } from '../../server/inbound/request.ts'
import { sign } from '../../server/inbound/sign.ts'
import { compileVerifier } from '../../server/inbound/verify.ts'
import { makeRequest, reasonOf } from './make.ts'

export const nowMs = 1_700_000_000_000
export const body = '{"id":"evt_1","text":"héllo 🦀"}'
export const whsec = (letter: string) => `whsec_${Buffer.from(letter.repeat(32)).toString('base64')}`

/** A private key in the form of Standard Webhooks: seed, then public key. */
function whsk(): string {
  const { privateKey } = generateKeyPairSync('ed25519')
  const { d = '', x = '' } = privateKey.export({ format: 'jwk' })
  return `whsk_${Buffer.concat([Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')]).toString('base64')}`
}

export interface Case {
  readonly name: string
  readonly settings: VerificationSettings
  readonly secrets: readonly [string, string]
}

export const text = ['a-long-shared-secret', 'another-shared-secret'] as const
export const cases: readonly Case[] = [
  { name: 'github', settings: { scheme: 'github' }, secrets: text },
  { name: 'github sha256 only', settings: { scheme: 'github', variant: 'sha256' }, secrets: text },
  { name: 'stripe', settings: { scheme: 'stripe' }, secrets: ['whsec_one', 'whsec_two'] },
  { name: 'slack', settings: { scheme: 'slack' }, secrets: text },
  { name: 'shopify', settings: { scheme: 'shopify' }, secrets: text },
  { name: 'meta', settings: { scheme: 'meta' }, secrets: text },
  { name: 'gitlab token', settings: { scheme: 'gitlab' }, secrets: text },
  { name: 'gitlab signing', settings: { scheme: 'gitlab' }, secrets: [whsec('a'), whsec('b')] },
  {
    name: 'standard-webhooks v1',
    settings: { scheme: 'standard-webhooks' },
    secrets: [whsec('a'), whsec('b')],
  },
  { name: 'standard-webhooks v1a', settings: { scheme: 'standard-webhooks' }, secrets: [whsk(), whsk()] },
  { name: 'svix v1', settings: { scheme: 'svix' }, secrets: [whsec('a'), whsec('b')] },
  { name: 'svix v1a', settings: { scheme: 'svix' }, secrets: [whsk(), whsk()] },
  ...(['sha1', 'sha256', 'sha384', 'sha512'] as const).map((algorithm) => ({
    name: `hmac ${algorithm}`,
    settings: { scheme: 'hmac', header: 'X-Sig', algorithm, encoding: 'base64' as const },
    secrets: text,
  })),
  {
    name: 'hmac with every knob',
    settings: {
      scheme: 'hmac',
      header: 'X-Acme',
      parts: { separator: ';', assign: ':', signature: 'sig', timestamp: 'at' },
      signed: '{method}|{id}|{timestamp}|{header:x-kind}|{body}',
      algorithm: 'sha512',
      encoding: 'base64url',
      prefix: 'v2.',
      key: 'base64',
      id: 'header:X-Id',
      timestamp: { unit: 'milliseconds', toleranceSeconds: 60 },
    },
    secrets: [Buffer.from('first key').toString('base64'), Buffer.from('second key').toString('base64')],
  },
  {
    name: 'hmac with a timestamp in RFC 3339',
    settings: { scheme: 'hmac', timestamp: { from: 'x-time', unit: 'rfc3339' } },
    secrets: text,
  },
  { name: 'bearer', settings: { scheme: 'bearer' }, secrets: text },
  { name: 'api-key in a header', settings: { scheme: 'api-key' }, secrets: text },
  { name: 'api-key in the query', settings: { scheme: 'api-key', query: 'key' }, secrets: text },
  { name: 'basic', settings: { scheme: 'basic' }, secrets: ['ada:pass:word', 'ada:other'] },
  { name: 'basic with a user name', settings: { scheme: 'basic', username: 'ada' }, secrets: ['one', 'two'] },
  { name: 'jwt', settings: { scheme: 'jwt', issuer: 'acme', audience: 'us' }, secrets: text },
]

/** The scheme that a secret belongs to. */
export function schemeOf(settings: VerificationSettings, secret: string): Scheme {
  const scheme = schemesOf(settings).find(({ secretPrefix = '' }) => secret.startsWith(secretPrefix))
  if (scheme === undefined) throw new Error(`no scheme of ${settings.scheme} takes this secret`)
  return scheme
}

export async function signedRequest(
  settings: VerificationSettings,
  secret: string,
  atMs = nowMs,
): Promise<InboundRequest> {
  const unsigned = {
    method: 'POST',
    url: 'https://example.test/hooks/abc',
    path: '',
    headers: { 'x-kind': 'order' },
    body: Buffer.from(body),
    id: 'msg_1',
  }
  const signed = await sign(schemeOf(settings, secret), secret, unsigned, atMs)
  if (!signed.ok) throw new Error(signed.detail)
  const query = new URLSearchParams(signed.query).toString()
  return makeRequest({
    path: query === '' ? '' : `?${query}`,
    headers: { ...unsigned.headers, ...signed.headers },
    body,
  })
}

export const judge = async (
  settings: VerificationSettings,
  secrets: readonly string[],
  request: InboundRequest,
  now = nowMs,
) => reasonOf(await compileVerifier(settings, secrets).verify(request, now))

export const coversBody = ({ settings, secrets }: Case) => schemeOf(settings, secrets[0]).kind === 'signature'
export const hasTime = ({ settings, secrets }: Case) => {
  const scheme = schemeOf(settings, secrets[0])
  return scheme.kind === 'signature' && scheme.timestamp !== undefined
}
