import type { Provider } from '../contract/provider.ts'
import type { SignatureScheme } from '../contract/scheme.ts'

const form: SignatureScheme = {
  kind: 'signature',
  from: [{ header: 'x-twilio-signature' }],
  algorithm: 'hmac-sha1',
  encoding: 'base64',
  key: 'text',
  signed: '{url}{form}',
  urlForms: ['port', 'quotes'],
}

/** JSON is signed by its hash in the URL, which then stands in place of the form fields. */
const json: SignatureScheme = {
  ...form,
  signed: '{url}',
  bodySha256: { query: 'bodySHA256' },
  when: [{ from: { query: 'bodySHA256' } }],
  otherwise: form,
}

export const twilio: Provider = {
  id: 'twilio',
  title: 'Twilio',
  icon: 'phone',
  link: 'https://www.twilio.com/docs/usage/webhooks/webhooks-security',
  setup: [
    'In the Twilio console, copy the "Auth Token" of the account and paste it into the secret field here.',
    'Paste the hook URL where the number, messaging service or status callback asks for one, exactly as it is shown here: Twilio signs it.',
    'Twilio hears an empty <Response/>; to answer a call or a message, let a Respond node send TwiML as text/xml.',
  ],
  schemes: [json],
  settings: [],
  type: [{ body: 'EventType' }, { body: 'MessageStatus' }, { body: 'SmsStatus' }, { body: 'CallStatus' }],
  delivery: [{ header: 'i-twilio-idempotency-token' }],
  answer: { status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' }, body: '<Response/>' },
  samples: [
    {
      title: 'incoming message',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'user-agent': 'TwilioProxy/1.1',
        'i-twilio-idempotency-token': 'a3f1c0de-3a4b-4f6e-9a52-0a9c3a4b5c6d',
      },
      body: 'ToCountry=US&MessageSid=SM1f0e8ae6ade43cb3c0ce4525424e404f&SmsStatus=received&Body=Hello+there&To=%2B15558675310&From=%2B14017122661&NumMedia=0&AccountSid=AC0123456789abcdef0123456789abcdef&ApiVersion=2010-04-01',
    },
  ],
}
