import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const dropbox: Provider = {
  id: 'dropbox',
  title: 'Dropbox',
  icon: 'box',
  link: 'https://www.dropbox.com/developers/reference/webhooks',
  setup: [
    'At dropbox.com/developers/apps, open your app, show its "App secret" and paste it into the secret field here.',
    'Publish this workflow and add the hook URL under Webhooks: Dropbox asks at once whether it is yours and is answered for you.',
    'A notification names only the accounts: let an HTTP node ask for what changed.',
  ],
  schemes: [{ ...overBody, from: [{ header: 'x-dropbox-signature' }], encoding: 'hex' }],
  settings: [],
  handshakes: [
    {
      methods: ['GET'],
      when: [{ from: { query: 'challenge' } }],
      order: 'before',
      answer: { kind: 'echo', challenge: { query: 'challenge' }, as: 'text' },
    },
  ],
  samples: [
    {
      title: 'files of an account changed',
      headers: { 'content-type': 'application/json', 'user-agent': 'DropboxWebhooks/1.0' },
      body: {
        list_folder: { accounts: ['dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc'] },
        delta: { users: [12345678] },
      },
    },
  ],
}
