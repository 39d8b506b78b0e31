import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { redirectsMax } from '../../server/runtime/redirect.ts'
import { instant, openTarget, openWayOut, outcomeOf } from './world.ts'

const hop = (to: string, status = 302) => ({ kind: 'redirect', status, location: to }) as const
const fine = { kind: 'answer', body: 'there' } as const

describe('a request', () => {
  test('carries its identity, its time and the length of its body', async () => {
    const target = await openTarget()
    const send = openWayOut()
    await send({ url: `${target.url}/in?a=1&b=%20#part`, body: '{"name":"Zoë"}' }, { id: 'run_7:send' })
    const [request] = target.requests
    expect(request).toMatchObject({ method: 'POST', url: '/in?a=1&b=%20', text: '{"name":"Zoë"}' })
    expect(request?.headers).toEqual({
      host: new URL(target.url).host,
      connection: 'keep-alive',
      'content-type': 'application/json',
      'content-length': '15',
      'user-agent': 'Hookloom/0.0.0',
      'webhook-id': 'run_7:send',
      'webhook-timestamp': String(instant / 1000),
    })
  })

  test('is signed so that the Standard Webhooks library accepts it', async () => {
    const target = await openTarget()
    const secret = `whsec_${randomBytes(32).toString('base64')}`
    const send = openWayOut({ now: Date.now })
    const body = '{"text":"grüße 🙂"}'
    await send({ url: target.url, body, signingSecret: secret })
    await send({ url: target.url, body, signingSecret: 'any text will do' })
    const [first, second] = target.requests
    expect(new Webhook(secret).verify(first?.body ?? '', { ...first?.headers })).toEqual({ text: 'grüße 🙂' })
    const asText = new Webhook('any text will do', { format: 'raw' })
    expect(asText.verify(second?.body ?? '', { ...second?.headers })).toEqual({ text: 'grüße 🙂' })
  })

  test('takes the headers of its caller, who may choose content type and user agent', async () => {
    const target = await openTarget()
    const headers = {
      'Content-Type': 'text/plain',
      'User-Agent': 'mine',
      'X-Own': ' a é ',
      __proto__own: '1',
    }
    await openWayOut()({ url: target.url, body: 'text', headers })
    const received = target.requests[0]?.headers
    expect(received).toMatchObject({ 'content-type': 'text/plain', 'user-agent': 'mine', 'x-own': 'a é' })
    expect(received?.['__proto__own']).toBe('1')
  })

  test.each([
    'Host',
    'content-length',
    'Transfer-Encoding',
    'Connection',
    'Keep-Alive',
    'Upgrade',
    'Expect',
    'TE',
    'webhook-id',
    'Webhook-Timestamp',
    'webhook-signature',
    'bad name',
    'bad:name',
    '',
  ])('is refused, unsent, with a header "%s" of its caller', async (name) => {
    const target = await openTarget()
    const sent = await openWayOut()({ url: target.url, body: '{}', headers: { [name]: '1' } })
    expect(outcomeOf(sent)).toBe('header-refused')
    expect(target.connections()).toBe(0)
  })

  test.each(['a\r\nx-evil: 1', 'a\nb', 'a\rb', 'a\0b', '✓'])(
    'is refused, unsent, with the header value %j',
    async (value) => {
      const target = await openTarget()
      expect(outcomeOf(await openWayOut()({ url: target.url, headers: { 'x-own': value } }))).toBe(
        'header-refused',
      )
      expect(target.connections()).toBe(0)
    },
  )

  test.each([
    ['a signing secret that is not base64', { signingSecret: 'whsec_***' }, 'signing-secret-invalid'],
    ['an empty signing secret', { signingSecret: '' }, 'signing-secret-invalid'],
    ['headers of 40 KB', { headers: { 'x-own': 'x'.repeat(40_000) } }, 'header-refused'],
    ['a method that opens a tunnel', { method: 'CONNECT' }, 'method-refused'],
    ['a method that is none', { method: 'GET / HTTP/1.1\r\n' }, 'method-refused'],
    ['a URL of 20 KB', { url: `http://127.0.0.1/${'x'.repeat(20_000)}` }, 'url-refused'],
  ])('is refused with %s', async (_what, request, code) => {
    const target = await openTarget()
    expect(outcomeOf(await openWayOut()({ url: target.url, ...request }))).toBe(code)
    expect(target.connections()).toBe(0)
  })

  test('is sent over a connection that is open already', async () => {
    const target = await openTarget()
    const send = openWayOut()
    for (let n = 0; n < 20; n++) await send({ url: `${target.url}/${n}`, body: '{}' })
    expect(target.requests).toHaveLength(20)
    // A second one is opened when a request comes in the instant in which the first is not yet free.
    expect(target.connections()).toBeLessThanOrEqual(2)
  })

  test('waits for a connection where a target has as many as it may', async () => {
    const target = await openTarget({ behaviour: { kind: 'answer', delayMs: 20 } })
    const send = openWayOut({ connectionsPerTarget: 2 })
    const all = await Promise.all(Array.from({ length: 8 }, () => send({ url: target.url, body: '{}' })))
    expect(all.map(outcomeOf)).toEqual(Array.from({ length: 8 }, () => 'answered 200'))
    expect(target.connections()).toBe(2)
  })
})

