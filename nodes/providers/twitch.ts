import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const twitch: Provider = {
  id: 'twitch',
  title: 'Twitch EventSub',
  icon: 'tv',
  link: 'https://dev.twitch.tv/docs/eventsub/handling-webhook-events/',
  secretIsOwn: true,
  setup: [
    'Make up a secret of 10 to 100 characters, paste it into the secret field here and publish this workflow.',
    'Subscribe by Twitch’s API: POST /eventsub/subscriptions with the transport "webhook", the hook URL as "callback", and the same "secret".',
    'Twitch asks at once whether the URL is yours and is answered for you.',
  ],
  schemes: [
    {
      ...overBody,
      from: [{ header: 'twitch-eventsub-message-signature' }],
      prefix: 'sha256=',
      encoding: 'hex',
      signed: '{id}{timestamp}{body}',
      id: { header: 'twitch-eventsub-message-id' },
      timestamp: {
        from: { header: 'twitch-eventsub-message-timestamp' },
        unit: 'rfc3339',
        toleranceSeconds: 600,
        direction: 'both',
      },
    },
  ],
  settings: ['timestamp'],
  handshakes: [
    {
      methods: ['POST'],
      when: [{ from: { header: 'twitch-eventsub-message-type' }, is: 'webhook_callback_verification' }],
      order: 'after',
      answer: { kind: 'echo', challenge: { body: 'challenge' }, as: 'text' },
    },
  ],
  type: [{ header: 'twitch-eventsub-subscription-type' }],
  delivery: [{ header: 'twitch-eventsub-message-id' }],
  retry: { from: { header: 'twitch-eventsub-message-retry' }, unless: '0' },
  samples: [
    {
      title: 'channel.follow',
      headers: {
        'content-type': 'application/json',
        'twitch-eventsub-message-id': 'befa7b53-d79d-478f-86b9-120f112b044e',
        'twitch-eventsub-message-retry': '0',
        'twitch-eventsub-message-type': 'notification',
        'twitch-eventsub-subscription-type': 'channel.follow',
        'twitch-eventsub-subscription-version': '2',
      },
      body: {
        subscription: {
          id: 'f1c2a387-161a-49f9-a165-0f21d7a4e1c4',
          status: 'enabled',
          type: 'channel.follow',
          version: '2',
          condition: { broadcaster_user_id: '12826' },
          transport: { method: 'webhook', callback: 'https://example.com/hooks/…' },
          created_at: '2019-11-16T10:11:12.634234626Z',
        },
        event: {
          user_id: '1337',
          user_login: 'awesome_user',
          broadcaster_user_id: '12826',
          broadcaster_user_login: 'twitch',
          followed_at: '2020-07-15T18:16:11.17106713Z',
        },
      },
    },
  ],
}
