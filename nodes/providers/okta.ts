import type { Provider } from '../contract/provider.ts'

export const okta: Provider = {
  id: 'okta',
  title: 'Okta',
  icon: 'fingerprint',
  link: 'https://developer.okta.com/docs/concepts/event-hooks/',
  secretIsOwn: true,
  setup: [
    'Make up a long secret, paste it into the secret field here and publish this workflow.',
    'In the Okta admin console, open Workflow → Event Hooks → Create Event Hook and paste the hook URL.',
    'Enter "Authorization" as the authentication field and the same secret as the authentication secret.',
    'Choose "Verify": Okta asks once whether the URL is yours and is answered for you.',
  ],
  caution: 'Okta signs nothing: it shows the secret with each event.',
  schemes: [{ kind: 'token', from: [{ header: 'authorization' }] }],
  settings: [],
  handshakes: [
    {
      methods: ['GET'],
      when: [{ from: { header: 'x-okta-verification-challenge' } }],
      order: 'before',
      answer: {
        kind: 'echo',
        challenge: { header: 'x-okta-verification-challenge' },
        as: { field: 'verification' },
      },
    },
  ],
  type: [{ body: 'data.events.0.eventType' }, { body: 'eventType' }],
  delivery: [{ body: 'eventId' }],
  samples: [
    {
      title: 'user.session.start',
      headers: { 'content-type': 'application/json' },
      body: {
        eventType: 'com.okta.event_hook',
        eventTypeVersion: '1.0',
        cloudEventsVersion: '0.1',
        source: 'https://example.okta.com/api/v1/eventHooks/who8vt36qfNpCGz9H1e6',
        eventId: 'b5a188b9-5ece-4636-b041-482ffda96311',
        eventTime: '2019-03-27T16:59:53.032Z',
        data: {
          events: [
            {
              uuid: 'f790999f-fe87-467a-9880-6982a583986c',
              eventType: 'user.session.start',
              displayMessage: 'User login to Okta',
              severity: 'INFO',
              actor: { id: '00u9g9zDKyhCBc5dg1d7', type: 'User', alternateId: 'joe@example.com' },
              outcome: { result: 'SUCCESS' },
            },
          ],
        },
      },
    },
  ],
}
