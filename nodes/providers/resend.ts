import type { Provider } from '../contract/provider.ts'
import { standardWebhooksSchemes } from './standard-webhooks.ts'

export const resend: Provider = {
  id: 'resend',
  title: 'Resend',
  icon: 'mail',
  link: 'https://resend.com/docs/dashboard/webhooks/verify-webhooks-requests',
  setup: [
    'In Resend, open Webhooks → Add Webhook, paste the hook URL and choose the events.',
    'Open the webhook, copy its "Signing Secret" (whsec_…) and paste it into the secret field here.',
  ],
  schemes: standardWebhooksSchemes('svix-'),
  settings: ['timestamp'],
  type: [{ body: 'type' }],
  delivery: [{ header: 'svix-id' }],
  samples: [
    {
      title: 'email.delivered',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Svix-Webhooks/1.62.0',
        'svix-id': 'msg_2mPXb1SgM0XHVtVUxJ1LkK8pW3z',
      },
      body: {
        type: 'email.delivered',
        created_at: '2024-02-22T23:41:12.126Z',
        data: {
          email_id: '56761188-7520-42d8-8898-ff6fc54ce618',
          from: 'Acme <onboarding@resend.dev>',
          to: ['delivered@resend.dev'],
          subject: 'Sending this example',
        },
      },
    },
  ],
}
