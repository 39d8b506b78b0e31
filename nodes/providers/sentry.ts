import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const sentry: Provider = {
  id: 'sentry',
  title: 'Sentry',
  icon: 'bug',
  link: 'https://docs.sentry.io/organization/integrations/integration-platform/webhooks/',
  setup: [
    'In Sentry, open Settings → Custom Integrations → Create New Integration → Internal Integration and paste the hook URL.',
    'Choose the webhooks to send (and "Alert Rule Action" for alerts), and save.',
    'Copy the "Client Secret" and paste it into the secret field here.',
  ],
  schemes: [{ ...overBody, from: [{ header: 'sentry-hook-signature' }], encoding: 'hex' }],
  settings: [],
  type: [{ header: 'sentry-hook-resource' }],
  delivery: [{ header: 'request-id' }],
  samples: [
    {
      title: 'issue',
      headers: {
        'content-type': 'application/json',
        'request-id': '4d7c9c2e6a0f4a8bb3c7e5d1f2a3b4c5',
        'sentry-hook-resource': 'issue',
        'sentry-hook-timestamp': '1788264000',
      },
      body: {
        action: 'created',
        installation: { uuid: '24b516e4-4d3a-4b8a-9d2c-2d0c5d1c0e11' },
        data: {
          issue: {
            id: '1170820242',
            shortId: 'IPE-1',
            title: 'ReferenceError: heck is not defined',
            culprit: '?(<anonymous>)',
            level: 'error',
            status: 'unresolved',
            project: { id: '1', slug: 'ipe', name: 'ipe' },
            count: '1',
          },
        },
        actor: { type: 'application', id: 'sentry', name: 'Sentry' },
      },
    },
  ],
}
