import type { Provider } from '../contract/provider.ts'

export const braintree: Provider = {
  id: 'braintree',
  title: 'Braintree',
  icon: 'credit-card',
  link: 'https://developer.paypal.com/braintree/docs/guides/webhooks/overview',
  setup: [
    'In the control panel, open Settings → API and note the public and the private key of one API key.',
    'Paste the private key into the secret field here and the public key as the user name, and publish this workflow.',
    'Open Settings → API → Webhooks → Create new webhook, paste the hook URL and choose the events.',
    'Braintree asks at once whether the URL is yours; the answer is given for you. "Check URL" sends a first event.',
  ],
  schemes: ({ username = '' }) => [
    {
      kind: 'signature',
      from: [{ body: 'bt_signature' }],
      // Several pairs of a public key and a signature; ours is the one that counts.
      parts: { separator: '&', assign: '|', signature: username },
      algorithm: 'hmac-sha1',
      encoding: 'hex',
      key: 'sha1',
      signed: '{body:bt_payload}',
    },
  ],
  settings: ['username'],
  needs: ['username'],
  handshakes: [
    {
      methods: ['GET'],
      when: [{ from: { query: 'bt_challenge' } }],
      order: 'before',
      answer: {
        kind: 'hmac',
        challenge: { query: 'bt_challenge' },
        // Hex is no XML in base64: nobody gets an event signed as a challenge.
        challengeForm: 'hex',
        algorithm: 'hmac-sha1',
        key: 'sha1',
        encoding: 'hex',
        prefix: '{username}|',
      },
    },
  ],
  type: [{ body: 'notification.kind' }],
  unwrap: { field: 'bt_payload', as: 'base64-xml' },
  samples: [
    {
      title: 'check',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      // <notification><kind>check</kind><timestamp type="datetime">…</timestamp><subject><check type="boolean">true</check></subject></notification>
      body: 'bt_signature=&bt_payload=PG5vdGlmaWNhdGlvbj48a2luZD5jaGVjazwva2luZD48dGltZXN0YW1wIHR5cGU9ImRhdGV0aW1lIj4yMDI2LTA5LTAxVDEyOjAwOjAwWjwvdGltZXN0YW1wPjxzdWJqZWN0PjxjaGVjayB0eXBlPSJib29sZWFuIj50cnVlPC9jaGVjaz48L3N1YmplY3Q%2BPC9ub3RpZmljYXRpb24%2B',
    },
  ],
}
