import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const clickup: Provider = {
  id: 'clickup',
  title: 'ClickUp',
  icon: 'list-checks',
  link: 'https://developer.clickup.com/docs/webhooksignature',
  setup: [
    'Create the webhook by ClickUp’s API: POST /api/v2/team/{team_id}/webhook with the hook URL as "endpoint" and the events.',
    'Paste the "secret" of the answer into the secret field here.',
  ],
  schemes: [{ ...overBody, from: [{ header: 'x-signature' }], encoding: 'hex' }],
  settings: [],
  type: [{ body: 'event' }],
  // Each change of a task has a history item of its own; a task that is deleted has none.
  delivery: [{ body: 'history_items.0.id' }],
  samples: [
    {
      title: 'taskStatusUpdated',
      headers: { 'content-type': 'application/json' },
      body: {
        event: 'taskStatusUpdated',
        history_items: [
          {
            id: '2800787326392370170',
            type: 1,
            date: '1642734631523',
            field: 'status',
            parent_id: '162641062',
            user: { id: 183, username: 'John', email: 'john@company.com' },
            before: { status: 'to do', type: 'open' },
            after: { status: 'in progress', type: 'custom' },
          },
        ],
        task_id: '1vj38vv',
        webhook_id: '7fa3ec74-69a8-4530-a251-8a13730bd204',
      },
    },
  ],
}
