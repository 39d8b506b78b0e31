import type { Provider } from '../contract/provider.ts'

export const mandrill: Provider = {
  id: 'mandrill',
  title: 'Mailchimp Transactional (Mandrill)',
  icon: 'mail',
  link: 'https://mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks/',
  setup: [
    'Publish this workflow: Mandrill asks with a HEAD whether the URL answers, and is answered for you.',
    'In Mandrill, open Settings → Webhooks → Add a webhook, choose the events and paste the hook URL exactly as it is shown here: Mandrill signs it.',
    'Show the webhook’s key in the list and paste it into the secret field here.',
  ],
  schemes: [
    {
      kind: 'signature',
      from: [{ header: 'x-mandrill-signature' }],
      algorithm: 'hmac-sha1',
      encoding: 'base64',
      key: 'text',
      signed: '{url}{form}',
    },
  ],
  settings: [],
  handshakes: [{ methods: ['HEAD'], when: [], order: 'before', answer: { kind: 'fixed', status: 200 } }],
  type: [{ body: '0.event' }],
  // No delivery id: one request carries many events.
  unwrap: { field: 'mandrill_events' },
  samples: [
    {
      title: 'open',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'Mandrill-Webhook/1.0' },
      body: `mandrill_events=${encodeURIComponent(
        JSON.stringify([
          {
            event: 'open',
            ts: 1365109999,
            _id: 'exampleaaaaaaaaaaaaaaaaaaaaaaaaa',
            msg: {
              ts: 1365109999,
              subject: 'This is an example',
              email: 'example.webhook@mandrillapp.com',
              state: 'sent',
            },
          },
        ]),
      )}`,
    },
  ],
}
