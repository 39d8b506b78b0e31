import type { Provider } from '../contract/provider.ts'

export const figma: Provider = {
  id: 'figma',
  title: 'Figma',
  icon: 'pen-tool',
  link: 'https://developers.figma.com/docs/rest-api/webhooks/',
  secretIsOwn: true,
  setup: [
    'Make up a passcode of at most 100 characters and paste it into the secret field here.',
    'Create the webhook by Figma’s API: POST /v2/webhooks with the hook URL as "endpoint", an "event_type", a "team_id", and the same "passcode".',
    'Figma sends a PING, which appears as an event of that type.',
  ],
  caution:
    'Figma signs nothing: each event shows the passcode, which is taken out before the event is stored.',
  schemes: [{ kind: 'token', from: [{ body: 'passcode' }] }],
  settings: [],
  type: [{ body: 'event_type' }],
  // No delivery id: a file of the same name is changed again and again.
  samples: [
    {
      title: 'FILE_COMMENT',
      headers: { 'content-type': 'application/json' },
      body: {
        event_type: 'FILE_COMMENT',
        passcode: 'the-passcode',
        timestamp: '2020-02-23T20:27:16Z',
        webhook_id: '22',
        file_key: 'zH8N3h5bDzRBvRQyDvVDoB',
        file_name: 'Jackson 5',
        comment_id: '32',
        comment: [{ text: 'No this is wrong.' }],
        triggered_by: { id: '813845097374535682', handle: 'Dylan Field' },
      },
    },
  ],
}
