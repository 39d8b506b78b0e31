import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const zoom: Provider = {
  id: 'zoom',
  title: 'Zoom',
  icon: 'video',
  link: 'https://developers.zoom.us/docs/api/webhooks/',
  setup: [
    'In the Zoom App Marketplace, open your app → Features → Access and copy the "Secret Token".',
    'Paste it into the secret field here and publish this workflow.',
    'Add an event subscription with the hook URL as the notification endpoint and choose "Validate": Zoom asks now, and every 72 hours after, and is answered for you.',
  ],
  schemes: [
    {
      ...overBody,
      from: [{ header: 'x-zm-signature' }],
      prefix: 'v0=',
      encoding: 'hex',
      signed: 'v0:{timestamp}:{body}',
      timestamp: {
        from: { header: 'x-zm-request-timestamp' },
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
      when: [{ from: { body: 'event' }, is: 'endpoint.url_validation' }],
      order: 'before',
      answer: {
        kind: 'hmac',
        challenge: { body: 'payload.plainToken' },
        algorithm: 'hmac-sha256',
        encoding: 'hex',
        field: 'encryptedToken',
        challengeField: 'plainToken',
      },
    },
  ],
  type: [{ body: 'event' }],
  // No delivery id: nothing says that a repeated event bears the same one.
  samples: [
    {
      title: 'meeting.started',
      headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Zoom Marketplace/1.0a' },
      body: {
        event: 'meeting.started',
        event_ts: 1626230691572,
        payload: {
          account_id: 'AAAAAABBBB',
          object: {
            id: '1234567890',
            uuid: '4444AAAiAAAAAiAiAiiAii==',
            host_id: 'x1yCzABCDEfg23HiJKl4mN',
            topic: 'My Meeting',
            type: 8,
            start_time: '2021-07-13T21:44:51Z',
            timezone: 'America/Los_Angeles',
            duration: 60,
          },
        },
      },
    },
  ],
}
