import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const paddle: Provider = {
  id: 'paddle',
  title: 'Paddle',
  icon: 'receipt',
  link: 'https://developer.paddle.com/webhooks/signature-verification',
  setup: [
    'In Paddle, open Developer tools → Notifications → New destination and choose the type Webhook.',
    'Paste the hook URL, choose the events and save.',
    'Edit the destination, copy its secret key (pdl_ntfset_…) and paste it into the secret field here.',
  ],
  schemes: [
    {
      ...overBody,
      from: [{ header: 'paddle-signature' }],
      parts: { separator: ';', assign: '=', signature: 'h1' },
      encoding: 'hex',
      signed: '{timestamp}:{body}',
      // As Paddle's own libraries have it.
      timestamp: { from: { part: 'ts' }, unit: 'seconds', toleranceSeconds: 5, direction: 'both' },
    },
  ],
  settings: ['timestamp'],
  type: [{ body: 'event_type' }],
  // Not notification_id, which each destination has of its own: one event is one event.
  delivery: [{ body: 'event_id' }],
  samples: [
    {
      title: 'transaction.completed',
      headers: { 'content-type': 'application/json', 'user-agent': 'Paddle' },
      body: {
        event_id: 'evt_01hv8wptq8987qeep44cyrewp9',
        event_type: 'transaction.completed',
        occurred_at: '2024-04-12T10:18:49.738972Z',
        notification_id: 'ntf_01hv8wptvhw5zsv7a5yvpnqf1h',
        data: {
          id: 'txn_01hv8wptq8987qeep44cyrewp9',
          status: 'completed',
          customer_id: 'ctm_01hv6y1jedq4p1n0yqn5ba3ky4',
          currency_code: 'USD',
          collection_mode: 'automatic',
          details: { totals: { subtotal: '30000', tax: '2662', total: '32662', currency_code: 'USD' } },
        },
      },
    },
  ],
}
