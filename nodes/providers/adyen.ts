import type { Provider } from '../contract/provider.ts'
import type { SignatureScheme } from '../contract/scheme.ts'
import { overBody } from './over-body.ts'

/** Standard webhooks carry a list of items, each with a signature over some of its fields. */
const payments: SignatureScheme = {
  ...overBody,
  each: 'notificationItems',
  from: [{ body: 'NotificationRequestItem.additionalData.hmacSignature' }],
  encoding: 'base64',
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
    .map((name) => `{body:NotificationRequestItem.${name}}`)
    .join(':'),
}

/** Platforms, banking and the older classic webhooks sign the body. */
const platforms: SignatureScheme = {
  ...overBody,
  from: [{ header: 'hmacsignature' }],
  encoding: 'base64',
  key: 'hex',
  otherwise: payments,
}

export const adyen: Provider = {
  id: 'adyen',
  title: 'Adyen',
  icon: 'credit-card',
  link: 'https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures/',
  setup: [
    'In the Customer Area, open Developers → Webhooks → Create new webhook → Standard webhook (or one for platforms).',
    'Paste the hook URL as the URL and keep the method JSON.',
    'Under Security, generate the HMAC key and paste it (64 hexadecimal digits) into the secret field here.',
    'Save the changes, wait a few minutes until the key is in use, and choose "Test configuration".',
  ],
  caution:
    'Of a standard webhook Adyen signs eight fields (references, amount, event and success), not the rest of the item.',
  schemes: [platforms],
  settings: [],
  type: [
    { body: 'notificationItems.0.NotificationRequestItem.eventCode' },
    { body: 'type' },
    { body: 'eventType' },
  ],
  // No delivery id: one request carries several items, and a reference comes with several events.
  answer: { status: 200, headers: {}, body: '[accepted]' },
  samples: [
    {
      title: 'AUTHORISATION',
      headers: { 'content-type': 'application/json' },
      body: {
        live: 'false',
        notificationItems: [
          {
            NotificationRequestItem: {
              additionalData: { hmacSignature: '', cardSummary: '1111', authCode: '065696' },
              amount: { currency: 'EUR', value: 1000 },
              eventCode: 'AUTHORISATION',
              eventDate: '2026-09-01T12:00:00+02:00',
              merchantAccountCode: 'YOUR_MERCHANT_ACCOUNT',
              merchantReference: 'order-1001',
              originalReference: '',
              paymentMethod: 'visa',
              pspReference: '7914073381342284',
              reason: '065696:1111:03/2030',
              success: 'true',
            },
          },
        ],
      },
    },
  ],
}
