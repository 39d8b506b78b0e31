/** Independent signers: the providers' own libraries sign or judge, and both sides agree, on what is right and on what is not. */
import { createRequire } from 'node:module'
import { generateKeyPairSync } from 'node:crypto'
import { Mux } from '@mux/mux-node'
import { Paddle } from '@paddle/paddle-node-sdk'
import { EventWebhook } from '@sendgrid/eventwebhook'
import { verifyKey } from 'discord-interactions'
import Razorpay from 'razorpay'
import twilio from 'twilio'
import { expect, test } from 'vitest'
import type { VerificationSettings } from '../../nodes/contract/scheme.ts'
import { schemesOf } from '../../nodes/providers/index.ts'
import { sendgridSignature } from '../../nodes/providers/sendgrid.ts'
import { compileDoor } from '../../server/inbound/door.ts'
import { sign } from '../../server/inbound/sign.ts'
import { compileVerifier } from '../../server/inbound/verify.ts'
import { readWebhookSettings } from '../../nodes/webhook.ts'
import { pairsFor, signWith } from '../support/ways.ts'
import { makeRequest, reasonOf } from './make.ts'

const secret = 'It is a secret to everybody'
const url = 'https://example.test/hooks/abc'
const json = '{"hello":"wörld 🦀","id":"evt_1"}'
// The libraries read the machine's clock.
const nowMs = Date.now()

interface Sent {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly query?: string
}

const judge = async (settings: VerificationSettings, key: string, { headers, body, query = '' }: Sent) =>
  reasonOf(
    await compileVerifier(settings, [key]).verify(
      makeRequest({ headers, body, url: `${url}${query}`, path: query }),
      nowMs,
    ),
  )

async function ours(settings: VerificationSettings, key: string, body = json, headers = {}) {
  const [scheme] = schemesOf(settings)
  if (scheme === undefined) throw new Error(`no scheme: ${settings.scheme}`)
  const unsigned = { method: 'POST', url, path: '', headers, body: Buffer.from(body), id: 'msg_1' }
  const signed = await sign(scheme, key, unsigned, nowMs)
  if (!signed.ok) throw new Error(signed.detail)
  return signed.headers
}

test('agrees with twilio on forms', async () => {
  const fields = { CallSid: 'CA1', From: '+14158675309', Body: "it's €5 & more", Digits: '1234' }
  const body = new URLSearchParams(fields).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const theirs = twilio.getExpectedTwilioSignature(secret, url, fields)
  const sent = { headers: { ...headers, 'x-twilio-signature': theirs }, body }
  expect(await judge({ scheme: 'twilio' }, secret, sent)).toBe('accepted')
  const { 'x-twilio-signature': own = '' } = await ours({ scheme: 'twilio' }, secret, body, headers)
  expect(twilio.validateRequest(secret, own, url, fields)).toBe(true)
  expect(twilio.validateRequest(secret, own, url, { ...fields, Digits: '1235' })).toBe(false)
})

test('agrees with twilio on JSON, with and without the port, and with quotes in the URL', async () => {
  const hash = twilio.getExpectedBodyHash(json)
  for (const given of [`?bodySHA256=${hash}`, `?say=it%27s&bodySHA256=${hash}`]) {
    for (const written of [given, given.replace('%27', "'")]) {
      for (const host of ['https://example.test', 'https://example.test:443']) {
        const theirs = twilio.getExpectedTwilioSignature(secret, `${host}/hooks/abc${written}`, {})
        const headers = { 'content-type': 'application/json', 'x-twilio-signature': theirs }
        expect(await judge({ scheme: 'twilio' }, secret, { headers, body: json, query: given })).toBe(
          'accepted',
        )
        expect(twilio.validateRequestWithBody(secret, theirs, `${url}${given}`, json)).toBe(true)
        const other = { headers, body: `${json} `, query: given }
        expect(await judge({ scheme: 'twilio' }, secret, other)).toBe('signature-mismatch')
      }
    }
  }
})

test('agrees with @sendgrid/eventwebhook', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  const library = new EventWebhook()
  const theirKey = library.convertPublicKeyToECDSA(key)
  const unsigned = { method: 'POST', url, path: '', headers: {}, body: Buffer.from(`${json}\r\n`), id: '' }
  const { headers } = signWith(sendgridSignature, privateKey, unsigned, nowMs)
  const signature = headers['x-twilio-email-event-webhook-signature'] ?? ''
  const time = headers['x-twilio-email-event-webhook-timestamp'] ?? ''
  for (const [body, isRight] of [
    [`${json}\r\n`, true],
    [json, false],
  ] as const) {
    expect(library.verifySignature(theirKey, body, signature, time)).toBe(isRight)
    expect(await judge({ scheme: 'sendgrid' }, key, { headers, body })).toBe(
      isRight ? 'accepted' : 'signature-mismatch',
    )
  }
})

