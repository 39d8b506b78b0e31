import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const square: Provider = {
  id: 'square',
  title: 'Square',
  icon: 'credit-card',
  link: 'https://developer.squareup.com/docs/webhooks/step3validate',
  setup: [
    'In the Square developer console, open your application → Webhooks → Subscriptions → Add subscription.',
    'Paste the hook URL as the notification URL, exactly as it is shown here: Square signs it with the body.',
    'Open the subscription, show its "Signature key", and paste that into the secret field here.',
  ],
  schemes: [
    {
      ...overBody,
      from: [{ header: 'x-square-hmacsha256-signature' }],
      encoding: 'base64',
      signed: '{url}{body}',
    },
  ],
  settings: [],
  type: [{ body: 'type' }],
  delivery: [{ body: 'event_id' }],
  retry: { from: { header: 'square-retry-number' } },
  samples: [
    {
      title: 'payment.created',
      headers: { 'content-type': 'application/json', 'square-version': '2026-07-15' },
      body: {
        merchant_id: '6SSW7HV8K2ST5',
        type: 'payment.created',
        event_id: '13b867cf-db3d-4b1c-90b6-2f32a9d78124',
        created_at: '2020-02-06T21:27:34.308Z',
        data: {
          type: 'payment',
          id: 'KkAkhdMsgzn59SM8A89WgKwekxLZY',
          object: {
            payment: {
              id: 'KkAkhdMsgzn59SM8A89WgKwekxLZY',
              amount_money: { amount: 100, currency: 'USD' },
              status: 'APPROVED',
              source_type: 'CARD',
              location_id: 'S8GWD5R9QB376',
              order_id: '03O3USaPaAaFnI6kkwB1JxGgBsUZY',
            },
          },
        },
      },
    },
  ],
}
