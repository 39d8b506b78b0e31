import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const line: Provider = {
  id: 'line',
  title: 'LINE',
  icon: 'message-circle',
  link: 'https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/',
  setup: [
    'In the LINE developers console, open your channel → Basic settings, copy the "Channel secret" and paste it into the secret field here.',
    'Publish this workflow and paste the hook URL under Messaging API → Webhook URL.',
    'Choose "Verify" (an event without content), then switch "Use webhook" on.',
  ],
  schemes: [{ ...overBody, from: [{ header: 'x-line-signature' }], encoding: 'base64' }],
  settings: [],
  type: [{ body: 'events.0.type' }],
  // No delivery id: one request carries several events.
  retry: { from: { body: 'events.0.deliveryContext.isRedelivery' }, unless: 'false' },
  samples: [
    {
      title: 'message',
      headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'LineBotWebhook/2.0' },
      body: {
        destination: 'U8e742f61d673b39c7fff3cecb7536ef0',
        events: [
          {
            type: 'message',
            message: {
              type: 'text',
              id: '468789577898262530',
              quoteToken: 'q3Plxr4AgKd',
              text: 'Hello, world!',
            },
            webhookEventId: '01H810YECXQQZ37VAXPF6H9E6T',
            deliveryContext: { isRedelivery: false },
            timestamp: 1692251666727,
            source: { type: 'user', userId: 'U80696558e1aa831fd5d9d7ad6f9e5b2d' },
            replyToken: '38ef843bde154d9b91c21320ffd17a0f',
            mode: 'active',
          },
        ],
      },
    },
  ],
}
