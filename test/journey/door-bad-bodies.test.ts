/** Bodies that are too large, malformed, or meant to do harm, through a real server: refused with a reason, or data and no more. */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chain } from '../support/chain.ts'
import { speak } from '../support/raw-socket.ts'
import { type Receiver, openReceiver } from '../support/receiver.ts'
import {
  type Answer,
  type RunningServer,
  apiToken,
  eventually,
  removeDataDir,
  startServer,
} from '../support/server.ts'
import { publish } from '../support/workflows.ts'

let server: RunningServer
let receiver: Receiver
let hook: { readonly id: string; readonly path: string }

beforeAll(async () => {
  receiver = await openReceiver()
  server = await startServer()
  hook = await publish(server, chain({}), 'Open')
})
afterAll(async () => {
  await server.stop()
  await receiver.close()
  await removeDataDir(server.dataDir)
})

interface Sent {
  readonly status: number
  readonly type: string | null
  readonly body: Answer
}

async function send(
  body: string | Uint8Array | ReadableStream,
  headers: Readonly<Record<string, string>> = {},
  path = hook.path,
): Promise<Sent> {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof ReadableStream ? body : new Uint8Array(body),
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  })
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    body: await response.json(),
  }
}

const items = async (what: 'events' | 'rejections', { id }: { readonly id: string }): Promise<Answer[]> =>
  (await server.api('GET', `/api/${what}?workflowId=${id}`)).items

async function rawBody(eventId: string): Promise<Buffer> {
  const response = await fetch(`${server.url}/api/events/${eventId}/body`, {
    headers: { authorization: `Bearer ${apiToken}` },
  })
  return Buffer.from(await response.arrayBuffer())
}

/** Refused with a problem document, and on record with the same reason. */
async function expectRefused(sent: Sent, status: number, reason: string, of = hook): Promise<void> {
  expect(sent).toMatchObject({ status, type: 'application/problem+json; charset=utf-8' })
  expect(sent.body).toMatchObject({ status, reason })
  const [rejection] = await items('rejections', of)
  expect(rejection).toMatchObject({ status, reason, acceptedAs: null })
}

