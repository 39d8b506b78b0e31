/** Independent signers, as in `test/inbound/provider-libraries.test.ts`: those whose libraries are installed for this alone. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import type { VerificationSettings } from '../../nodes/contract/scheme.ts'
import { schemesOf } from '../../nodes/providers/index.ts'
import { sign } from '../../server/inbound/sign.ts'
import { compileVerifier } from '../../server/inbound/verify.ts'
import { makeRequest, reasonOf } from '../inbound/make.ts'

const isInstalled = existsSync(new URL('node_modules', import.meta.url))
if (!isInstalled)
  console.log('skipped: senders’ own libraries, because `npm ci --prefix test/libraries` was not run')

const require = createRequire(import.meta.url)
const secret = 'It is a secret to everybody'
const url = 'https://example.test/hooks/abc'
// The libraries read the machine's clock.
const nowMs = Date.now()
const json = JSON.stringify({ hello: 'wörld 🦀', webhookTimestamp: nowMs })

const judge = async (
  settings: VerificationSettings,
  key: string,
  headers: Readonly<Record<string, string>>,
  body = json,
) => reasonOf(await compileVerifier(settings, [key]).verify(makeRequest({ headers, body, url }), nowMs))

async function ours(scheme: string, body = json): Promise<Readonly<Record<string, string>>> {
  const [first] = schemesOf({ scheme })
  if (first === undefined) throw new Error(`no scheme: ${scheme}`)
  const unsigned = { method: 'POST', url, path: '', headers: {}, body: Buffer.from(body), id: 'msg_1' }
  const signed = await sign(first, secret, unsigned, nowMs)
  if (!signed.ok) throw new Error(signed.detail)
  return signed.headers
}

/** What we sign they accept, and a changed body neither they nor we. */
async function agrees(
  scheme: string,
  accepts: (headers: Readonly<Record<string, string>>, body: string) => unknown,
): Promise<void> {
  const headers = await ours(scheme)
  const changed = json.replace('wörld', 'World')
  expect(await judge({ scheme }, secret, headers)).toBe('accepted')
  expect(await judge({ scheme }, secret, headers, changed)).toBe('signature-mismatch')
  expect([await accepts(headers, json), await accepts(headers, changed)]).toEqual([true, false])
}

interface HubSpot {
  readonly Signature: {
    getSignature(method: string, version: string, signed: Readonly<Record<string, unknown>>): string
  }
}
interface Adyen {
  readonly hmacValidator: new () => { calculateHmac(data: unknown, key: string): string }
}
interface Line {
  readonly validateSignature: (body: string, channelSecret: string, signature: string) => boolean
}
interface Square {
  readonly WebhooksHelper: { verifySignature(given: Readonly<Record<string, string>>): Promise<boolean> }
}
interface Linear {
  readonly LinearWebhookClient: new (secret: string) => { verify(body: Buffer, signature: string): boolean }
}
interface Slack {
  readonly isValidSlackRequest: (given: {
    readonly signingSecret: string
    readonly body: string
    readonly headers: Readonly<Record<string, unknown>>
  }) => boolean
}
interface Shopify {
  readonly shopifyApi: (config: Readonly<Record<string, unknown>>) => {
    readonly webhooks: {
      validate(given: Readonly<Record<string, unknown>>): Promise<{ readonly valid: boolean }>
    }
  }
}

