import type { Provider } from '../contract/provider.ts'
import type { Scheme } from '../contract/scheme.ts'

/**
 * Standard Webhooks under a header prefix. The secret's own form decides which of the two is in use: `whpk_` (or its
 * private half `whsk_`) is ed25519 (`v1a`), all else is HMAC (`v1`). A request cannot choose.
 */
export function standardWebhooksSchemes(headerPrefix: 'webhook-' | 'svix-'): readonly Scheme[] {
  const shared = {
    kind: 'signature',
    from: [{ header: `${headerPrefix}signature` }],
    encoding: 'base64',
    signed: '{id}.{timestamp}.{body}',
    id: { header: `${headerPrefix}id` },
    timestamp: {
      from: { header: `${headerPrefix}timestamp` },
      unit: 'seconds',
      toleranceSeconds: 300,
      direction: 'both',
    },
  } as const
  const asymmetric = {
    ...shared,
    parts: { separator: ' ', assign: ',', signature: 'v1a' },
    algorithm: 'ed25519',
    key: 'public',
  } as const
  return [
    { ...asymmetric, secretPrefix: 'whpk_' },
    { ...asymmetric, secretPrefix: 'whsk_' },
    {
      ...shared,
      parts: { separator: ' ', assign: ',', signature: 'v1' },
      algorithm: 'hmac-sha256',
      key: 'whsec',
    },
  ]
}

export const standardWebhooks: Provider = {
  id: 'standard-webhooks',
  title: 'Standard Webhooks',
  icon: 'webhook',
  link: 'https://www.standardwebhooks.com',
  setup: [
    'Paste the hook URL as the endpoint where the sender asks for one.',
    "Paste the endpoint's secret here: whsec_… for signatures of kind v1, the public key whpk_… for v1a.",
  ],
  schemes: standardWebhooksSchemes('webhook-'),
  settings: ['timestamp'],
  type: [{ body: 'type' }, { body: 'event_type' }],
  delivery: [{ header: 'webhook-id' }],
  samples: [
    {
      title: 'contact.created',
      headers: { 'content-type': 'application/json', 'webhook-id': 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W' },
      body: {
        type: 'contact.created',
        timestamp: '2022-11-03T20:26:10.344522Z',
        data: { id: '1f81eb52-5198-4599-803e-771906343485', type: 'contact', email: 'john@example.com' },
      },
    },
  ],
}
