import type { Provider } from '../contract/provider.ts'

export const trello: Provider = {
  id: 'trello',
  title: 'Trello',
  icon: 'square-kanban',
  link: 'https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/',
  setup: [
    'At trello.com/power-ups/admin, open your app → API key and copy the "Secret" into the secret field here.',
    'Publish this workflow: Trello asks with a HEAD whether the URL answers, and is answered for you.',
    'Create the webhook with POST /1/webhooks: the id of a board as "idModel", the hook URL exactly as it is shown here as "callbackURL".',
  ],
  schemes: [
    {
      kind: 'signature',
      from: [{ header: 'x-trello-webhook' }],
      algorithm: 'hmac-sha1',
      encoding: 'base64',
      key: 'text',
      signed: '{body}{url}',
    },
  ],
  settings: [],
  handshakes: [{ methods: ['HEAD'], when: [], order: 'before', answer: { kind: 'fixed', status: 200 } }],
  type: [{ body: 'action.type' }],
  delivery: [{ body: 'action.id' }],
  samples: [
    {
      title: 'updateCard',
      headers: { 'content-type': 'application/json' },
      body: {
        action: {
          id: '51f9424bcd6e040f3c002412',
          idMemberCreator: '4fc78a59a885233f4b349bd9',
          data: {
            board: { name: 'Trello Development', id: '4d5ea62fd76aa1136000000c' },
            card: { name: 'Webhooks', id: '51a79e72dbb7e23c7c003778', shortLink: 'fE4VRlzB' },
            listBefore: { name: 'Doing', id: '4eea503791e31d1746000080' },
            listAfter: { name: 'Done', id: '4eea503d91e31d174600008f' },
          },
          type: 'updateCard',
          date: '2013-07-31T16:58:51.949Z',
        },
        model: { id: '4d5ea62fd76aa1136000000c', name: 'Trello Development' },
      },
    },
  ],
}