/** JSON text of exactly so many bytes. */
const jsonOf = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`
const limitBytes = 5 * 1_024 * 1_024

test('a body of exactly the limit is accepted and kept whole; with one byte more it gets 413, five times out of five', async () => {
  const whole = await send(jsonOf(limitBytes))
  expect(whole.status).toBe(200)
  expect((await rawBody(whole.body.id)).toString()).toBe(jsonOf(limitBytes))
  for (let n = 0; n < 5; n += 1) {
    await expectRefused(await send(jsonOf(limitBytes + 1)), 413, 'too-large')
  }
})

const inPieces = (text: string) => new Blob([text]).stream()

test('the same holds for a body without a length, whose size nobody tells beforehand', async () => {
  expect(await send(inPieces(jsonOf(limitBytes)))).toMatchObject({ status: 200 })
  for (let n = 0; n < 5; n += 1) {
    await expectRefused(await send(inPieces(jsonOf(limitBytes + 1))), 413, 'too-large')
  }
})

test('a workflow’s own limit holds for what comes and for what it unpacks to', async () => {
  const small = await publish(server, chain({ limits: { bodyBytes: 1_000 } }), 'Small')
  expect(await send(jsonOf(1_000), {}, small.path)).toMatchObject({ status: 200 })
  const tooMuch = await send(jsonOf(1_001), {}, small.path)
  await expectRefused(tooMuch, 413, 'too-large', small)
  expect(tooMuch.body.detail).toMatch(/more than 1000 bytes.*Send less at once\./)
  const gzip = { 'content-encoding': 'gzip' }
  expect(await send(gzipSync(jsonOf(1_000)), gzip, small.path)).toMatchObject({ status: 200 })
  await expectRefused(await send(gzipSync(jsonOf(1_001)), gzip, small.path), 413, 'too-large', small)
})

test('a gzip body arrives unpacked', async () => {
  const { path } = await publish(server, chain({}, ['http', { url: `${receiver.url}/gzip` }]), 'Gzip')
  expect(await send(gzipSync('{"a":"ä"}'), { 'content-encoding': 'gzip' }, path)).toMatchObject({
    status: 200,
  })
  const arrived = await eventually(at('/gzip'), ({ length }) => length > 0)
  expect(arrived).toEqual(['{"a":"ä"}'])
})

const at = (url: string) => () =>
  receiver.requests.filter((request) => request.url === url).map(({ text }) => text)

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

test('JSON a hundred levels deep is accepted; one level more, or a million, is refused in no time', async () => {
  expect(await send(nested(100))).toMatchObject({ status: 200 })
  for (const depth of [101, 1_000_000]) {
    const began = performance.now()
    await expectRefused(await send(nested(depth)), 400, 'too-deep')
    expect(performance.now() - began).toBeLessThan(1_000)
  }
})

test.each([
  ['truncated JSON', '{"a":1', 'invalid-json'],
  ['malformed JSON', "{'a':1}", 'invalid-json'],
  ['two documents', '{"a":1}{"b":2}', 'invalid-json'],
  ['a number that JavaScript cannot hold', '{"a":1e400}', 'invalid-json'],
  ['half of a surrogate pair', String.raw`{"a":"\ud800"}`, 'invalid-json'],
  ['invalid UTF-8', Buffer.from('{"a":"\xff"}', 'latin1'), 'invalid-utf-8'],
  ['an overlong encoding', Buffer.from('{"a":"\xc0\xaf"}', 'latin1'), 'invalid-utf-8'],
])('%s gets 400', async (_what, body, reason) => expectRefused(await send(body), 400, reason))

test('of repeated keys the last is what a run sees, and the bytes stay as they came', async () => {
  const graph = chain(
    {},
    ['transform', { expression: "{ 'a': a }" }],
    ['http', { url: `${receiver.url}/keys` }],
  )
  const { path } = await publish(server, graph, 'Keys')
  const sent = await send('{"a":1,"a":2,"a":3}', {}, path)
  expect(await eventually(at('/keys'), ({ length }) => length > 0)).toEqual(['{"a":3}'])
  expect((await rawBody(sent.body.id)).toString()).toBe('{"a":1,"a":2,"a":3}')
})

test('a number beyond 2^53 that is only passed on keeps its digits, and a repeated key is passed on once', async () => {
  const graph = chain({}, ['filter', { condition: 'last' }], ['http', { url: `${receiver.url}/digits` }])
  const { path } = await publish(server, graph, 'Digits')
  const sent = '{"id":9007199254740993,"n":[1.2345678901234567891,12],"last":false,"last":true,"__proto__":1}'
  expect(await send(sent, {}, path)).toMatchObject({ status: 200 })
  expect(await eventually(at('/digits'), ({ length }) => length > 0)).toEqual([
    '{"id":9007199254740993,"n":[1.2345678901234567891,12],"last":true,"__proto__":1}',
  ])
})

interface BadBody {
  readonly id: string
  readonly body?: string
  readonly body_base64?: string
}
const corpus = JSON.parse(readFileSync(new URL('../corpora/bad-json.json', import.meta.url), 'utf8')) as {
  readonly bodies: readonly BadBody[]
}
const bodies = corpus.bodies.flatMap(({ id, body, body_base64: base64 }) =>
  body === undefined && base64 === undefined
    ? []
    : [{ id, bytes: base64 === undefined ? Buffer.from(body ?? '') : Buffer.from(base64, 'base64') }],
)

const inOrder = (texts: readonly string[]) => texts.toSorted()
/** As JSON writes it: numbers in their shortest form, repeated keys once. */
const rewritten = (text: string) => JSON.stringify(JSON.parse(text))

test('every bad JSON of the corpus is refused with 400 or runs as plain data, and pollutes no prototype', async () => {
  const code = 'return { polluted: typeof ({}).polluted, admin: typeof ({}).isAdmin, message }'
  const script = chain({}, ['script', { code }], ['http', { url: `${receiver.url}/looked` }])
  const through = await publish(server, chain({}, ['http', { url: `${receiver.url}/through` }]), 'Through')
  const looked = await publish(server, script, 'Looked')
  const accepted: string[] = []
  for (const { id, bytes } of bodies) {
    const [first, second] = [await send(bytes, {}, through.path), await send(bytes, {}, looked.path)]
    expect([200, 400], `${id}: ${JSON.stringify(first.body)}`).toContain(first.status)
    expect(second.status, id).toBe(first.status)
    if (first.status === 200) {
      accepted.push(bytes.toString().replace(/^\ufeff/, ''))
      expect((await rawBody(first.body.id)).equals(bytes), id).toBe(true)
    }
  }
  expect(accepted.length).toBeGreaterThan(50)
  const complete = ({ length }: readonly string[]) => length >= accepted.length
  expect(inOrder(await eventually(at('/through'), complete))).toEqual(
    inOrder(accepted.map((text) => (text === '9007199254740993' ? text : rewritten(text)))),
  )
  expect(inOrder(await eventually(at('/looked'), complete))).toEqual(
    inOrder(
      accepted.map((text) => `{"polluted":"undefined","admin":"undefined","message":${rewritten(text)}}`),
    ),
  )
})

test.each([
  [
    'a form',
    'application/x-www-form-urlencoded',
    '__proto__[polluted]=x&constructor[prototype][polluted]=x&__proto__=1',
  ],
  ['XML', 'text/xml', '<a><__proto__>x</__proto__><constructor>y</constructor></a>'],
  [
    'a multipart form',
    'multipart/form-data; boundary=b',
    '--b\r\ncontent-disposition: form-data; name="__proto__"\r\n\r\nx\r\n--b--',
  ],
])('%s with names of prototypes is data, too', async (what, type, body) => {
  const place = `/names/${encodeURIComponent(what)}`
  const code = 'return { polluted: typeof ({}).polluted, keys: JSON.stringify(message) }'
  const graph = chain({}, ['script', { code }], ['http', { url: `${receiver.url}${place}` }])
  const { path } = await publish(server, graph, what)
  const sent = await send(body, { 'content-type': type }, path)
  if (sent.status !== 200) return expect(sent.status).toBe(400)
  const [arrived = ''] = await eventually(at(place), ({ length }) => length > 0)
  expect(JSON.parse(arrived)).toMatchObject({ polluted: 'undefined', keys: expect.stringContaining('x') })
})

test('a path in a payload is text: no file is read by it', async () => {
  const { path } = await publish(server, chain({}, ['http', { url: `${receiver.url}/upload` }]), 'Upload')
  const body = '{"data":{},"files":{"upload":{"filepath":"/etc/passwd","mimetype":"text/a"}}}'
  expect(await send(body, {}, path)).toMatchObject({ status: 200 })
  expect(await eventually(at('/upload'), ({ length }) => length > 0)).toEqual([body])
})

const secret = 'nobody-may-read-this-1234'
const nearly = 'nobody-may-read-that-5678'
const basic = (password: string) => `Basic ${Buffer.from(`ada:${password}`).toString('base64')}`

type Masked = readonly [
  scheme: string,
  settings: Readonly<Record<string, string>>,
  shown: (text: string) => Readonly<Record<string, string>>,
]

const masked: readonly Masked[] = [
  ['bearer', {}, (text) => ({ authorization: `Bearer ${text}` })],
  ['basic', { username: 'ada' }, (text) => ({ authorization: basic(text) })],
  ['api-key', { header: 'X-Our-Key' }, (text) => ({ 'x-our-key': text })],
  ['api-key', { query: 'key' }, (text) => ({ query: `?key=${text}&other=1` })],
  ['gitlab', {}, (text) => ({ 'x-gitlab-token': text })],
]

test.each(masked)(
  '%s %o: neither the secret nor a wrong one is on record, whether let in, refused or not published yet',
  async (scheme, more, headersOf) => {
    const graph = chain({ verification: { scheme, secret, ...more } })
    const open = await publish(server, graph, `Masked ${scheme}`)
    const draft = await server.api('POST', '/api/workflows', { name: `Draft ${scheme}`, graph })
    const places = [
      { id: open.id, path: open.path, statuses: [200, 401] },
      { id: draft.id, path: new URL(draft.hook.url).pathname, statuses: [404, 404] },
    ]
    for (const { path, statuses } of places) {
      for (const [n, text] of [secret, nearly].entries()) {
        const { query = '', ...headers } = headersOf(text)
        const sent = await send('{}', { cookie: `session=${text}`, ...headers }, `${path}${query}`)
        expect(sent.status).toBe(statuses[n])
        expect(JSON.stringify(sent.body)).not.toMatch(/nobody-may-read/)
      }
    }
    const records = await Promise.all(
      places.flatMap(({ id }) => [items('events', { id }), items('rejections', { id })]),
    )
    expect(records.map(({ length }) => length)).toEqual([1, 1, 0, 2])
    const text = JSON.stringify(records)
    expect(text).not.toContain('nobody-may-read')
    for (const each of [secret, nearly]) expect(text).not.toContain(basic(each))
    expect(text).toContain('•••')
  },
)

test('what was sent under other names than the workflow knows is masked where it holds its secret', async () => {
  const open = await publish(server, chain({ verification: { scheme: 'bearer', secret } }), 'Elsewhere')
  const request = `POST ${open.path}/${secret}?x=${secret} HTTP/1.1\r\nHost: x\r\nX-Else: a ${secret} b\r\nContent-Length: 0\r\n\r\n`
  expect((await speak(server.url, request)).answers).toMatchObject([{ status: 401 }])
  const records = await items('rejections', open)
  expect(records).toMatchObject([{ path: '/•••?x=•••', bodyBytes: 0 }])
  expect(JSON.stringify(records)).not.toContain(secret)
  expect(server.output()).not.toContain(secret)
})
