import type { Provider } from '../contract/provider.ts'
import { sendgridSignature } from './sendgrid.ts'
import { unsigned } from './unsigned.ts'

export const sendgridInbound: Provider = {
  id: 'sendgrid-inbound',
  title: 'SendGrid (inbound parse)',
  icon: 'inbox',
  link: 'https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook',
  secretIsOwn: true,
  setup: [
    'Make up a long secret (letters and digits) and paste it into the secret field here.',
    'In SendGrid, open Settings → Inbound Parse → Add Host & URL, and paste the hook URL with ?token= and the secret at its end.',
    'Point the MX record of the host to mx.sendgrid.net.',
    'With a security policy that signs, choose the variant "signature" and paste its public key as the secret.',
  ],
  caution: 'SendGrid signs inbound mail only where a security policy is attached to the parse setting.',
  schemes: [...unsigned.schemes, { ...sendgridSignature, variant: 'signature' }],
  settings: ['variant', 'timestamp'],
  bodyBytesMax: 25 * 1_024 * 1_024,
  samples: [
    {
      title: 'a mail',
      headers: { 'content-type': 'multipart/form-data; boundary=xYzZY', 'user-agent': 'SendGrid' },
      body: [
        ['from', 'Example <example@example.com>'],
        ['to', 'inbox@parse.example.com'],
        ['subject', 'A question'],
        ['text', 'How are you?'],
        ['envelope', '{"to":["inbox@parse.example.com"],"from":"example@example.com"}'],
        ['charsets', '{"to":"UTF-8","subject":"UTF-8","from":"UTF-8","text":"UTF-8"}'],
        ['SPF', 'pass'],
      ]
        .map(([name, text]) => `--xYzZY\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`)
        .join('')
        .concat('--xYzZY--\r\n'),
    },
  ],
}