describe('an answer', () => {
  test.each([
    ['application/json', '{"a":[1]}', { a: [1] }],
    ['application/problem+json; charset=utf-8', '{"a":1}', { a: 1 }],
    ['application/json', '{"a":', '{"a":'],
    ['application/json', '', ''],
    ['application/json', `${'['.repeat(101)}${']'.repeat(101)}`, `${'['.repeat(101)}${']'.repeat(101)}`],
    ['text/plain', '{"a":1}', '{"a":1}'],
    ['application/x-jsonlines', '{"a":1}', '{"a":1}'],
  ])('of %s %j has the body %j', async (type, body, expected) => {
    const target = await openTarget({
      behaviour: { kind: 'answer', headers: { 'content-type': type }, body },
    })
    const sent = await openWayOut()({ url: target.url })
    expect(sent.ok && sent.answer.body).toEqual(expected)
  })

  test('in another charset is read in it', async () => {
    const headers = { 'content-type': 'text/plain; charset=ISO-8859-1' }
    const target = await openTarget({
      behaviour: { kind: 'answer', headers, body: Buffer.from('Zoë', 'latin1') },
    })
    const sent = await openWayOut()({ url: target.url })
    expect(sent.ok && sent.answer.body).toBe('Zoë')
  })

  test.each(['gzip', 'deflate', 'br', 'zstd'])('in %s is decoded', async (coding) => {
    const zlib = await import('node:zlib')
    const encode = {
      gzip: zlib.gzipSync,
      deflate: zlib.deflateSync,
      br: zlib.brotliCompressSync,
      zstd: zlib.zstdCompressSync,
    }
    const body = Object.entries(encode).find(([name]) => name === coding)?.[1](Buffer.from('plain')) ?? ''
    const target = await openTarget({
      behaviour: { kind: 'answer', headers: { 'content-encoding': coding }, body },
    })
    const sent = await openWayOut()({ url: target.url })
    expect(sent.ok && sent.answer.body).toBe('plain')
    expect(target.requests[0]?.headers['accept-encoding']).toBeUndefined()
  })

  test('with a final status is an answer, whatever the status', async () => {
    const target = await openTarget()
    const send = openWayOut()
    for (const status of [201, 204, 304, 400, 410, 429, 503]) {
      target.behave({ kind: 'answer', status, headers: { 'retry-after': '7' } })
      const sent = await send({ url: target.url, body: '{}' })
      expect(outcomeOf(sent)).toBe(`answered ${status}`)
      expect(sent.ok && sent.answer.headers['retry-after']).toBe('7')
    }
  })

  test('has lower-case header names, and repeated headers joined', async () => {
    const headers = { 'X-Twice': ['a', 'b'], 'Set-Cookie': ['c=1', 'd=2'], ['__proto__']: 'own' }
    const target = await openTarget({ behaviour: { kind: 'answer', headers } })
    const sent = await openWayOut()({ url: target.url })
    expect(sent.ok && sent.answer.headers).toMatchObject({ 'x-twice': 'a, b', 'set-cookie': 'c=1, d=2' })
    expect(sent.ok && Object.keys(sent.answer.headers)).toContain('__proto__')
  })

  test('to HEAD may announce a body of any size', async () => {
    const target = await openTarget({
      behaviour: { kind: 'answer', headers: { 'content-length': '99999999' } },
    })
    expect(outcomeOf(await openWayOut()({ url: target.url, method: 'HEAD' }))).toBe('answered 200')
  })
})

