import type { Provider } from '../contract/provider.ts'
import { unsigned, unsignedSetup } from './unsigned.ts'

export const postmark: Provider = {
  id: 'postmark',
  title: 'Postmark',
  icon: 'mail',
  link: 'https://postmarkapp.com/developer/webhooks/webhooks-overview',
  secretIsOwn: true,
  setup: [
    ...unsignedSetup('In the message stream, open Webhooks → Add webhook, paste the hook URL'),
    'Or choose the variant "basic" here with user:password as the secret, and set the same under "Basic auth credentials" there.',
    'Or choose the variant "header", and add the custom header X-Webhook-Token with the secret there.',
  ],
  caution: 'Postmark signs nothing.',
  ...unsigned,
  type: [{ body: 'RecordType' }],
  delivery: [{ header: 'x-pm-webhook-event-id' }],
  samples: [
    {
      title: 'Bounce',
      headers: { 'content-type': 'application/json', 'user-agent': 'Postmark' },
      body: {
        RecordType: 'Bounce',
        MessageStream: 'outbound',
        ID: 4323372036854775,
        Type: 'HardBounce',
        TypeCode: 1,
        MessageID: '883953f4-6105-42a2-a16a-77a8eac79483',
        Description: 'The server was unable to deliver your message (ex: unknown user, mailbox not found).',
        Email: 'john@example.com',
        From: 'sender@example.com',
        BouncedAt: '2019-11-05T16:33:54.9070259Z',
        Inactive: true,
        CanActivate: true,
        Subject: 'Test subject',
      },
    },
  ],
}
