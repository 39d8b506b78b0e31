import type { Provider } from '../contract/provider.ts'
import { discordSignature } from './discord.ts'

export const discordEvents: Provider = {
  id: 'discord-events',
  title: 'Discord (webhook events)',
  icon: 'gamepad-2',
  link: 'https://docs.discord.com/developers/events/webhook-events',
  setup: [
    'In the Discord developer portal, open your application → General Information and copy its "Public Key".',
    'Paste it into the secret field here and publish this workflow.',
    'Open Webhooks, paste the hook URL as the endpoint, enable Events and choose them: Discord asks at once and is answered for you.',
  ],
  schemes: [discordSignature],
  settings: ['timestamp'],
  handshakes: [
    {
      methods: ['POST'],
      when: [{ from: { body: 'type' }, is: '0' }],
      order: 'after',
      answer: { kind: 'fixed', status: 204 },
    },
  ],
  type: [{ body: 'event.type' }],
  answer: { status: 204, headers: {} },
  samples: [
    {
      title: 'APPLICATION_AUTHORIZED',
      headers: { 'content-type': 'application/json' },
      body: {
        version: 1,
        application_id: '1234560123453231555',
        type: 1,
        event: {
          type: 'APPLICATION_AUTHORIZED',
          timestamp: '2024-10-18T14:42:53.064834',
          data: {
            integration_type: 1,
            scopes: ['applications.commands'],
            user: { id: '1205178560122159147', username: 'wumpus' },
          },
        },
      },
    },
  ],
}
