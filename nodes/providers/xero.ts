import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const xero: Provider = {
  id: 'xero',
  title: 'Xero',
  icon: 'landmark',
  link: 'https://developer.xero.com/documentation/guides/webhooks/overview/',
  setup: [
    'In the Xero developer portal, open your app → Webhooks, choose the events and paste the hook URL as the delivery URL.',
    'Save, copy the "Webhooks key" into the secret field here, and publish this workflow.',
    'Choose "Send intent to receive": Xero sends right and wrong signatures and is answered for you, without a body as it wants.',
  ],
  schemes: [{ ...overBody, from: [{ header: 'x-xero-signature' }], encoding: 'base64' }],
  settings: [],
  type: [{ body: 'events.0.eventType' }],
  // No delivery id: one request carries several events.
  answer: { status: 200, headers: {}, body: '' },
  refusals: 'empty',
  samples: [
    {
      title: 'a contact was updated',
      headers: { 'content-type': 'application/json', 'user-agent': 'Xero-Webhooks' },
      body: {
        events: [
          {
            resourceUrl: 'https://api.xero.com/api.xro/2.0/Contacts/717f2bfc-c6d4-41fd-b238-3f2f0c0cf777',
            resourceId: '717f2bfc-c6d4-41fd-b238-3f2f0c0cf777',
            eventDateUtc: '2017-06-21T01:15:39.902',
            eventType: 'UPDATE',
            eventCategory: 'CONTACT',
            tenantId: 'c2cc9b6e-9458-4c7d-93cc-f02b81b0594f',
            tenantType: 'ORGANISATION',
          },
        ],
        firstEventSequence: 1,
        lastEventSequence: 1,
        entropy: 'S0m3r4Nd0mt3xt',
      },
    },
  ],
}
