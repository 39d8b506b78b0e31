import type { Provider } from '../contract/provider.ts'

export const googlePubsub: Provider = {
  id: 'google-pubsub',
  title: 'Google Pub/Sub (push)',
  icon: 'cloud',
  link: 'https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions',
  setup: [
    'In Google Cloud, make a service account for the subscription and paste its e-mail address into the secret field here.',
    'Publish this workflow, and create a subscription with the delivery type Push and the hook URL as the endpoint URL.',
    'Switch "Enable authentication" on, choose the service account, and leave the audience empty (or name the same one here).',
  ],
  schemes: [
    {
      kind: 'jwt',
      from: { header: 'authorization' },
      authScheme: 'Bearer',
      algorithms: ['RS256'],
      keys: { kind: 'jwks', url: 'https://www.googleapis.com/oauth2/v3/certs' },
      issuer: ['https://accounts.google.com', 'accounts.google.com'],
      audience: '{url}',
      toleranceSeconds: 30,
      // Anybody can get a token of Google's for any audience: the account tells ours.
      claims: { email: '{secret}', email_verified: true },
    },
  ],
  settings: ['audience'],
  type: [{ body: 'message.attributes.eventType' }, { body: 'subscription' }],
  delivery: [{ body: 'message.messageId' }],
  retry: { from: { body: 'deliveryAttempt' }, unless: '1' },
  samples: [
    {
      title: 'a message',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)',
      },
      body: {
        message: {
          attributes: { eventType: 'OBJECT_FINALIZE' },
          data: 'SGVsbG8gQ2xvdWQgUHViL1N1YiEgSGVyZSBpcyBteSBtZXNzYWdlIQ==',
          messageId: '2070443601311540',
          publishTime: '2021-02-26T19:13:55.749Z',
        },
        subscription: 'projects/myproject/subscriptions/mysubscription',
      },
    },
  ],
}
