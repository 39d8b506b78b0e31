import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const asana: Provider = {
  id: 'asana',
  title: 'Asana',
  icon: 'list-checks',
  link: 'https://developers.asana.com/docs/webhooks-guide',
  setup: [
    'Choose a name for the secret here that does not exist yet, and publish this workflow.',
    'Create the webhook by Asana’s API: POST /webhooks with the id of a project or task as "resource" and the hook URL as "target".',
    'Asana sends the secret that it chose: it is stored under that name, and Asana is answered for you.',
    'For another webhook, take another workflow, or delete the secret first: a known secret is never replaced.',
  ],
  schemes: [{ ...overBody, from: [{ header: 'x-hook-signature' }], encoding: 'hex' }],
  settings: [],
  handshakes: [
    {
      methods: ['POST'],
      when: [{ from: { header: 'x-hook-secret' } }],
      order: 'before',
      learns: { header: 'x-hook-secret' },
      answer: { kind: 'echo', challenge: { header: 'x-hook-secret' }, as: { header: 'x-hook-secret' } },
    },
  ],
  type: [{ body: 'events.0.action' }],
  // No delivery id: one request carries several events.
  samples: [
    {
      title: 'a task was changed',
      headers: { 'content-type': 'application/json' },
      body: {
        events: [
          {
            user: { gid: '1199033245512345', resource_type: 'user' },
            created_at: '2026-09-01T12:00:00.000Z',
            action: 'changed',
            resource: { gid: '1337', resource_type: 'task', resource_subtype: 'default_task' },
            parent: null,
            change: {
              field: 'assignee',
              action: 'changed',
              new_value: { gid: '12345', resource_type: 'user' },
            },
          },
        ],
      },
    },
  ],
}