test('agrees with discord-interactions', async () => {
  const [scheme] = schemesOf({ scheme: 'discord' })
  if (scheme === undefined) throw new Error('no scheme')
  const [{ told, own }] = pairsFor(scheme)
  const headers = await ours({ scheme: 'discord' }, own)
  const { 'x-signature-ed25519': signature = '', 'x-signature-timestamp': time = '' } = headers
  for (const body of [json, `${json} `]) {
    const theirs = await verifyKey(body, signature, time, told)
    expect(theirs).toBe(body === json)
    expect(await judge({ scheme: 'discord' }, told, { headers, body })).toBe(
      theirs ? 'accepted' : 'signature-mismatch',
    )
  }
})

test('agrees with razorpay', async () => {
  const { 'x-razorpay-signature': own = '' } = await ours({ scheme: 'razorpay' }, secret)
  expect(Razorpay.validateWebhookSignature(json, own, secret)).toBe(true)
  expect(Razorpay.validateWebhookSignature(`${json} `, own, secret)).toBe(false)
})

test('agrees with @paddle/paddle-node-sdk', async () => {
  const { webhooks } = new Paddle('an-api-key')
  const { 'paddle-signature': own = '' } = await ours({ scheme: 'paddle' }, secret)
  expect(await webhooks.isSignatureValid(json, secret, own)).toBe(true)
  expect(await webhooks.isSignatureValid(`${json} `, secret, own)).toBe(false)
})

test('agrees with @mux/mux-node', async () => {
  const { webhooks } = new Mux({ tokenId: 'id', tokenSecret: 'secret' })
  const headers = await ours({ scheme: 'mux' }, secret)
  await expect(webhooks.verifySignature(json, headers, secret)).resolves.toBeUndefined()
  await expect(webhooks.verifySignature(`${json} `, headers, secret)).rejects.toThrow()
})

interface Braintree {
  readonly BraintreeGateway: new (config: Readonly<Record<string, unknown>>) => {
    readonly webhookTesting: {
      sampleNotification(
        kind: string,
        id: string,
      ): Promise<{ readonly bt_signature: string; readonly bt_payload: string }>
    }
    readonly webhookNotification: { verify(challenge: string): string }
  }
  readonly Environment: { readonly Sandbox: unknown }
  readonly WebhookNotification: { readonly Kind: Readonly<Record<string, string>> }
}

test('agrees with braintree on events and on its challenge', async () => {
  // It has no types, and everything that it exports is in one object.
  const braintree = createRequire(import.meta.url)('braintree') as Braintree
  const gateway = new braintree.BraintreeGateway({
    environment: braintree.Environment.Sandbox,
    merchantId: 'merchant',
    publicKey: 'the-public-key',
    privateKey: 'the-private-key',
  })
  const settings = readWebhookSettings({ verification: { scheme: 'braintree', username: 'the-public-key' } })
  if (settings === undefined) throw new Error('no settings')
  const door = compileDoor(settings, { secrets: ['the-private-key'], verifyToken: undefined })
  const kind = 'subscription_charged_successfully'
  const { bt_signature, bt_payload } = await gateway.webhookTesting.sampleNotification(kind, 'my_id')
  const send = (payload: string) =>
    door.admit(
      makeRequest({
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ bt_signature, bt_payload: payload }).toString(),
      }),
      nowMs,
    )
  expect(await send(bt_payload)).toMatchObject({ kind: 'event', verified: true, type: kind })
  expect(await send(bt_payload.replace('P', 'Q'))).toMatchObject({
    refusal: { reason: 'signature-mismatch' },
  })
  const challenge = '20f9f8ed05f77439fe955c977e4c8a53'
  const asked = await door.admit(makeRequest({ method: 'GET', path: `?bt_challenge=${challenge}` }), nowMs)
  expect(asked).toMatchObject({ answer: { body: gateway.webhookNotification.verify(challenge) } })
  // XML in base64 is of the letters of a challenge elsewhere: signed here, it would be an event.
  const xml = Buffer.from('<notification><kind>check</kind></notification>').toString('base64')
  const fished = await door.admit(
    makeRequest({ method: 'GET', path: `?bt_challenge=${encodeURIComponent(xml)}` }),
    nowMs,
  )
  expect(fished).toMatchObject({ refusal: { reason: 'handshake-challenge' } })
})
