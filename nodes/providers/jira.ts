import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const jira: Provider = {
  id: 'jira',
  title: 'Jira',
  icon: 'list-checks',
  link: 'https://developer.atlassian.com/cloud/jira/platform/webhooks/',
  secretIsOwn: true,
  setup: [
    'In Jira, open Settings → System → WebHooks → Create a WebHook and paste the hook URL.',
    'Let Jira generate a secret (or make one up), and paste the same one into the secret field here.',
    'Choose the events, narrow them with JQL where you like, and create it.',
  ],
  schemes: [{ ...overBody, from: [{ header: 'x-hub-signature' }], prefix: 'sha256=', encoding: 'hex' }],
  settings: [],
  type: [{ body: 'webhookEvent' }],
  delivery: [{ header: 'x-atlassian-webhook-identifier' }],
  retry: { from: { header: 'x-atlassian-webhook-retry' } },
  samples: [
    {
      title: 'jira:issue_updated',
      headers: {
        'content-type': 'application/json; charset=UTF-8',
        'user-agent': 'Atlassian Webhook HTTP Client',
        'x-atlassian-webhook-identifier': '54b7cef0-1e5a-4c4d-9b8e-3b6cf8b1a001',
      },
      body: {
        timestamp: 1525698237764,
        webhookEvent: 'jira:issue_updated',
        issue_event_type_name: 'issue_generic',
        user: { accountId: '99:27935d01-92a7-4687-8272-a9b8d3b2ae2e', displayName: 'Bryan Rollins' },
        issue: {
          id: '99291',
          key: 'JRA-20002',
          fields: {
            summary: 'I feel the need for speed',
            labels: ['UI', 'dialogue', 'move'],
            priority: { name: 'Minor' },
          },
        },
        changelog: {
          id: '10124',
          items: [{ field: 'status', fromString: 'To Do', toString: 'In Progress' }],
        },
      },
    },
  ],
}
