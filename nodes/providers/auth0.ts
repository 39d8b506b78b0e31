import type { Provider } from '../contract/provider.ts'

export const auth0: Provider = {
  id: 'auth0',
  title: 'Auth0 (log streams)',
  icon: 'fingerprint',
  link: 'https://auth0.com/docs/customize/log-streams/custom-log-streams',
  secretIsOwn: true,
  setup: [
    'Make up a long secret and paste it into the secret field here.',
    'In the Auth0 dashboard, open Monitoring → Streams → Create Stream → Custom Webhook and paste the hook URL as the payload URL.',
    'Enter the same secret as the authorization token, and choose the content type application/json.',
  ],
  caution: 'Auth0 signs nothing: it shows the secret with each batch.',
  schemes: [{ kind: 'token', from: [{ header: 'authorization' }] }],
  settings: [],
  type: [{ body: '0.data.type' }, { body: 'data.type' }],
  // No delivery id: one request carries a batch.
  samples: [
    {
      title: 'a failed login',
      headers: { 'content-type': 'application/json' },
      body: [
        {
          log_id: '90020260901120000000000000000000000001223372036854775807',
          data: {
            date: '2026-09-01T12:00:00.000Z',
            type: 'f',
            description: 'Wrong email or password.',
            connection: 'Username-Password-Authentication',
            client_id: 'AaiyAPdpYdesoKnqjj8HJqRn4T5titww',
            ip: '192.0.2.1',
            user_name: 'jane@example.com',
          },
        },
      ],
    },
  ],
}
