import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const zendesk: Provider = {
  id: 'zendesk',
  title: 'Zendesk',
  icon: 'life-buoy',
  link: 'https://developer.zendesk.com/documentation/webhooks/verifying/',
  setup: [
    'In the Admin Center, open Apps and integrations → Webhooks → Create webhook and paste the hook URL as the endpoint URL.',
    'Choose Zendesk events, or connect the webhook to a trigger or an automation; method POST, format JSON.',
    'Open the webhook, choose "Reveal secret" and paste the signing secret into the secret field here.',
    'A test from the creation page is signed with a secret that everybody knows: it is refused, and that is right.',
  ],
  schemes: [
    {
      ...overBody,
      from: [{ header: 'x-zendesk-webhook-signature' }],
      encoding: 'base64',
      signed: '{timestamp}{body}',
      timestamp: {
        from: { header: 'x-zendesk-webhook-signature-timestamp' },
        unit: 'rfc3339',
        direction: 'both',
      },
    },
  ],
  settings: ['timestamp'],
  type: [{ body: 'type' }],
  delivery: [{ header: 'x-zendesk-webhook-invocation-id' }],
  samples: [
    {
      title: 'ticket.status_changed',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Zendesk Webhook',
        'x-zendesk-account-id': '123456',
        'x-zendesk-webhook-id': '01F1KRFQ6BG29CNWFR60NK5FNY',
        'x-zendesk-webhook-invocation-id': '8350205582',
      },
      body: {
        account_id: 123456,
        id: '2b24ef10-19d3-4740-93cf-8f98ec4776c0',
        type: 'zen:event-type:ticket.status_changed',
        subject: 'zen:ticket:1001',
        time: '2026-09-01T12:00:00Z',
        event: { current: 'SOLVED', previous: 'OPEN' },
        detail: { id: '1001', subject: 'My printer is on fire', priority: 'HIGH', requester_id: '3004' },
        zendesk_event_version: '2022-06-20',
      },
    },
  ],
}
