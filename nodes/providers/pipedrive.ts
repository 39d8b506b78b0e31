import type { Provider } from '../contract/provider.ts'

export const pipedrive: Provider = {
  id: 'pipedrive',
  title: 'Pipedrive',
  icon: 'funnel',
  link: 'https://pipedrive.readme.io/docs/guide-for-webhooks-v2',
  setup: [
    'Make up a user name and a long password, and paste user:password into the secret field here.',
    'In Pipedrive, open Tools and apps → Webhooks → Create new webhook and paste the hook URL as the endpoint URL.',
    'Enter the same user and password under "HTTP Auth username" and "HTTP Auth password".',
  ],
  caution: 'Pipedrive signs nothing: it shows a user and a password.',
  schemes: [{ kind: 'basic' }],
  settings: ['username'],
  type: [{ body: 'meta.entity' }, { body: 'event' }],
  delivery: [{ body: 'meta.id' }],
  retry: { from: { body: 'meta.attempt' }, unless: '1' },
  samples: [
    {
      title: 'a deal was changed',
      headers: { 'content-type': 'application/json', 'user-agent': 'Pipedrive Webhooks' },
      body: {
        data: { id: 7, title: 'Deal of the year', status: 'won', value: 12000, currency: 'EUR', stage_id: 2 },
        previous: { status: 'open' },
        meta: {
          action: 'change',
          company_id: '12345678',
          correlation_id: '26edff89-c795-45bf-90ca-6ac21e48a4cd',
          entity_id: '7',
          entity: 'deal',
          id: '8a6b3e80-a6f7-4a9c-9c3c-1d0f8b5b3f00',
          timestamp: '2026-09-01T12:00:00.000Z',
          type: 'general',
          user_id: '1234567',
          version: '2.0',
          webhook_id: '481',
          attempt: 1,
        },
      },
    },
  ],
}
