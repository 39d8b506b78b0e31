import type { Provider } from '../contract/provider.ts'

export const stripe: Provider = {
  id: 'stripe',
  title: 'Stripe',
  icon: 'credit-card',
  link: 'https://docs.stripe.com/webhooks/signature',
  setup: [
    'In the Stripe dashboard, open Developers → Webhooks → Add destination.',
    'Paste the hook URL as the endpoint URL, choose the events and create it.',
    'Reveal the signing secret (whsec_…) and paste the whole text into the secret field here.',
    'Test mode and live mode have secrets of their own: take the one of the mode that sends.',
  ],
  schemes: [
    {
      kind: 'signature',
      from: [{ header: 'stripe-signature' }],
      // v0 stands for Stripe's test signatures and is never read.
      parts: { separator: ',', assign: '=', signature: 'v1' },
      algorithm: 'hmac-sha256',
      encoding: 'hex',
      // The whole text is the key, `whsec_` included.
      key: 'text',
      signed: '{timestamp}.{body}',
      timestamp: { from: { part: 't' }, unit: 'seconds', toleranceSeconds: 300, direction: 'past' },
    },
  ],
  settings: ['timestamp'],
  type: [{ body: 'type' }],
  delivery: [{ body: 'id' }],
  samples: [
    {
      title: 'charge.succeeded',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      },
      body: {
        id: 'evt_1NG8Du2eZvKYlo2CUI79vXWy',
        object: 'event',
        api_version: '2019-02-19',
        created: 1686089970,
        data: {
          object: {
            id: 'ch_3MmlLrLkdIwHu7ix0snN0B15',
            object: 'charge',
            amount: 1099,
            currency: 'usd',
            captured: true,
            paid: true,
            status: 'succeeded',
            billing_details: { email: null, name: null, phone: null },
            metadata: {},
          },
        },
        livemode: false,
        pending_webhooks: 1,
        request: { id: null, idempotency_key: null },
        type: 'charge.succeeded',
      },
    },
  ],
}
