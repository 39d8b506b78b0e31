import type { Provider } from '../contract/provider.ts'
import type { SignatureScheme } from '../contract/scheme.ts'
import { overBody } from './over-body.ts'

/** The hub chooses among these (W3C WebSub, 7.1); another method, such as md5, is none. */
const [last, ...others] = (['sha1', 'sha512', 'sha384', 'sha256'] as const).map(
  (method): SignatureScheme => ({
    ...overBody,
    from: [{ header: 'x-hub-signature' }],
    prefix: `${method}=`,
    algorithm: `hmac-${method}`,
    encoding: 'hex',
  }),
)

export const websub: Provider = {
  id: 'websub',
  title: 'WebSub',
  icon: 'rss',
  link: 'https://www.w3.org/TR/websub/#authenticated-content-distribution',
  secretIsOwn: true,
  setup: [
    'Make up a long secret (under 200 bytes) and paste it into the secret field here; name the topic’s URL as the topic.',
    'Publish this workflow and subscribe at the hub: POST with hub.mode=subscribe, hub.topic, the hook URL as hub.callback, and the same text as hub.secret.',
    'The hub asks whether you meant it and is answered for you, for this topic only.',
    'A subscription ends after its lease: subscribe again in time.',
  ],
  schemes: last === undefined ? [] : [others.reduce((next, way) => ({ ...way, otherwise: next }), last)],
  settings: ['topic'],
  needs: ['topic'],
  handshakes: [
    {
      methods: ['GET'],
      when: [{ from: { query: 'hub.mode' }, is: 'subscribe' }, { from: { query: 'hub.challenge' } }],
      order: 'before',
      topic: { query: 'hub.topic' },
      answer: { kind: 'echo', challenge: { query: 'hub.challenge' }, as: 'text' },
    },
    {
      methods: ['GET'],
      when: [{ from: { query: 'hub.mode' }, is: 'denied' }],
      order: 'before',
      topic: { query: 'hub.topic' },
      answer: { kind: 'fixed', status: 200 },
    },
  ],
  samples: [
    {
      title: 'a feed changed',
      headers: {
        'content-type': 'application/atom+xml',
        link: '<https://hub.example.com/>; rel="hub", <https://example.com/feed>; rel="self"',
      },
      body: `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
 <title>Example Feed</title>
 <entry>
  <title>Atom-Powered Robots Run Amok</title>
  <id>urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a</id>
  <updated>2003-12-13T18:30:02Z</updated>
  <summary>Some text.</summary>
 </entry>
</feed>`,
    },
  ],
}
