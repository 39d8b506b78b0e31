import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const pagerduty: Provider = {
  id: 'pagerduty',
  title: 'PagerDuty',
  icon: 'bell',
  link: 'https://developer.pagerduty.com/docs/webhooks/webhook-signatures/',
  setup: [
    'In PagerDuty, open Integrations → Generic Webhooks (v3) → New Webhook and paste the hook URL.',
    'Choose the scope and the events, and add it: PagerDuty shows the signing secret once.',
    'Paste it into the secret field here; "Send Test Event" sends a first event.',
  ],
  schemes: [
    {
      ...overBody,
      from: [{ header: 'x-pagerduty-signature' }],
      parts: { separator: ',', assign: '=', signature: 'v1' },
      encoding: 'hex',
    },
  ],
  settings: [],
  type: [{ body: 'event.event_type' }],
  delivery: [{ body: 'event.id' }],
  samples: [
    {
      title: 'incident.triggered',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'PagerDuty-Webhook/V3.0',
        'x-webhook-id': '0b2b0f2f-8d34-4f3e-9c1a-5c4a0f3f2d11',
      },
      body: {
        event: {
          id: '5ac64822-4adc-4fda-ade0-410becf0de4f',
          event_type: 'incident.triggered',
          resource_type: 'incident',
          occurred_at: '2020-10-02T18:45:22.169Z',
          agent: { id: 'PLH1HKV', type: 'user_reference', summary: 'Tenex Engineer' },
          data: {
            id: 'PGR0VU2',
            type: 'incident',
            number: 2,
            status: 'triggered',
            title: 'A little bump in the road',
            urgency: 'high',
            service: { id: 'PF9KMXH', summary: 'API Service' },
          },
        },
      },
    },
  ],
}
