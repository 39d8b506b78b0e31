import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const woocommerce: Provider = {
  id: 'woocommerce',
  title: 'WooCommerce',
  icon: 'shopping-bag',
  link: 'https://woocommerce.com/document/webhooks/',
  secretIsOwn: true,
  setup: [
    'Make up a long secret, paste it into the secret field here and publish this workflow.',
    'In WordPress, open WooCommerce → Settings → Advanced → Webhooks → Add webhook.',
    'Set the status to Active, choose the topic, paste the hook URL as the delivery URL and the same secret.',
    'Save: WooCommerce sends a ping, which is not signed and is answered for you.',
  ],
  schemes: [{ ...overBody, from: [{ header: 'x-wc-webhook-signature' }], encoding: 'base64' }],
  settings: [],
  handshakes: [
    {
      methods: ['POST'],
      // The ping of a new webhook: `webhook_id=17` and nothing else, neither topic nor signature.
      when: [
        { from: { body: 'webhook_id' } },
        { from: { header: 'x-wc-webhook-topic' }, absent: true },
        { from: { header: 'x-wc-webhook-signature' }, absent: true },
      ],
      order: 'before',
      answer: { kind: 'fixed', status: 200 },
    },
  ],
  type: [{ header: 'x-wc-webhook-topic' }],
  delivery: [{ header: 'x-wc-webhook-delivery-id' }],
  samples: [
    {
      title: 'order.created',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'WooCommerce/9.3.3 Hookshot (WordPress/6.6)',
        'x-wc-webhook-source': 'https://shop.example.com/',
        'x-wc-webhook-topic': 'order.created',
        'x-wc-webhook-resource': 'order',
        'x-wc-webhook-event': 'created',
        'x-wc-webhook-id': '17',
        'x-wc-webhook-delivery-id': '5d4f1e0a7b8c9d2e3f405162738495a6',
      },
      body: {
        id: 727,
        number: '727',
        status: 'processing',
        currency: 'EUR',
        total: '29.35',
        payment_method_title: 'Direct Bank Transfer',
        billing: { first_name: 'John', last_name: 'Doe', email: 'john.doe@example.com' },
        line_items: [{ id: 315, name: 'Woo Single #1', product_id: 93, quantity: 2, total: '6.00' }],
      },
    },
  ],
}
