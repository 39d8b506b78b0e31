import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const tally: Provider = {
  id: 'tally',
  title: 'Tally',
  icon: 'clipboard-list',
  link: 'https://tally.so/help/webhooks',
  secretIsOwn: true,
  setup: [
    'Open the form → Integrations → Webhooks → Connect and paste the hook URL as the endpoint URL.',
    'Choose "Add a signing secret", and paste the same one into the secret field here.',
  ],
  schemes: [{ ...overBody, from: [{ header: 'tally-signature' }], encoding: 'base64' }],
  settings: [],
  type: [{ body: 'eventType' }],
  delivery: [{ body: 'eventId' }],
  samples: [
    {
      title: 'FORM_RESPONSE',
      headers: { 'content-type': 'application/json' },
      body: {
        eventId: 'a4cb511e-d513-4fa5-baee-b815d718dfd1',
        eventType: 'FORM_RESPONSE',
        createdAt: '2023-06-28T15:00:21.889Z',
        data: {
          responseId: '2wgx4n',
          submissionId: '2wgx4n',
          respondentId: 'dwQKYm',
          formId: 'VwbNEw',
          formName: 'Webhook payload',
          createdAt: '2023-06-28T15:00:21.000Z',
          fields: [
            { key: 'question_mVGEg3_8b5711e3', label: 'Your name', type: 'INPUT_TEXT', value: 'Jane' },
          ],
        },
      },
    },
  ],
}