describe('a redirect', () => {
  test.each([301, 302, 303, 307, 308])('%s is followed by a GET', async (status) => {
    const target = await openTarget({ behaviour: ({ url }) => (url === '/new' ? fine : hop('/new', status)) })
    const sent = await openWayOut()({ url: `${target.url}/old` })
    expect(sent.ok && sent.answer.body).toBe('there')
    expect(sent.record.redirects).toEqual([`${target.url}/new`])
  })

  test.each([307, 308])('%s is followed by a request with a body, which goes along', async (status) => {
    const target = await openTarget({ behaviour: ({ url }) => (url === '/new' ? fine : hop('/new', status)) })
    const headers = { authorization: 'Bearer x' }
    await openWayOut()({ url: target.url, body: '{"a":1}', headers, signingSecret: 'text' })
    const second = target.requests[1]
    expect(second).toMatchObject({ method: 'POST', url: '/new', text: '{"a":1}' })
    expect(second?.headers).toMatchObject({ authorization: 'Bearer x', 'webhook-id': 'run_1:send' })
    expect(second?.headers['webhook-signature']).toMatch(/^v1,/)
  })

  test.each([301, 302, 303])(
    '%s is a final failure of a request with a body, and names the new URL',
    async (status) => {
      const target = await openTarget({ behaviour: hop('http://new.test/hook', status) })
      const sent = await openWayOut()({ url: target.url, body: '{}' })
      expect(outcomeOf(sent)).toBe('redirect-not-followed')
      expect(sent.ok || sent.error.message).toContain('"http://new.test/hook"')
      expect(sent.record.response?.status).toBe(status)
      expect(target.requests).toHaveLength(1)
    },
  )

  test('to another origin goes without credentials and signature, and keeps its identity', async () => {
    const other = await openTarget({ behaviour: fine })
    const target = await openTarget({ behaviour: hop(`${other.url}/new`, 307) })
    const headers = {
      Authorization: 'a',
      Cookie: 'b',
      'X-Api-Key': 'c',
      'X-Own': 'my own-secret',
      'x-plain': 'd',
    }
    await openWayOut()(
      { url: target.url, body: '{}', headers, signingSecret: 'text' },
      { redact: ['own-secret'] },
    )
    expect(Object.keys(other.requests[0]?.headers ?? {}).toSorted()).toEqual([
      'connection',
      'content-length',
      'content-type',
      'host',
      'user-agent',
      'webhook-id',
      'webhook-timestamp',
      'x-plain',
    ])
  })

  test(`is followed ${redirectsMax} times and not once more`, async () => {
    const target = await openTarget({ behaviour: (_request, n) => (n <= redirectsMax ? hop(`/${n}`) : fine) })
    const send = openWayOut()
    expect(outcomeOf(await send({ url: target.url }))).toBe('answered 200')
    target.behave((_request, n) => hop(`/${n}`))
    expect(outcomeOf(await send({ url: target.url }))).toBe('redirect-not-followed')
    expect(target.requests).toHaveLength(2 * (redirectsMax + 1))
  })

  test('does not carry cookies that an answer set', async () => {
    const headers = { 'set-cookie': 'a=1', location: '/new' }
    const target = await openTarget({
      behaviour: ({ url }) => (url === '/new' ? fine : { kind: 'answer', status: 302, headers }),
    })
    await openWayOut()({ url: target.url })
    expect(target.requests[1]?.headers['cookie']).toBeUndefined()
  })
})

test('a compressed answer that is cut is an error, and the next request is served', async () => {
  const body = gzipSync(Buffer.alloc(4096, 'x')).subarray(0, 20)
  const target = await openTarget({
    behaviour: { kind: 'answer', headers: { 'content-encoding': 'gzip' }, body },
  })
  const send = openWayOut()
  expect(outcomeOf(await send({ url: target.url }))).toBe('response-unreadable')
  target.behave({ kind: 'answer' })
  expect(outcomeOf(await send({ url: target.url }))).toBe('answered 200')
})
