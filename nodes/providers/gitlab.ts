import type { Provider } from '../contract/provider.ts'
import type { Scheme } from '../contract/scheme.ts'
import { standardWebhooksSchemes } from './standard-webhooks.ts'

/**
 * GitLab 19 signs by Standard Webhooks with a signing token (`whsec_…`); the older "secret token" is sent as it is. Which
 * one holds is told by the secret that the workflow has, so that a leaked token cannot stand in for a signature.
 */
const schemes: readonly Scheme[] = [
  ...standardWebhooksSchemes('webhook-')
    .filter((scheme) => scheme.secretPrefix === undefined)
    .map((scheme): Scheme => ({ ...scheme, secretPrefix: 'whsec_' })),
  { kind: 'token', from: [{ header: 'x-gitlab-token' }] },
]

export const gitlab: Provider = {
  id: 'gitlab',
  title: 'GitLab',
  icon: 'gitlab',
  link: 'https://docs.gitlab.com/user/project/integrations/webhooks/',
  secretIsOwn: true,
  setup: [
    'In the project or group, open Settings → Webhooks → Add new webhook and paste the hook URL.',
    'GitLab 19 and later: create a signing token (whsec_…) and paste it into the secret field here.',
    'Older GitLab: make up a secret token, paste it into "Secret token" there and into the secret field here.',
    'Choose the triggers and save; "Test" sends a first event.',
  ],
  schemes,
  settings: ['timestamp'],
  type: [{ header: 'x-gitlab-event' }],
  // Not X-Gitlab-Event-UUID: webhooks that set off one another share it.
  delivery: [{ header: 'idempotency-key' }, { header: 'webhook-id' }],
  samples: [
    {
      title: 'push',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'GitLab/19.0.0',
        'x-gitlab-event': 'Push Hook',
        'x-gitlab-instance': 'https://gitlab.com',
        'idempotency-key': 'f5e5f430-f57b-4e6e-9fac-d9128cd7232f',
        'webhook-id': 'f5e5f430-f57b-4e6e-9fac-d9128cd7232f',
      },
      body: {
        object_kind: 'push',
        event_name: 'push',
        before: '95790bf891e76fee5e1747ab589903a6a1f80f22',
        after: 'da1560886d4f094c3e6c9ef40349f7d38b5d27d7',
        ref: 'refs/heads/main',
        user_name: 'John Smith',
        user_username: 'jsmith',
        project_id: 15,
        project: {
          id: 15,
          name: 'Diaspora',
          web_url: 'https://gitlab.example.com/mike/diaspora',
          path_with_namespace: 'mike/diaspora',
          default_branch: 'main',
        },
        commits: [
          {
            id: 'b6568db1bc1dcd7f8b4d5a946b0b91f9dacd7327',
            message: 'Update Catalan translation to e38cb41.',
            timestamp: '2011-12-12T14:27:31+02:00',
            author: { name: 'Jordi Mallach', email: 'jordi@example.com' },
            added: ['CHANGELOG'],
            modified: ['app/controller/application.rb'],
            removed: [],
          },
        ],
        total_commits_count: 1,
      },
    },
  ],
}
