import type { Provider } from '../contract/provider.ts'

export const vercel: Provider = {
  id: 'vercel',
  title: 'Vercel',
  icon: 'triangle',
  link: 'https://vercel.com/docs/webhooks/webhooks-api',
  setup: [
    'In the team settings, open Webhooks, choose events and projects, and paste the hook URL.',
    'Create it: Vercel shows the secret once. Paste it into the secret field here.',
    'For an integration, paste its "Client Secret" instead.',
  ],
  schemes: [
    {
      kind: 'signature',
      from: [{ header: 'x-vercel-signature' }],
      algorithm: 'hmac-sha1',
      encoding: 'hex',
      key: 'text',
      signed: '{body}',
    },
  ],
  settings: [],
  type: [{ body: 'type' }],
  delivery: [{ body: 'id' }],
  samples: [
    {
      title: 'deployment.succeeded',
      headers: { 'content-type': 'application/json' },
      body: {
        id: 'uev_1vZ2NzCgRqyuWpJTeqDkPpHf',
        type: 'deployment.succeeded',
        createdAt: 1788264000000,
        region: 'sfo1',
        payload: {
          team: { id: 'team_nLlpyC6REAqxydlFKbrMDlud' },
          user: { id: 'cDEoyqmZ1hnPYqzCzKvqVzKZ' },
          deployment: {
            id: 'dpl_5WJWYSyB7BpgTj3EuwF37WMRBXBtPQ2iTMJHJBJyRfd',
            name: 'my-project',
            url: 'my-project-abc.vercel.app',
          },
          project: { id: 'prj_HZsVyvwfrpZw7cLRMVRLYXpCJKmF' },
          target: 'production',
        },
      },
    },
  ],
}
