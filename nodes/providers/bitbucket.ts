import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const bitbucket: Provider = {
  id: 'bitbucket',
  title: 'Bitbucket',
  icon: 'git-branch',
  link: 'https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/',
  secretIsOwn: true,
  setup: [
    'In the repository, open Repository settings → Webhooks → Add webhook and paste the hook URL.',
    'Let Bitbucket generate a secret (or make one up), and paste the same one into the secret field here.',
    'Choose the triggers and save; "View requests" on the webhook’s page shows what was sent.',
  ],
  schemes: [{ ...overBody, from: [{ header: 'x-hub-signature' }], prefix: 'sha256=', encoding: 'hex' }],
  settings: [],
  type: [{ header: 'x-event-key' }],
  delivery: [{ header: 'x-request-uuid' }],
  retry: { from: { header: 'x-attempt-number' }, unless: '1' },
  samples: [
    {
      title: 'repo:push',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Bitbucket-Webhooks/2.0',
        'x-event-key': 'repo:push',
        'x-hook-uuid': '8d2b2f5c-5bd8-4a54-9a3e-6f2c1f0d6c11',
        'x-request-uuid': '0a6b1a3e-1b7d-4e0c-8d5e-52a1a5c9b7f0',
        'x-attempt-number': '1',
      },
      body: {
        actor: { type: 'user', display_name: 'Emma', nickname: 'emmap1' },
        repository: {
          type: 'repository',
          name: 'repo_name',
          full_name: 'team_name/repo_name',
          is_private: true,
        },
        push: {
          changes: [
            {
              new: {
                type: 'branch',
                name: 'main',
                target: { type: 'commit', hash: '709d658dc5b6d6afcd46049c2f332ee3f515a67d' },
              },
              old: {
                type: 'branch',
                name: 'main',
                target: { type: 'commit', hash: '1e65c05c1d5171631d92438a13901ca7dae9618c' },
              },
              created: false,
              forced: false,
              closed: false,
              commits: [{ hash: '709d658dc5b6d6afcd46049c2f332ee3f515a67d', message: 'commit message\n' }],
              truncated: false,
            },
          ],
        },
      },
    },
  ],
}
