import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const x: Provider = {
  id: 'x',
  title: 'X (Twitter)',
  icon: 'at-sign',
  link: 'https://docs.x.com/x-api/webhooks/introduction',
  setup: [
    'In the X developer portal, open your app → Keys and tokens and copy the "API Key Secret" (consumer secret).',
    'Paste it into the secret field here and publish this workflow.',
    'Register the hook URL with POST /2/webhooks: X asks at once, and every hour after, whether it is yours, and is answered for you.',
  ],
  schemes: [
    {
      ...overBody,
      from: [{ header: 'x-twitter-webhooks-signature' }],
      prefix: 'sha256=',
      encoding: 'base64',
    },
  ],
  settings: [],
  handshakes: [
    {
      methods: ['GET'],
      when: [{ from: { query: 'crc_token' } }],
      order: 'before',
      answer: {
        kind: 'hmac',
        challenge: { query: 'crc_token' },
        algorithm: 'hmac-sha256',
        encoding: 'base64',
        prefix: 'sha256=',
        field: 'response_token',
      },
    },
  ],
  type: [
    { body: 'data.event_type' },
    {
      whichOf: [
        'tweet_create_events',
        'favorite_events',
        'follow_events',
        'direct_message_events',
        'tweet_delete_events',
        'block_events',
        'mute_events',
        'user_event',
      ],
    },
  ],
  // No delivery id: one activity carries several events.
  samples: [
    {
      title: 'a post was created',
      headers: { 'content-type': 'application/json' },
      body: {
        for_user_id: '2244994945',
        tweet_create_events: [
          {
            created_at: 'Wed Oct 10 20:19:24 +0000 2018',
            id_str: '1050118621198921728',
            text: 'To make room for more expression, we will now count all emojis as equal.',
            user: { id_str: '6253282', name: 'X API', screen_name: 'XAPI' },
          },
        ],
      },
    },
  ],
}
