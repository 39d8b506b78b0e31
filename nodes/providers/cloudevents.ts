import type { Provider } from '../contract/provider.ts'
import { cloudEventsHandshake } from './azure-event-grid.ts'

export const cloudevents: Provider = {
  id: 'cloudevents',
  title: 'CloudEvents',
  icon: 'cloud',
  link: 'https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md',
  secretIsOwn: true,
  setup: [
    'Make up a long secret and paste it into the secret field here.',
    'Let the sender show it: as "Authorization: Bearer <secret>", or as ?access_token=<secret> at the end of the hook URL (variant "query").',
    'Publish this workflow: a sender that asks with OPTIONS whether it may deliver is answered for you.',
  ],
  caution: 'CloudEvents are not signed: the sender shows a token, as their webhook specification has it.',
  schemes: [
    { kind: 'token', from: [{ header: 'authorization' }], authScheme: 'Bearer' },
    { kind: 'token', variant: 'query', from: [{ query: 'access_token' }] },
  ],
  settings: ['variant'],
  handshakes: [cloudEventsHandshake],
  // Structured in the body, binary in headers, or a batch.
  type: [{ header: 'ce-type' }, { body: 'type' }, { body: '0.type' }],
  // An id is unique for its source only; a hook has mostly one.
  delivery: [{ header: 'ce-id' }, { body: 'id' }],
  samples: [
    {
      title: 'structured',
      headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
      body: {
        specversion: '1.0',
        type: 'com.example.someevent',
        source: '/mycontext/4',
        id: 'C234-1234-1234',
        time: '2018-04-05T17:31:00Z',
        datacontenttype: 'application/json',
        data: { appinfoA: 'abc', appinfoB: 123, appinfoC: true },
      },
    },
  ],
}
