import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const calendly: Provider = {
  id: 'calendly',
  title: 'Calendly',
  icon: 'calendar',
  link: 'https://developer.calendly.com/api-docs/4c305798a61d3-webhook-signatures',
  secretIsOwn: true,
  setup: [
    'Make up a long signing key and paste it into the secret field here.',
    'Create the webhook by Calendly’s API: POST /webhook_subscriptions with the hook URL as "url", the events, and the same text as "signing_key".',
  ],
  schemes: [
    {
      ...overBody,
      from: [{ header: 'calendly-webhook-signature' }],
      parts: { separator: ',', assign: '=', signature: 'v1' },
      encoding: 'hex',
      signed: '{timestamp}.{body}',
      timestamp: { from: { part: 't' }, unit: 'seconds', toleranceSeconds: 180, direction: 'both' },
    },
  ],
  settings: ['timestamp'],
  type: [{ body: 'event' }],
  samples: [
    {
      title: 'invitee.created',
      headers: { 'content-type': 'application/json', 'user-agent': 'Calendly' },
      body: {
        created_at: '2020-11-23T17:51:19.000000Z',
        created_by: 'https://api.calendly.com/users/AAAAAAAAAAAAAAAA',
        event: 'invitee.created',
        payload: {
          uri: 'https://api.calendly.com/scheduled_events/AAAAAAAAAAAAAAAA/invitees/AAAAAAAAAAAAAAAA',
          email: 'test@example.com',
          name: 'John Doe',
          status: 'active',
          timezone: 'America/New_York',
          event: 'https://api.calendly.com/scheduled_events/AAAAAAAAAAAAAAAA',
          questions_and_answers: [],
          rescheduled: false,
        },
      },
    },
  ],
}
