import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const mailgun: Provider = {
  id: 'mailgun',
  title: 'Mailgun',
  icon: 'mail',
  link: 'https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks',
  setup: [
    'In Mailgun, open Send → Sending → Webhooks → Add webhook, choose the event type and paste the hook URL.',
    'Copy the "HTTP webhook signing key" and paste it into the secret field here.',
  ],
  caution:
    'Mailgun signs a time and a token, not the event: each token counts once, and the hook URL must be HTTPS.',
  schemes: [
    {
      ...overBody,
      from: [{ body: 'signature.signature' }],
      encoding: 'hex',
      signed: '{timestamp}{body:signature.token}',
      timestamp: {
        from: { body: 'signature.timestamp' },
        unit: 'seconds',
        toleranceSeconds: 300,
        direction: 'both',
      },
      requires: [{ from: { body: 'signature.token' } }],
    },
  ],
  settings: ['timestamp'],
  type: [{ body: 'event-data.event' }],
  // Not the event's id, which is not signed: who has one signature could make events of any id with it.
  delivery: [{ body: 'signature.token' }],
  samples: [
    {
      title: 'opened',
      headers: { 'content-type': 'application/json', 'user-agent': 'Go-http-client/2.0' },
      body: {
        signature: {
          timestamp: '1529006854',
          token: 'a8ce0edb2dd8301dee6c2405235584e45aa91d1e9f979f3de0',
          signature: '',
        },
        'event-data': {
          event: 'opened',
          timestamp: 1529006854.329574,
          id: 'DACSsAdVSeGpLid7TN03WA',
          recipient: 'alice@example.com',
          message: { headers: { 'message-id': '20130503182626.18666.16540@example.com' } },
          tags: ['welcome'],
        },
      },
    },
  ],
}
