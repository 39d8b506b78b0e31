import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const razorpay: Provider = {
  id: 'razorpay',
  title: 'Razorpay',
  icon: 'indian-rupee',
  link: 'https://razorpay.com/docs/webhooks/validate-test/',
  secretIsOwn: true,
  setup: [
    'In the Razorpay dashboard, open Account & Settings → Webhooks → Add New Webhook and paste the hook URL.',
    'Make up a long secret, paste it into "Secret" there and into the secret field here.',
    'Choose the active events and create it; test and live mode have webhooks of their own.',
  ],
  schemes: [{ ...overBody, from: [{ header: 'x-razorpay-signature' }], encoding: 'hex' }],
  settings: [],
  type: [{ body: 'event' }],
  delivery: [{ header: 'x-razorpay-event-id' }],
  samples: [
    {
      title: 'payment.captured',
      headers: { 'content-type': 'application/json', 'x-razorpay-event-id': 'MDsmG6qGfZNRpo' },
      body: {
        entity: 'event',
        account_id: 'acc_BFQ7uQEaa7j2z7',
        event: 'payment.captured',
        contains: ['payment'],
        payload: {
          payment: {
            entity: {
              id: 'pay_DESlfW9H8K9uqM',
              entity: 'payment',
              amount: 100,
              currency: 'INR',
              status: 'captured',
              order_id: 'order_DESlLckIVRkHWj',
              method: 'netbanking',
              captured: true,
            },
          },
        },
        created_at: 1567674606,
      },
    },
  ],
}
