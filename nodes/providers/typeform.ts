import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const typeform: Provider = {
  id: 'typeform',
  title: 'Typeform',
  icon: 'clipboard-list',
  link: 'https://www.typeform.com/developers/webhooks/secure-your-webhooks/',
  secretIsOwn: true,
  setup: [
    'Open the form → Connect → Webhooks → Add a webhook, paste the hook URL and switch it on.',
    'Choose Edit, make up a long secret, and paste the same one into the secret field here.',
    '"Send test request" sends a first event.',
  ],
  schemes: [{ ...overBody, from: [{ header: 'typeform-signature' }], prefix: 'sha256=', encoding: 'base64' }],
  settings: [],
  type: [{ body: 'event_type' }],
  delivery: [{ body: 'event_id' }],
  samples: [
    {
      title: 'form_response',
      headers: { 'content-type': 'application/json', 'user-agent': 'Typeform Webhooks' },
      body: {
        event_id: 'LtWXD3crgy',
        event_type: 'form_response',
        form_response: {
          form_id: 'lT4Z3j',
          token: 'a3a12ec67a1365927098a606107fac15',
          submitted_at: '2018-01-18T18:17:02Z',
          landed_at: '2018-01-18T18:07:02Z',
          definition: {
            id: 'lT4Z3j',
            title: 'Webhooks example',
            fields: [
              {
                id: 'SMEUb7VJz92Q',
                title: 'Thank you. What is your email?',
                type: 'email',
                ref: 'readable_ref_email',
              },
            ],
          },
          answers: [
            {
              type: 'email',
              email: 'laura@example.com',
              field: { id: 'SMEUb7VJz92Q', type: 'email', ref: 'readable_ref_email' },
            },
          ],
        },
      },
    },
  ],
}
