import type { Provider } from '../contract/provider.ts'

export const intercom: Provider = {
  id: 'intercom',
  title: 'Intercom',
  icon: 'message-circle',
  link: 'https://developers.intercom.com/docs/webhooks/webhook-notifications',
  setup: [
    'In the Intercom developer hub, open your app → Basic information and copy its "Client secret" into the secret field here.',
    'Publish this workflow, open Webhooks, paste the hook URL and choose the topics.',
    'Save: Intercom asks whether the URL answers, which it does, and "Send a test request" sends a first event.',
  ],
  schemes: [
    {
      kind: 'signature',
      from: [{ header: 'x-hub-signature' }],
      prefix: 'sha1=',
      algorithm: 'hmac-sha1',
      encoding: 'hex',
      key: 'text',
      signed: '{body}',
    },
  ],
  settings: [],
  handshakes: [{ methods: ['HEAD'], when: [], order: 'before', answer: { kind: 'fixed', status: 200 } }],
  type: [{ body: 'topic' }],
  delivery: [{ body: 'id' }],
  retry: { from: { body: 'delivery_attempts' }, unless: '1' },
  samples: [
    {
      title: 'conversation.user.created',
      headers: { 'content-type': 'application/json', 'user-agent': 'intercom-webhook-agent' },
      body: {
        type: 'notification_event',
        app_id: 'a86dr8yl',
        data: {
          type: 'notification_event_data',
          item: {
            type: 'conversation',
            id: '10089710500024',
            state: 'open',
            source: {
              type: 'conversation',
              body: '<p>Hello there</p>',
              author: { type: 'user', name: 'Winston Smith' },
            },
          },
        },
        id: 'notif_ccd8a4d0-f965-11e3-a367-c779cae3e1b3',
        topic: 'conversation.user.created',
        delivery_status: 'pending',
        delivery_attempts: 1,
        delivered_at: 0,
        first_sent_at: 1392731331,
        created_at: 1392731331,
      },
    },
  ],
}
