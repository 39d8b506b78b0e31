import type { Provider } from '../contract/provider.ts'
import { unsigned, unsignedSetup } from './unsigned.ts'

export const jotform: Provider = {
  id: 'jotform',
  title: 'Jotform',
  icon: 'clipboard-list',
  link: 'https://www.jotform.com/help/245-how-to-setup-a-webhook-with-jotform/',
  secretIsOwn: true,
  setup: [
    ...unsignedSetup('Open the form → Settings → Integrations → Webhooks, paste the hook URL'),
    'The answers are in the field "rawRequest", as JSON text.',
  ],
  caution: 'Jotform signs nothing.',
  ...unsigned,
  delivery: [{ body: 'submissionID' }],
  samples: [
    {
      title: 'a submission',
      headers: { 'content-type': 'multipart/form-data; boundary=xYzZY' },
      body: [
        ['action', ''],
        ['webhookURL', 'https://example.com/hooks/…'],
        ['type', 'WEB'],
        ['formID', '231234567890123'],
        ['formTitle', 'Contact us'],
        ['submissionID', '5712345678901234567'],
        ['ip', '192.0.2.1'],
        ['pretty', 'Name:Jane Doe, E-mail:jane@example.com'],
        [
          'rawRequest',
          '{"slug":"submit/231234567890123","q3_name":{"first":"Jane","last":"Doe"},"q4_email":"jane@example.com"}',
        ],
      ]
        .map(([name, text]) => `--xYzZY\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`)
        .join('')
        .concat('--xYzZY--\r\n'),
    },
  ],
}
