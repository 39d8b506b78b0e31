import type { Provider } from '../contract/provider.ts'
import { standardWebhooksSchemes } from './standard-webhooks.ts'

export const svix: Provider = {
  id: 'svix',
  title: 'Svix',
  icon: 'webhook',
  link: 'https://docs.svix.com/receiving/verifying-payloads/how',
  setup: [
    'Many services send through Svix (Clerk, Resend, Brex, …): add an endpoint there and paste the hook URL.',
    'Open the endpoint, reveal its "Signing Secret" (whsec_…) and paste it into the secret field here.',
  ],
  schemes: standardWebhooksSchemes('svix-'),
  settings: ['timestamp'],
  type: [{ body: 'type' }, { body: 'event_type' }, { body: 'eventType' }],
  delivery: [{ header: 'svix-id' }],
  samples: [
    {
      title: 'user.created',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Svix-Webhooks/1.62.0',
        'svix-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      },
      body: {
        type: 'user.created',
        object: 'event',
        data: { id: 'user_29w83sxmDNGwOuEthce5gg56FcC', first_name: 'Example', created_at: 1654012591514 },
      },
    },
  ],
}
