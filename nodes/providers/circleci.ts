import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const circleci: Provider = {
  id: 'circleci',
  title: 'CircleCI',
  icon: 'workflow',
  link: 'https://circleci.com/docs/guides/integration/outbound-webhooks/',
  secretIsOwn: true,
  setup: [
    'In the project, open Project Settings → Webhooks → Add Webhook and paste the hook URL as the receiver URL.',
    'Make up a long secret token, and paste the same one into the secret field here.',
    'Choose the events and save; "Test Ping Event" sends a first event.',
  ],
  schemes: [
    {
      ...overBody,
      from: [{ header: 'circleci-signature' }],
      parts: { separator: ',', assign: '=', signature: 'v1' },
      encoding: 'hex',
    },
  ],
  settings: [],
  type: [{ header: 'circleci-event-type' }, { body: 'type' }],
  delivery: [{ body: 'id' }],
  samples: [
    {
      title: 'workflow-completed',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'CircleCI-Webhook/1.0',
        'circleci-event-type': 'workflow-completed',
      },
      body: {
        type: 'workflow-completed',
        id: '3888f21b-eaa7-38e3-8f3d-75a63bba8895',
        happened_at: '2021-09-01T22:49:34.317Z',
        webhook: { id: 'cf8c4fdd-0587-4da1-b4ca-4846e9640af9', name: 'Sample Webhook' },
        project: {
          id: '84996744-a854-4f5e-aea3-04e2851dc1d2',
          name: 'webhook-service',
          slug: 'github/circleci/webhook-service',
        },
        workflow: {
          id: 'fda08377-fe7e-46b1-8992-3a7aaecac9c3',
          name: 'build-test-deploy',
          status: 'success',
        },
        pipeline: {
          id: '1285fe1d-d3a6-44fc-8886-8979558254c4',
          number: 130,
          vcs: { branch: 'main', revision: '1dc6aa69429bff4806ad6afe58d3d8f57e25973e' },
        },
      },
    },
  ],
}
