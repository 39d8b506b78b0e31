import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const airtable: Provider = {
  id: 'airtable',
  title: 'Airtable',
  icon: 'table',
  link: 'https://airtable.com/developers/web/api/webhooks-overview',
  setup: [
    'Create the webhook by Airtable’s API: POST /v0/bases/{baseId}/webhooks with the hook URL as "notificationUrl".',
    'Paste the "macSecretBase64" of the answer, which comes only once, into the secret field here.',
    'A notification says only that something changed: let an HTTP node list the payloads. The webhook ends after 7 days unless it is refreshed.',
  ],
  schemes: [
    {
      ...overBody,
      from: [{ header: 'x-airtable-content-mac' }],
      prefix: 'hmac-sha256=',
      encoding: 'hex',
      key: 'base64',
    },
  ],
  settings: [],
  samples: [
    {
      title: 'something changed',
      headers: { 'content-type': 'application/json' },
      body: {
        base: { id: 'app00000000000000' },
        webhook: { id: 'ach00000000000000' },
        timestamp: '2022-02-01T21:25:05.663Z',
      },
    },
  ],
}
