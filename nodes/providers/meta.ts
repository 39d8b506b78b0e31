import type { Provider } from '../contract/provider.ts'

export const meta: Provider = {
  id: 'meta',
  title: 'Meta (Facebook, Instagram, WhatsApp)',
  icon: 'message-circle',
  link: 'https://developers.facebook.com/docs/graph-api/webhooks/getting-started',
  setup: [
    'In the Meta app, open App settings → Basic, reveal the "App secret" and paste it into the secret field here.',
    'Make up a verify token, enter it in the verify token field here, and publish this workflow.',
    'Open Webhooks (or WhatsApp → Configuration), paste the hook URL as the callback URL and the same verify token.',
    'Meta asks at once whether the URL is yours; the answer is given for you. Then subscribe to the fields you need.',
  ],
  schemes: [
    {
      kind: 'signature',
      from: [{ header: 'x-hub-signature-256' }],
      prefix: 'sha256=',
      algorithm: 'hmac-sha256',
      encoding: 'hex',
      key: 'text',
      signed: '{body}',
    },
  ],
  settings: ['verifyToken'],
  handshakes: [
    {
      methods: ['GET'],
      when: [{ from: { query: 'hub.mode' }, is: 'subscribe' }, { from: { query: 'hub.challenge' } }],
      order: 'before',
      token: { query: 'hub.verify_token' },
      answer: { kind: 'echo', challenge: { query: 'hub.challenge' }, as: 'text' },
    },
  ],
  type: [{ body: 'entry.0.changes.0.field' }, { body: 'object' }],
  // No delivery id: one request carries several changes, and a retry may group them otherwise.
  samples: [
    {
      title: 'WhatsApp message',
      headers: { 'content-type': 'application/json', 'user-agent': 'facebookexternalua' },
      body: {
        object: 'whatsapp_business_account',
        entry: [
          {
            id: '102290129340398',
            changes: [
              {
                value: {
                  messaging_product: 'whatsapp',
                  metadata: { display_phone_number: '15550783881', phone_number_id: '106540352242922' },
                  contacts: [{ profile: { name: 'Sheena Nelson' }, wa_id: '16505551234' }],
                  messages: [
                    {
                      from: '16505551234',
                      id: 'wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=',
                      timestamp: '1749416383',
                      type: 'text',
                      text: { body: 'Does it come in another color?' },
                    },
                  ],
                },
                field: 'messages',
              },
            ],
          },
        ],
      },
    },
  ],
}
