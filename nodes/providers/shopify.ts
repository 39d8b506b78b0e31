import type { Provider } from '../contract/provider.ts'

export const shopify: Provider = {
  id: 'shopify',
  title: 'Shopify',
  icon: 'shopping-bag',
  link: 'https://shopify.dev/docs/apps/build/webhooks/subscribe/https',
  setup: [
    'For an app: paste the hook URL as the webhook\'s delivery address and the app\'s "Client secret" into the secret field here.',
    'For a shop: open Settings → Notifications → Webhooks → Create webhook, format JSON, and paste the hook URL.',
    'The shop shows its signing secret under the list ("Your webhooks will be signed with …"): paste that one here.',
  ],
  schemes: [
    {
      kind: 'signature',
      // Event webhooks bear the shorter name.
      from: [{ header: 'x-shopify-hmac-sha256' }, { header: 'shopify-hmac-sha256' }],
      algorithm: 'hmac-sha256',
      encoding: 'base64',
      key: 'text',
      signed: '{body}',
    },
  ],
  settings: [],
  type: [{ header: 'x-shopify-topic' }, { header: 'shopify-topic' }],
  // Not the event id: one event goes to every subscription of a shop, and each is a delivery of its own.
  delivery: [{ header: 'x-shopify-webhook-id' }, { header: 'shopify-webhook-id' }],
  samples: [
    {
      title: 'orders/create',
      headers: {
        'content-type': 'application/json',
        'x-shopify-topic': 'orders/create',
        'x-shopify-shop-domain': 'example-shop.myshopify.com',
        'x-shopify-api-version': '2026-07',
        'x-shopify-webhook-id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
        'x-shopify-event-id': '98880550-7158-44d4-b7cd-2c97c8a091b5',
        'x-shopify-triggered-at': '2026-09-01T12:00:00.000000000Z',
      },
      body: {
        id: 5525385740346,
        name: '#9999',
        email: 'jon@example.com',
        created_at: '2021-12-31T19:00:00-05:00',
        currency: 'USD',
        total_price: '388.00',
        financial_status: 'voided',
        customer: { id: 7081541648442, first_name: 'John', last_name: 'Smith' },
        line_items: [
          { id: 13729221509178, title: 'IPod Nano - 8GB', quantity: 1, price: '199.00', sku: 'IPOD2008PINK' },
        ],
      },
    },
  ],
}
