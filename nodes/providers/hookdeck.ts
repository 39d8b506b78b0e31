import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const hookdeck: Provider = {
  id: 'hookdeck',
  title: 'Hookdeck',
  icon: 'webhook',
  link: 'https://hookdeck.com/docs/authentication',
  setup: [
    'In Hookdeck, create a destination of the type HTTP with the hook URL and the authentication "Hookdeck Signature".',
    'Copy the project’s signing secret (Settings → Secrets) and paste it into the secret field here.',
  ],
  schemes: [
    {
      ...overBody,
      // The second one stands beside the first while the secret is replaced.
      from: [{ header: 'x-hookdeck-signature' }, { header: 'x-hookdeck-signature-2' }],
      encoding: 'base64',
    },
  ],
  settings: [],
  type: [{ body: 'type' }, { body: 'event' }],
  delivery: [{ header: 'x-hookdeck-eventid' }],
  retry: { from: { header: 'x-hookdeck-attempt-count' }, unless: '1' },
  samples: [
    {
      title: 'an order',
      headers: {
        'content-type': 'application/json',
        'x-hookdeck-eventid': 'evt_RJkoBzGWDgGQTHHBTQ',
        'x-hookdeck-requestid': 'req_GMKjhXSrw4ZVtHDRoh1A',
        'x-hookdeck-source-name': 'shop',
        'x-hookdeck-attempt-count': '1',
        'x-hookdeck-attempt-trigger': 'INITIAL',
        'x-hookdeck-verified': 'true',
      },
      body: { type: 'order.created', id: 'ord_1001', amount: 4200, currency: 'EUR' },
    },
  ],
}
