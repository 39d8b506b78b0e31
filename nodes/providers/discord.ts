import type { Provider } from '../contract/provider.ts'
import type { SignatureScheme } from '../contract/scheme.ts'

export const discordSignature: SignatureScheme = {
  kind: 'signature',
  from: [{ header: 'x-signature-ed25519' }],
  algorithm: 'ed25519',
  encoding: 'hex',
  key: 'public',
  signed: '{timestamp}{body}',
  timestamp: {
    from: { header: 'x-signature-timestamp' },
    unit: 'seconds',
    toleranceSeconds: 300,
    direction: 'both',
  },
}

export const discord: Provider = {
  id: 'discord',
  title: 'Discord (interactions)',
  icon: 'gamepad-2',
  link: 'https://docs.discord.com/developers/interactions/overview',
  setup: [
    'In the Discord developer portal, open your application → General Information and copy its "Public Key".',
    'Paste it into the secret field here and publish this workflow.',
    'Paste the hook URL as the "Interactions Endpoint URL" and save: Discord asks at once, with right and with wrong signatures, and is answered for you.',
    'A command is answered with "thinking…" until the workflow answers it itself, with a Respond node or by Discord’s API.',
  ],
  schemes: [discordSignature],
  settings: ['timestamp'],
  handshakes: [
    {
      methods: ['POST'],
      // A webhook event has the type 1 as well, and says what happened in `event`.
      when: [
        { from: { body: 'type' }, is: '1' },
        { from: { body: 'event.type' }, absent: true },
      ],
      order: 'after',
      answer: { kind: 'fixed', status: 200, body: { type: 1 } },
    },
  ],
  type: [{ body: 'data.name' }, { body: 'data.custom_id' }, { body: 'type' }],
  delivery: [{ body: 'id' }],
  // A deferred answer: whoever called sees that something is under way.
  answer: { status: 200, headers: {}, body: { type: 5 } },
  samples: [
    {
      title: 'slash command',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Discord-Interactions/1.0 (+https://discord.com)',
      },
      body: {
        type: 2,
        token: 'A_UNIQUE_TOKEN',
        member: { user: { id: '53908232506183680', username: 'Mason' }, roles: ['539082325061836999'] },
        id: '786008729715212338',
        guild_id: '290926798626357999',
        channel_id: '645027906669510667',
        application_id: '785008729715212338',
        data: {
          options: [{ type: 3, name: 'cardname', value: 'The Gitrog Monster' }],
          type: 1,
          name: 'cardsearch',
          id: '771825006014889984',
        },
        version: 1,
      },
    },
  ],
}
