import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const teams: Provider = {
  id: 'teams',
  title: 'Microsoft Teams (outgoing webhook)',
  icon: 'users',
  link: 'https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook',
  setup: [
    'In the team, open Manage team → Apps → Create an outgoing webhook and paste the hook URL as the callback URL.',
    'Teams shows a security token once: paste it into the secret field here and publish this workflow.',
    'Who mentions the webhook by its name starts the workflow, and hears "Received." unless a Respond node says something else within 10 seconds.',
  ],
  schemes: [
    { ...overBody, from: [{ header: 'authorization' }], prefix: 'HMAC ', encoding: 'base64', key: 'base64' },
  ],
  settings: [],
  type: [{ body: 'type' }],
  delivery: [{ body: 'id' }],
  answer: { status: 200, headers: {}, body: { type: 'message', text: 'Received.' } },
  samples: [
    {
      title: 'message',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: {
        type: 'message',
        id: '1485983408511',
        timestamp: '2017-02-01T21:10:07.437Z',
        localTimestamp: '2017-02-01T14:10:07.437-07:00',
        serviceUrl: 'https://smba.trafficmanager.net/amer/',
        channelId: 'msteams',
        from: {
          id: '29:1XJKJMvc5GBtc2JwZq0oj8tHZmzrQgFmB39ATiQWA85gQtHieVkKilBZ9XHoq9j7Zaqt7CZ-NJWi7me2kHTL3Bw',
          name: 'Tim Jones',
        },
        conversation: { id: '19:253b1f341670408fb6fe51050b6e5ceb@thread.skype;messageid=1485983194839' },
        textFormat: 'plain',
        text: '<at>Hookloom</at> how is the build?',
        channelData: { teamsTeamId: '19:c299759352e5467cb37087db44720a72@thread.skype' },
      },
    },
  ],
}
