/** Targets that hang, lie or pour: the `responses` of test/corpora/ssrf.json, and what else a network does. */
import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openOutbound, responseBytesMax } from '../../server/runtime/http.ts'
import { type Behaviour, openReceiver } from '../support/receiver.ts'
import { openTarget, openWayOut, outcomeOf } from './world.ts'

const corpus = JSON.parse(readFileSync(new URL('../corpora/ssrf.json', import.meta.url), 'utf8')) as {
  readonly responses: readonly { readonly id: string; readonly behaviour: string }[]
}

const json = { 'content-type': 'application/json' }
const timeoutMs = 300

/** How each behaviour of the corpus is made, and what comes of it. TLS has its own file. */
const cases: { readonly [id: string]: readonly [Behaviour, string] } = {
  'resp-slow-header': [{ kind: 'hang' }, 'timeout, again'],
  'resp-slow-drip': [{ kind: 'drip', everyMs: 20 }, 'timeout, again'],
  'resp-half-open': [{ kind: 'hang' }, 'timeout, again'],
  'resp-infinite': [{ kind: 'endless' }, 'response-too-large'],
  'resp-gzip-bomb': [{ kind: 'gzip-bomb', bytes: 64 * responseBytesMax }, 'response-too-large'],
  'resp-multi-encoding': [
    {
      kind: 'answer',
      headers: { 'content-encoding': Array(100).fill('gzip').join(', ') },
      body: gzipSync('x'),
    },
    'response-unreadable',
  ],
  'resp-header-flood': [
    { kind: 'raw', bytes: `HTTP/1.1 200 OK\r\n${'x-a: b\r\n'.repeat(20_000)}\r\n` },
    'response-headers-too-large',
  ],
  'resp-short-body': [
    { kind: 'raw', bytes: 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n0123456789' },
    'connection-reset, again',
  ],
  'resp-status-000': [{ kind: 'raw', bytes: 'HTTP/1.1 000 No\r\n\r\n' }, 'response-invalid, again'],
  'resp-json-deep': [{ kind: 'answer', headers: json, body: '['.repeat(1_000_000) }, 'answered 200'],
  'resp-json-proto': [
    { kind: 'answer', headers: json, body: '{"__proto__":{"polluted":1}}' },
    'answered 200',
  ],
  'resp-set-cookie': [{ kind: 'answer', headers: { 'set-cookie': 'a=1' } }, 'answered 200'],
  'resp-retry-after-negative': [
    { kind: 'answer', status: 503, headers: { 'retry-after': '-1' } },
    'answered 503',
  ],
  'resp-410': [{ kind: 'answer', status: 410 }, 'answered 410'],
}
const withTls = new Set(['resp-tls-selfsigned', 'resp-tls-wrong-host'])

describe('a target that answers with', () => {
  test.each(corpus.responses.filter(({ id }) => !withTls.has(id)))('$behaviour ($id)', async ({ id }) => {
    const [behaviour, outcome] = cases[id] ?? []
    if (behaviour === undefined || outcome === undefined)
      throw new Error(`the corpus has a case ${id} that this test does not make`)
    const target = await openTarget({ behaviour })
    const send = openWayOut()
    const limit = outcome.startsWith('timeout') && { timeoutMs }
    expect(outcomeOf(await send({ url: target.url, body: '{}', ...limit }))).toBe(outcome)
    expect('polluted' in {}).toBe(false)
    target.behave({ kind: 'answer' })
    expect(outcomeOf(await send({ url: target.url, body: '{}' }))).toBe('answered 200')
    expect(target.requests[1]?.headers['cookie']).toBeUndefined()
  })

  test('a body of exactly the limit is read, and one byte more is not', async () => {
    const target = await openTarget()
    const send = openWayOut()
    target.behave({ kind: 'answer', body: Buffer.alloc(responseBytesMax, 'x') })
    const sent = await send({ url: target.url })
    expect(sent.ok && sent.record.response?.bodyBytes).toBe(responseBytesMax)
    target.behave({ kind: 'answer', body: Buffer.alloc(responseBytesMax + 1, 'x') })
    const more = await send({ url: target.url })
    expect(outcomeOf(more)).toBe('response-too-large')
    expect(more.ok || more.error.message).toContain(`larger than ${responseBytesMax} bytes`)
    expect(more.record.response?.status).toBe(200)
  })
})

describe('a network that', () => {
  test('refuses the connection', async () => {
    const target = await openReceiver()
    await target.close()
    const sent = await openWayOut()({ url: target.url, body: '{}' })
    expect(outcomeOf(sent)).toBe('connection-refused, again')
    expect(sent.record.error).toEqual(sent.ok ? null : sent.error)
    expect(sent.record.error?.message).toContain(target.url)
  })

  test('breaks the connection before an answer', async () => {
    const target = await openTarget({ behaviour: { kind: 'drop' } })
    expect(outcomeOf(await openWayOut()({ url: target.url, body: '{}' }))).toBe('connection-reset, again')
  })

  test('has no such name', async () => {
    const send = openWayOut({
      lookup: () => Promise.reject(Object.assign(new Error('not found'), { code: 'ENOTFOUND' })),
    })
    const sent = await send({ url: 'http://nobody.test/' })
    expect(outcomeOf(sent)).toBe('dns-failed, again')
    expect(sent.ok || sent.error.message).toContain('nobody.test')
    expect(outcomeOf(await openWayOut({ lookup: async () => [] })({ url: 'http://empty.test/' }))).toBe(
      'dns-failed, again',
    )
  })

  test('resolves a name for longer than the attempt may take', async () => {
    const send = openWayOut({ lookup: () => new Promise(() => undefined) })
    const sent = await send({ url: 'http://slow.test/', timeoutMs: 50 })
    expect(outcomeOf(sent)).toBe('timeout, again')
    expect(sent.ok || sent.error.message).toContain('within 50 ms: no connection was made')
  })

  test('takes the bytes and never reads them', async () => {
    const deaf = createServer({ pauseOnConnect: true })
    await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void deaf.close())
    const { port } = deaf.address() as AddressInfo
    const body = 'x'.repeat(8_000_000)
    const sent = await openWayOut()({ url: `http://127.0.0.1:${port}/`, body, timeoutMs })
    expect(outcomeOf(sent)).toBe('timeout, again')
  })
})

