import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

/** Forgejo sends Gitea's headers and its own of the same content; one of them is enough. */
export const gitea: Provider = {
  id: 'gitea',
  title: 'Gitea, Forgejo',
  icon: 'git-branch',
  link: 'https://docs.gitea.com/usage/webhooks',
  secretIsOwn: true,
  setup: [
    'In the repository or organisation, open Settings → Webhooks → Add webhook → Gitea (or Forgejo).',
    'Paste the hook URL as the target URL and choose the content type application/json.',
    'Make up a long secret, paste it into "Secret" there and into the secret field here.',
    'Save, and send a first event with "Test delivery".',
  ],
  schemes: [
    {
      ...overBody,
      from: [{ header: 'x-gitea-signature' }, { header: 'x-forgejo-signature' }],
      encoding: 'hex',
    },
  ],
  settings: [],
  type: [{ header: 'x-gitea-event' }, { header: 'x-forgejo-event' }],
  delivery: [{ header: 'x-gitea-delivery' }, { header: 'x-forgejo-delivery' }],
  unwrap: { field: 'payload' },
  samples: [
    {
      title: 'push',
      headers: {
        'content-type': 'application/json',
        'x-gitea-delivery': 'f6266f16-1bf3-46a5-9ea4-602e06ead473',
        'x-gitea-event': 'push',
      },
      body: {
        ref: 'refs/heads/develop',
        before: '28e1879d029cb852e4844d9c718537df08844e03',
        after: 'bffeb74224043ba2feb48d137756c8a9331c449a',
        compare_url: 'http://localhost:3000/gitea/webhooks/compare/28e1879d029c...bffeb7422404',
        commits: [
          {
            id: 'bffeb74224043ba2feb48d137756c8a9331c449a',
            message: 'Webhooks Yay!',
            author: { name: 'Gitea', email: 'someone@gitea.io', username: 'gitea' },
            timestamp: '2017-03-13T13:52:11-04:00',
          },
        ],
        repository: {
          id: 140,
          name: 'webhooks',
          full_name: 'gitea/webhooks',
          private: false,
          default_branch: 'master',
        },
        pusher: { id: 1, login: 'gitea', full_name: 'Gitea', email: 'someone@gitea.io' },
      },
    },
  ],
}
