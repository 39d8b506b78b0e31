import type { Provider } from '../contract/provider.ts'
import type { SignatureScheme } from '../contract/scheme.ts'
import { overBody } from './over-body.ts'

const v1: SignatureScheme = {
  kind: 'signature',
  from: [{ header: 'x-hubspot-signature' }],
  algorithm: 'sha256',
  encoding: 'hex',
  key: 'text',
  signed: '{secret}{body}',
}
const v2: SignatureScheme = {
  ...v1,
  signed: '{secret}{method}{url}{body}',
  when: [{ from: { header: 'x-hubspot-signature-version' }, is: 'v2' }],
}
const v3: SignatureScheme = {
  ...overBody,
  from: [{ header: 'x-hubspot-signature-v3' }],
  encoding: 'base64',
  signed: '{method}{url}{body}{timestamp}',
  // HubSpot decodes some characters of the URL before it signs it, and says so in two ways.
  urlForms: ['decoded'],
  timestamp: {
    from: { header: 'x-hubspot-request-timestamp' },
    unit: 'milliseconds',
    toleranceSeconds: 300,
    direction: 'both',
  },
}

/** HubSpot sends its newest form beside an older one; `variant: "v3"` takes no other. */
export const hubspot: Provider = {
  id: 'hubspot',
  title: 'HubSpot',
  icon: 'orbit',
  link: 'https://developers.hubspot.com/docs/api/webhooks/validating-requests',
  setup: [
    'In your HubSpot developer account, open the app → Auth and copy its "Client secret" into the secret field here.',
    'Under Webhooks, paste the hook URL as the target URL exactly as it is shown here: HubSpot signs it.',
    'Create subscriptions and activate them.',
  ],
  schemes: [
    { ...v3, otherwise: { ...v2, otherwise: v1 } },
    { ...v3, variant: 'v3' },
  ],
  settings: ['variant', 'timestamp'],
  type: [{ body: '0.subscriptionType' }],
  // No delivery id: one request carries up to a hundred changes.
  retry: { from: { body: '0.attemptNumber' }, unless: '0' },
  samples: [
    {
      title: 'contact.creation',
      headers: { 'content-type': 'application/json', 'user-agent': 'HubSpot Connect 2.0' },
      body: [
        {
          eventId: 531833541,
          subscriptionId: 3923621,
          portalId: 48807704,
          appId: 16111050,
          occurredAt: 1752613920733,
          subscriptionType: 'contact.creation',
          attemptNumber: 0,
          objectId: 138017612137,
          changeFlag: 'CREATED',
          changeSource: 'CRM_UI',
        },
      ],
    },
  ],
}
