import type { Provider } from '../contract/provider.ts'
import { unsigned, unsignedSetup } from './unsigned.ts'

export const brevo: Provider = {
  id: 'brevo',
  title: 'Brevo',
  icon: 'mail',
  link: 'https://developers.brevo.com/docs/secure-webhook-calls',
  secretIsOwn: true,
  setup: [
    ...unsignedSetup(
      'In Brevo, open Transactional → Settings → Webhook → Add a new webhook, paste the hook URL',
    ),
    'Or choose the variant "basic" here with user:password as the secret, and write user:password@ in front of the host there.',
    'Or choose the variant "address" here and allow the networks 1.179.112.0/20 and 172.246.240.0/20.',
  ],
  caution: 'Brevo signs nothing.',
  ...unsigned,
  type: [{ body: 'event' }],
  samples: [
    {
      title: 'delivered',
      headers: { 'content-type': 'application/json' },
      body: {
        event: 'delivered',
        email: 'example@example.com',
        id: 26224,
        date: '2026-09-01 12:00:00',
        ts: 1788264000,
        'message-id': '<201798300811.5787683@relay.domain.com>',
        ts_event: 1788264000,
        subject: 'Subject Line',
        tag: '["transactionalTag"]',
        sending_ip: '185.41.28.109',
      },
    },
  ],
}
