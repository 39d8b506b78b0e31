import type { Provider } from '../contract/provider.ts'

export const netlify: Provider = {
  id: 'netlify',
  title: 'Netlify',
  icon: 'rocket',
  link: 'https://docs.netlify.com/deploy/deploy-notifications/',
  secretIsOwn: true,
  setup: [
    'Open the project → Project configuration → Notifications → Deploy notifications → Add notification → HTTP POST request.',
    'Choose the event, paste the hook URL as the URL to notify, and make up a "JWS secret token".',
    'Paste the same token into the secret field here.',
  ],
  schemes: [
    {
      kind: 'jwt',
      from: { header: 'x-webhook-signature' },
      algorithms: ['HS256'],
      issuer: 'netlify',
      toleranceSeconds: 30,
      bodySha256Claim: 'sha256',
    },
  ],
  settings: [],
  type: [{ header: 'x-netlify-event' }, { body: 'state' }],
  // No delivery id: one deploy is notified of in each of its states.
  samples: [
    {
      title: 'deploy_created',
      headers: { 'content-type': 'application/json', 'x-netlify-event': 'deploy_created' },
      body: {
        id: '5e0ae6c5b0c3f10008a1d5d3',
        site_id: '3970e0fe-8564-4903-9a55-c5f8de49fb8b',
        state: 'ready',
        name: 'my-site',
        url: 'https://my-site.netlify.app',
        branch: 'main',
        commit_ref: '1dc6aa69429bff4806ad6afe58d3d8f57e25973e',
        context: 'production',
        created_at: '2026-09-01T11:59:00.000Z',
        published_at: '2026-09-01T12:00:00.000Z',
      },
    },
  ],
}
