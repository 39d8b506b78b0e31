/** Independent signers: what the providers' own libraries sign is accepted, and what we sign they accept. */
import { createHmac, generateKeyPairSync } from 'node:crypto'
import { sign as signAsGitHub, verify as verifyAsGitHub } from '@octokit/webhooks-methods'
import { SignJWT } from 'jose'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { Stripe } from 'stripe'
import { Webhook as SvixWebhook } from 'svix'
import { expect, test } from 'vitest'
import type { VerificationSettings } from '../../nodes/contract/scheme.ts'
import { schemesOf } from '../../nodes/providers/index.ts'
import { sign } from '../../server/inbound/sign.ts'
import { compileVerifier } from '../../server/inbound/verify.ts'
import { makeRequest, reasonOf } from './make.ts'

const body = '{"hello":"wörld 🦀"}'
const secret = 'It is a secret to everybody'
const whsec = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`
// The libraries read the machine's clock.
const nowMs = Date.now()

const judge = async (
  settings: VerificationSettings,
  key: string,
  headers: Readonly<Record<string, string>>,
) => reasonOf(await compileVerifier(settings, [key]).verify(makeRequest({ headers, body }), nowMs))

async function ours(scheme: string, key: string): Promise<Readonly<Record<string, string>>> {
  const [first] = schemesOf({ scheme }).filter(({ secretPrefix }) => secretPrefix === undefined)
  if (first === undefined) throw new Error(`no scheme: ${scheme}`)
  const unsigned = { method: 'POST', url: '', path: '', headers: {}, body: Buffer.from(body), id: 'msg_1' }
  const signed = await sign(first, key, unsigned, nowMs)
  if (!signed.ok) throw new Error(signed.detail)
  return signed.headers
}

test('agrees with @octokit/webhooks-methods', async () => {
  const signature = await signAsGitHub(secret, body)
  expect(await judge({ scheme: 'github' }, secret, { 'X-Hub-Signature-256': signature })).toBe('accepted')
  const headers = await ours('github', secret)
  expect(await verifyAsGitHub(secret, body, headers['x-hub-signature-256'] ?? '')).toBe(true)
})

test('agrees with stripe', async () => {
  const { webhooks } = new Stripe('sk_test_1')
  const header = webhooks.generateTestHeaderString({ payload: body, secret: 'whsec_test' })
  expect(await judge({ scheme: 'stripe' }, 'whsec_test', { 'Stripe-Signature': header })).toBe('accepted')
  const headers = await ours('stripe', 'whsec_test')
  const event: unknown = webhooks.constructEvent(body, headers['stripe-signature'] ?? '', 'whsec_test')
  expect(event).toEqual(JSON.parse(body))
})

test('agrees with standardwebhooks', async () => {
  const webhook = new StandardWebhook(whsec)
  const headers = {
    'webhook-id': 'msg_2',
    'webhook-timestamp': `${Math.floor(nowMs / 1_000)}`,
    'webhook-signature': webhook.sign('msg_2', new Date(nowMs), body),
  }
  expect(await judge({ scheme: 'standard-webhooks' }, whsec, headers)).toBe('accepted')
  expect(await judge({ scheme: 'gitlab' }, whsec, headers)).toBe('accepted')
  expect(webhook.verify(body, { ...(await ours('standard-webhooks', whsec)) })).toEqual(JSON.parse(body))
})

test('agrees with svix', async () => {
  const webhook = new SvixWebhook(whsec)
  const headers = {
    'svix-id': 'msg_3',
    'svix-timestamp': `${Math.floor(nowMs / 1_000)}`,
    'svix-signature': webhook.sign('msg_3', new Date(nowMs), body),
  }
  expect(await judge({ scheme: 'svix' }, whsec, headers)).toBe('accepted')
  const signed = await ours('svix', whsec)
  expect(() => webhook.verify(body, { ...signed })).not.toThrow()
  expect(() => webhook.verify(`${body} `, { ...signed })).toThrow()
})

test('agrees with node:crypto on Slack’s recipe', async () => {
  const timestamp = `${Math.floor(nowMs / 1_000)}`
  const digest = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')
  const headers = { 'X-Slack-Request-Timestamp': timestamp, 'X-Slack-Signature': `v0=${digest}` }
  expect(await judge({ scheme: 'slack' }, secret, headers)).toBe('accepted')
})

const tokenOf = (alg: string, key: Parameters<SignJWT['sign']>[0], claims: Record<string, unknown> = {}) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg })
    .setIssuedAt(Math.floor(nowMs / 1_000))
    .sign(key)
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const shared = new TextEncoder().encode(secret)

test('takes JSON Web Tokens that jose made with a text, an RSA, an EC or an ed25519 key', async () => {
  expect(await judge({ scheme: 'jwt' }, secret, bearer(await tokenOf('HS256', shared)))).toBe('accepted')
  for (const [alg, pair] of [
    ['RS256', generateKeyPairSync('rsa', { modulusLength: 2_048 })],
    ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['EdDSA', generateKeyPairSync('ed25519')],
  ] as const) {
    const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const jwks = JSON.stringify({ keys: [pair.publicKey.export({ format: 'jwk' })] })
    const token = await tokenOf(alg, pair.privateKey)
    expect(await judge({ scheme: 'jwt' }, pem, bearer(token)), alg).toBe('accepted')
    expect(await judge({ scheme: 'jwt' }, jwks, bearer(token)), `${alg} in a set`).toBe('accepted')
    // The algorithm confusion: the public key as an HMAC secret.
    const confused = await tokenOf('HS256', new TextEncoder().encode(pem))
    expect(await judge({ scheme: 'jwt' }, pem, bearer(confused))).toBe('token-mismatch')
    expect(await judge({ scheme: 'jwt', algorithm: 'HS256' }, pem, bearer(confused))).toBe('secret-unusable')
  }
})

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

test('refuses JSON Web Tokens without a signature, of another algorithm, past their time, or for somebody else', async () => {
  const unsigned = `${encode({ alg: 'none' })}.${encode({})}.`
  expect(await judge({ scheme: 'jwt' }, secret, bearer(unsigned))).toBe('token-malformed')
  expect(await judge({ scheme: 'jwt' }, secret, bearer(`${unsigned}AA`))).toBe('token-mismatch')
  expect(await judge({ scheme: 'jwt' }, secret, bearer(await tokenOf('HS512', shared)))).toBe(
    'token-mismatch',
  )
  const old = await tokenOf('HS256', shared, { exp: Math.floor(nowMs / 1_000) - 60 })
  expect(await judge({ scheme: 'jwt' }, secret, bearer(old))).toBe('token-mismatch')
  const theirs = await tokenOf('HS256', shared, { aud: 'them' })
  expect(await judge({ scheme: 'jwt', audience: 'us' }, secret, bearer(theirs))).toBe('token-mismatch')
})
