import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'
import { unsigned } from './unsigned.ts'

/** Webhooks that are subscribed to are signed; the older ones, a URL given with each payment, are not. */
export const mollie: Provider = {
  id: 'mollie',
  title: 'Mollie',
  icon: 'credit-card',
  link: 'https://docs.mollie.com/reference/webhooks-new',
  setup: [
    'In the Mollie dashboard, open Developers → Webhooks → Create webhook, paste the hook URL and choose the events.',
    'Copy the signing secret that it shows and paste it into the secret field here.',
    'For the older webhooks (a webhookUrl with each payment) choose the variant "classic", make up a secret, and add ?token= and the secret to the URL.',
  ],
  caution:
    'The older webhooks are not signed and carry only an id: ask Mollie’s API for the payment before you trust it.',
  schemes: [
    { ...overBody, from: [{ header: 'x-mollie-signature' }], prefix: 'sha256=', encoding: 'hex' },
    ...unsigned.schemes.flatMap((scheme) =>
      scheme.variant === undefined ? [{ ...scheme, variant: 'classic' }] : [],
    ),
  ],
  settings: ['variant'],
  type: [{ body: 'type' }, { body: 'resource' }],
  // Of a classic webhook nothing: the same id comes with every change of a payment.
  samples: [
    {
      title: 'payment-link.paid',
      headers: { 'content-type': 'application/json', 'user-agent': 'Mollie HTTP client/2.0' },
      body: {
        resource: 'event',
        id: 'event_GvJ8WHrp5isUdRub9CJyH',
        type: 'payment-link.paid',
        entityId: 'pl_qng5gbbv8NAZ5gpM5ZYgx',
        createdAt: '2026-09-01T12:00:00.0Z',
        _embedded: {
          entity: {
            resource: 'payment-link',
            id: 'pl_qng5gbbv8NAZ5gpM5ZYgx',
            mode: 'live',
            description: 'Bicycle tires',
            amount: { value: '24.95', currency: 'EUR' },
          },
        },
      },
    },
  ],
}