describe.skipIf(!isInstalled)('what their own libraries sign or judge', () => {
  test('agrees with @hubspot/api-client on all three forms', async () => {
    const { Signature } = require('@hubspot/api-client') as HubSpot
    const signed = (version: string) =>
      Signature.getSignature('POST', version, {
        clientSecret: secret,
        requestBody: json,
        url,
        timestamp: nowMs,
      })
    const older = (version: string) => ({
      'x-hubspot-signature': signed(version),
      'x-hubspot-signature-version': version,
    })
    const newest = { 'x-hubspot-signature-v3': signed('v3'), 'x-hubspot-request-timestamp': `${nowMs}` }
    for (const headers of [older('v1'), older('v2'), newest, { ...older('v1'), ...newest }]) {
      expect(await judge({ scheme: 'hubspot' }, secret, headers)).toBe('accepted')
      expect(await judge({ scheme: 'hubspot' }, secret, headers, `${json} `)).toBe('signature-mismatch')
    }
  })

  test('agrees with @adyen/api-library on payments, of which each is signed, and on bodies', async () => {
    const { hmacValidator: Validator } = require('@adyen/api-library') as Adyen
    const key = 'ab'.repeat(32)
    const item = (pspReference: string) => ({
      pspReference,
      merchantAccountCode: 'Shop',
      merchantReference: 'order:7\\',
      amount: { value: 1130, currency: 'EUR' },
      eventCode: 'AUTHORISATION',
      success: 'true',
    })
    const library = new Validator()
    const items = ['8515131751004933', '7914073381342284'].map((reference) => ({
      NotificationRequestItem: {
        ...item(reference),
        additionalData: { hmacSignature: library.calculateHmac(item(reference), key) },
      },
    }))
    const body = JSON.stringify({ live: 'false', notificationItems: items })
    expect(await judge({ scheme: 'adyen' }, key, {}, body)).toBe('accepted')
    expect(await judge({ scheme: 'adyen' }, key, {}, body.replace('8515', '8516'))).toBe('signature-mismatch')
    const headers = { hmacsignature: library.calculateHmac(json, key) }
    expect(await judge({ scheme: 'adyen' }, key, headers)).toBe('accepted')
  })

  test('agrees with @line/bot-sdk', async () => {
    const { validateSignature } = require('@line/bot-sdk') as Line
    await agrees('line', (headers, body) =>
      validateSignature(body, secret, headers['x-line-signature'] ?? ''),
    )
  })

  test('agrees with square, which signs the URL too', async () => {
    const { WebhooksHelper } = require('square') as Square
    await agrees('square', (headers, requestBody) =>
      WebhooksHelper.verifySignature({
        requestBody,
        signatureHeader: headers['x-square-hmacsha256-signature'] ?? '',
        signatureKey: secret,
        notificationUrl: url,
      }),
    )
  })

  test('agrees with @linear/sdk', async () => {
    const { LinearWebhookClient } = require('@linear/sdk/webhooks') as Linear
    const library = new LinearWebhookClient(secret)
    const accepts = (headers: Readonly<Record<string, string>>, body: string) => {
      try {
        return library.verify(Buffer.from(body), headers['linear-signature'] ?? '')
      } catch {
        return false
      }
    }
    await agrees('linear', accepts)
  })

  test('agrees with @slack/bolt', async () => {
    const { isValidSlackRequest } = require('@slack/bolt') as Slack
    await agrees('slack', (headers, body) =>
      isValidSlackRequest({
        signingSecret: secret,
        body,
        headers: {
          'x-slack-signature': headers['x-slack-signature'],
          'x-slack-request-timestamp': Number(headers['x-slack-request-timestamp']),
        },
      }),
    )
  })

  test('agrees with @shopify/shopify-api', async () => {
    require('@shopify/shopify-api/adapters/node')
    const { shopifyApi } = require('@shopify/shopify-api') as Shopify
    const { webhooks } = shopifyApi({
      apiKey: 'key',
      apiSecretKey: secret,
      apiVersion: '2026-01',
      hostName: 'example.test',
      isEmbeddedApp: false,
    })
    const told = {
      'x-shopify-topic': 'orders/create',
      'x-shopify-shop-domain': 'shop.myshopify.com',
      'x-shopify-api-version': '2026-01',
      'x-shopify-webhook-id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
    }
    await agrees('shopify', async (headers, rawBody) => {
      const request = { method: 'POST', url: '/hooks/abc', headers: { ...told, ...headers } }
      return (await webhooks.validate({ rawBody, rawRequest: request, rawResponse: {} })).valid
    })
  })
})
