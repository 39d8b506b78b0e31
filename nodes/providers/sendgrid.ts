import type { Provider } from '../contract/provider.ts'
import type { SignatureScheme } from '../contract/scheme.ts'
import { unsigned } from './unsigned.ts'

export const sendgridSignature: SignatureScheme = {
  kind: 'signature',
  from: [{ header: 'x-twilio-email-event-webhook-signature' }],
  algorithm: 'ecdsa-p256-sha256',
  encoding: 'base64',
  key: 'public',
  signed: '{timestamp}{body}',
  timestamp: {
    from: { header: 'x-twilio-email-event-webhook-timestamp' },
    unit: 'seconds',
    direction: 'both',
  },
}

export const sendgrid: Provider = {
  id: 'sendgrid',
  title: 'SendGrid (events)',
  icon: 'mail',
  link: 'https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features',
  setup: [
    'In SendGrid, open Settings → Mail Settings → Event Webhooks → Create new webhook and paste the hook URL as the post URL.',
    'Under Security features, enable "Signed Event Webhook" and save.',
    'Open the webhook again, copy its verification key and paste it into the secret field here.',
    'Without a signature: choose a variant such as "token", and show a secret in the URL or by user and password.',
  ],
  schemes: [
    sendgridSignature,
    ...unsigned.schemes.map((scheme) => ({ ...scheme, variant: scheme.variant ?? 'token' })),
  ],
  settings: ['variant', 'timestamp'],
  type: [{ body: '0.event' }],
  // No delivery id: one request carries many events, each with its own sg_event_id.
  samples: [
    {
      title: 'delivered',
      headers: { 'content-type': 'application/json;charset=utf-8', 'user-agent': 'SendGrid Event API' },
      body: [
        {
          email: 'example@test.com',
          timestamp: 1513299569,
          'smtp-id': '<14c5d75ce93.dfd.64b469@ismtpd-555>',
          event: 'delivered',
          category: ['cat facts'],
          sg_event_id: 'ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA',
          sg_message_id: '14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0',
          response: '250 OK',
        },
      ],
    },
  ],
}