describe('an attempt', () => {
  test('ends at its deadline, over all of its redirects, and says how far it came', async () => {
    const target = await openTarget({
      behaviour: { kind: 'answer', status: 302, headers: { location: '/on' }, delayMs: 120 },
    })
    const from = performance.now()
    const sent = await openWayOut()({ url: target.url, timeoutMs })
    expect(outcomeOf(sent)).toBe('timeout, again')
    expect(performance.now() - from).toBeLessThan(timeoutMs + 1_000)
    expect(sent.ok || sent.error.message).toContain(`within ${timeoutMs} ms: it took the request`)
    expect(sent.record.redirects).toEqual([`${target.url}/on`, `${target.url}/on`])
    expect(sent.record.durationMs).toBeGreaterThanOrEqual(timeoutMs - 5)
  })

  test('ends when its signal aborts, at once where that has happened already', async () => {
    const target = await openTarget({ behaviour: { kind: 'hang' } })
    const send = openWayOut()
    const controller = new AbortController()
    const sending = send({ url: target.url, body: '{}' }, { signal: controller.signal })
    await target.received(1)
    controller.abort()
    expect(outcomeOf(await sending)).toBe('cancelled, again')
    expect(outcomeOf(await send({ url: target.url }, { signal: controller.signal }))).toBe('cancelled, again')
    expect(target.requests).toHaveLength(1)
  })

  test('that is given up while it waits for a connection costs the others nothing', async () => {
    const target = await openTarget({ behaviour: { kind: 'answer', delayMs: 150 } })
    const send = openWayOut({ connectionsPerTarget: 1 })
    const first = send({ url: target.url })
    const second = send({ url: target.url, timeoutMs: 50 })
    const third = send({ url: target.url })
    expect((await Promise.all([first, second, third])).map(outcomeOf)).toEqual([
      'answered 200',
      'timeout, again',
      'answered 200',
    ])
    expect([target.requests.length, target.connections()]).toEqual([2, 1])
  })

  test('is broken off when the way out closes, which waits for no target', async () => {
    const target = await openTarget({ behaviour: { kind: 'hang' } })
    const outbound = openOutbound({ allow: ['127.0.0.1'], userAgent: 'Hookloom/0.0.0', now: Date.now })
    const sending = outbound.send(
      { method: 'POST', url: target.url, body: '{}', timeoutMs: 10_000 },
      { id: 'run_1:send', redact: [], signal: new AbortController().signal },
    )
    await target.received(1)
    await outbound.close()
    expect(outcomeOf(await sending)).toBe('cancelled, again')
  })
})
