import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const notion: Provider = {
  id: 'notion',
  title: 'Notion',
  icon: 'notebook-text',
  link: 'https://developers.notion.com/reference/webhooks',
  setup: [
    'Choose a name for the secret here that does not exist yet, and publish this workflow.',
    'In your Notion integration, open Webhooks → Create a subscription and paste the hook URL.',
    'Notion sends a verification token: find it in the body of the newest entry under Rejections.',
    'Paste it into Notion’s "Verify" dialog and into the secret field here: it signs everything that comes.',
  ],
  schemes: [{ ...overBody, from: [{ header: 'x-notion-signature' }], prefix: 'sha256=', encoding: 'hex' }],
  settings: [],
  handshakes: [
    {
      methods: ['POST'],
      when: [
        { from: { body: 'verification_token' } },
        { from: { header: 'x-notion-signature' }, absent: true },
      ],
      order: 'before',
      shown:
        'Notion sends its verification token, which is in the body. Paste it into Notion and into the secret field of the webhook node.',
      answer: { kind: 'fixed', status: 200 },
    },
  ],
  type: [{ body: 'type' }],
  delivery: [{ body: 'id' }],
  retry: { from: { body: 'attempt_number' }, unless: '1' },
  samples: [
    {
      title: 'page.content_updated',
      headers: { 'content-type': 'application/json' },
      body: {
        id: '367cba44-b6f3-4c92-81e7-6a2e9659efd4',
        timestamp: '2024-12-05T23:55:34.285Z',
        workspace_id: '13950b26-c203-4f3b-b97d-93ec06319565',
        workspace_name: 'Quantify Labs',
        subscription_id: '29d75c0d-5546-4414-8459-7b7a92f1fc4b',
        integration_id: '0ef2e755-4912-8096-91c1-00376a88a5ca',
        type: 'page.content_updated',
        authors: [{ id: 'c7c11cca-1d73-471d-9b6e-bdef51470190', type: 'person' }],
        accessible_by: [],
        attempt_number: 1,
        entity: { id: '153104cd-477e-809d-8dc4-ff2d96ae3090', type: 'page' },
        data: { updated_blocks: [{ id: '153104cd-477e-80ec-a87d-f7ff0236d35c', type: 'block' }] },
      },
    },
  ],
}
