import type { Provider } from '../contract/provider.ts'

export const slack: Provider = {
  id: 'slack',
  title: 'Slack',
  icon: 'slack',
  link: 'https://docs.slack.dev/authentication/verifying-requests-from-slack',
  setup: [
    'At api.slack.com/apps, open your app → Basic Information and copy its "Signing Secret" into the secret field here.',
    'Publish this workflow, so that it can answer Slack.',
    'Paste the hook URL under Event Subscriptions → Request URL (or Slash Commands, or Interactivity).',
    'Slack asks at once whether the URL is yours; the answer is given for you, and it says "Verified".',
  ],
  schemes: [
    {
      kind: 'signature',
      from: [{ header: 'x-slack-signature' }],
      prefix: 'v0=',
      algorithm: 'hmac-sha256',
      encoding: 'hex',
      key: 'text',
      signed: 'v0:{timestamp}:{body}',
      timestamp: {
        from: { header: 'x-slack-request-timestamp' },
        unit: 'seconds',
        toleranceSeconds: 300,
        direction: 'both',
      },
    },
  ],
  settings: ['timestamp'],
  handshakes: [
    {
      methods: ['POST'],
      when: [{ from: { body: 'type' }, is: 'url_verification' }],
      // It is signed like every other request.
      order: 'after',
      answer: { kind: 'echo', challenge: { body: 'challenge' }, as: 'text' },
    },
  ],
  type: [{ body: 'event.type' }, { body: 'type' }, { body: 'command' }],
  // Slash commands and interactions are not repeated by Slack, but each has a trigger of its own.
  delivery: [{ body: 'event_id' }, { body: 'trigger_id' }],
  retry: { from: { header: 'x-slack-retry-num' } },
  unwrap: { field: 'payload' },
  samples: [
    {
      title: 'message in a channel',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      },
      body: {
        token: 'one-long-verification-token',
        team_id: 'T061EG9R6',
        api_app_id: 'A0PNCHHK2',
        event: {
          type: 'message',
          channel: 'C024BE91L',
          user: 'U2147483697',
          text: 'Live long and prospect.',
          ts: '1355517523.000005',
          event_ts: '1355517523.000005',
          channel_type: 'channel',
        },
        type: 'event_callback',
        authed_teams: ['T061EG9R6'],
        event_id: 'Ev0PV52K21',
        event_time: 1355517523,
      },
    },
  ],
}
