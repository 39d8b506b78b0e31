/** The verification language carries providers that have no file yet: their schemes here are data, as a file would hold it. */
import { expect, test } from 'vitest'
import type { Scheme, SignatureScheme } from '../../nodes/contract/scheme.ts'
import { compileSchemes } from '../../server/inbound/verify.ts'
import { nowMsOf, requestOf, secretOf, vectors } from './make.ts'

const overBody = {
  kind: 'signature',
  algorithm: 'hmac-sha256',
  encoding: 'base64',
  key: 'text',
  signed: '{body}',
} as const satisfies Partial<SignatureScheme>

const schemes: Readonly<Record<string, Scheme>> = {
  square: { ...overBody, from: [{ header: 'x-square-hmacsha256-signature' }], signed: '{url}{body}' },
  paddle: {
    ...overBody,
    from: [{ header: 'paddle-signature' }],
    parts: { separator: ';', assign: '=', signature: 'h1' },
    encoding: 'hex',
    signed: '{timestamp}:{body}',
    timestamp: { from: { part: 'ts' }, unit: 'seconds', toleranceSeconds: 5, direction: 'both' },
  },
  zendesk: {
    ...overBody,
    from: [{ header: 'x-zendesk-webhook-signature' }],
    signed: '{timestamp}{body}',
    timestamp: {
      from: { header: 'x-zendesk-webhook-signature-timestamp' },
      unit: 'rfc3339',
      toleranceSeconds: 100 * 365 * 86_400,
      direction: 'both',
    },
  },
  'hubspot-v1': {
    ...overBody,
    from: [{ header: 'x-hubspot-signature' }],
    algorithm: 'sha256',
    encoding: 'hex',
    signed: '{secret}{body}',
  },
  'hubspot-v2': {
    ...overBody,
    from: [{ header: 'x-hubspot-signature' }],
    algorithm: 'sha256',
    encoding: 'hex',
    signed: '{secret}{method}{url}{body}',
  },
  'hubspot-v3': {
    ...overBody,
    from: [{ header: 'x-hubspot-signature-v3' }],
    signed: '{method}{url}{body}{timestamp}',
    timestamp: {
      from: { header: 'x-hubspot-request-timestamp' },
      unit: 'milliseconds',
      toleranceSeconds: 300,
      direction: 'both',
    },
  },
  'mailgun-body': {
    ...overBody,
    from: [{ body: 'signature.signature' }],
    encoding: 'hex',
    signed: '{timestamp}{body:signature.token}',
    timestamp: {
      from: { body: 'signature.timestamp' },
      unit: 'seconds',
      toleranceSeconds: 300,
      direction: 'both',
    },
  },
  'adyen-payments': {
    ...overBody,
    from: [{ body: 'notificationItems.0.NotificationRequestItem.additionalData.hmacSignature' }],
    key: 'hex',
    signed: [
      'pspReference',
      'originalReference',
      'merchantAccountCode',
      'merchantReference',
      'amount.value',
      'amount.currency',
      'eventCode',
      'success',
    ]
      .map((name) => `{body:notificationItems.0.NotificationRequestItem.${name}}`)
      .join(':'),
  },
  'adyen-body': { ...overBody, from: [{ header: 'hmacsignature' }], key: 'hex' },
  'sendgrid-ecdsa': {
    kind: 'signature',
    from: [{ header: 'x-twilio-email-event-webhook-signature' }],
    algorithm: 'ecdsa-p256-sha256',
    encoding: 'base64',
    key: 'public',
    signed: '{header:x-twilio-email-event-webhook-timestamp}{body}',
  },
  'twilio-form': {
    ...overBody,
    from: [{ header: 'x-twilio-signature' }],
    algorithm: 'hmac-sha1',
    signed: '{url}{form}',
    urlPort: 'either',
  },
  'twilio-bodySHA256': {
    ...overBody,
    from: [{ header: 'x-twilio-signature' }],
    algorithm: 'hmac-sha1',
    signed: '{url}',
    urlPort: 'either',
    bodySha256: { query: 'bodySHA256' },
  },
  'discord-ed25519': {
    kind: 'signature',
    from: [{ header: 'x-signature-ed25519' }],
    algorithm: 'ed25519',
    encoding: 'hex',
    key: 'public',
    signed: '{header:x-signature-timestamp}{body}',
  },
  'plaid-jwt': {
    kind: 'jwt',
    from: { header: 'plaid-verification' },
    algorithms: ['ES256'],
    toleranceSeconds: 0,
    ageSecondsMax: 300,
    bodySha256Claim: 'request_body_sha256',
  },
  telegram: { kind: 'token', from: [{ header: 'x-telegram-bot-api-secret-token' }] },
  okta: { kind: 'token', from: [{ header: 'authorization' }] },
  docusign: {
    ...overBody,
    from: [{ header: 'x-docusign-signature-1' }, { header: 'x-docusign-signature-2' }],
  },
  x: { ...overBody, from: [{ header: 'x-twitter-webhooks-signature' }], prefix: 'sha256=' },
  typeform: { ...overBody, from: [{ header: 'typeform-signature' }], prefix: 'sha256=' },
  zoom: {
    ...overBody,
    from: [{ header: 'x-zm-signature' }],
    prefix: 'v0=',
    encoding: 'hex',
    signed: 'v0:{timestamp}:{body}',
    timestamp: {
      from: { header: 'x-zm-request-timestamp' },
      unit: 'seconds',
      toleranceSeconds: 300,
      direction: 'both',
    },
  },
}

const cases = vectors.flatMap((vector) => {
  const scheme = schemes[vector.scheme] ?? schemes[vector.provider]
  return scheme === undefined ? [] : [{ id: vector.id, valid: vector.valid, vector, scheme }]
})

test('every scheme of this file has a vector that it accepts', () => {
  const used = new Set(cases.filter(({ valid }) => valid).map(({ scheme }) => scheme))
  expect(used).toEqual(new Set(Object.values(schemes)))
})

test.each(cases)('$id is judged as its publisher says (valid: $valid)', async ({ vector, scheme }) => {
  const verifier = compileSchemes([scheme], [secretOf(vector)], vector.provider)
  expect(await verifier.verify(requestOf(vector), nowMsOf(vector))).toMatchObject({ ok: vector.valid })
})

test('schemes are plain data', () => {
  expect(JSON.parse(JSON.stringify(schemes))).toEqual(schemes)
})
