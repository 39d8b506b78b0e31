import type { Provider } from '../contract/provider.ts'
import type { SignatureScheme } from '../contract/scheme.ts'
import { overBody } from './over-body.ts'

/** The older form signs the body alone; the newer one also the headers that it names. */
const older: SignatureScheme = {
  ...overBody,
  from: [{ header: 'x-hook0-signature' }],
  parts: { separator: ',', assign: '=', signature: 'v0' },
  encoding: 'hex',
  signed: '{timestamp}.{body}',
  timestamp: { from: { part: 't' }, unit: 'seconds', toleranceSeconds: 300, direction: 'both' },
}

export const hook0: Provider = {
  id: 'hook0',
  title: 'Hook0',
  icon: 'webhook',
  link: 'https://documentation.hook0.com/how-to-guides/verifying-webhook-signatures',
  setup: [
    'In Hook0, open the application → Subscriptions → Create new subscription and paste the hook URL.',
    'Copy the subscription’s secret and paste it into the secret field here.',
  ],
  schemes: [
    {
      ...older,
      parts: { separator: ',', assign: '=', signature: 'v1' },
      signed: '{timestamp}.{part:h}.{headers:h}.{body}',
      otherwise: older,
    },
  ],
  settings: ['timestamp'],
  type: [{ header: 'x-event-type' }],
  delivery: [{ header: 'x-event-id' }],
  samples: [
    {
      title: 'user.created',
      headers: {
        'content-type': 'application/json',
        'x-event-id': '0192f1c4-6b0f-7c52-9f0a-3b6a1f5f0c11',
        'x-event-type': 'user.account.created',
      },
      body: { user_id: 'usr_1001', email: 'jane@example.com' },
    },
  ],
}
