/** What a webhook node's settings make of a hook: its path, its words, who may call it from a page, how events are named. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chain } from '../support/chain.ts'
import { type Answer, type RunningServer, eventually, removeDataDir, startServer } from '../support/server.ts'
import { publish } from '../support/workflows.ts'

let server: RunningServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await server.stop()
  await removeDataDir(server.dataDir)
})

async function send(
  path: string,
  {
    method = 'POST',
    body = '{"n":1}',
    headers = {},
  }: {
    readonly method?: string
    readonly body?: string
    readonly headers?: Readonly<Record<string, string>>
  } = {},
) {
  const response = await fetch(server.url + path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS' && { body }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text }
}
const json = (text: string): Answer => JSON.parse(text)
const eventsOf = async (id: string): Promise<Answer[]> =>
  (await server.api('GET', `/api/events?workflowId=${id}`)).items

/** What a transform makes of the newest event. */
async function outputOf(id: string): Promise<Answer> {
  const { items } = await eventually(
    () => server.api('GET', `/api/runs?workflowId=${id}&state=succeeded`),
    ({ items }) => items.length > 0,
  )
  return (await server.api('GET', `/api/runs/${items[0].id}`)).steps.at(-1).output
}
const view = (expression: string) => ['transform', { expression }] as const

describe('the path', () => {
  test('has parameters, which expressions see; what does not fit gets 404 and is kept', async () => {
    const { id, path } = await publish(
      server,
      chain({ path: '/shops/:shop/*' }, view('$event.params')),
      'Path',
    )
    expect((await send(`${path}/shops/a%20b/orders/7/?x=1`)).status).toBe(200)
    expect(await outputOf(id)).toEqual({ shop: 'a b', rest: 'orders/7' })
    for (const wrong of ['', '/shops', '/shops/', '/shops/%E0%A4%A', '/other/a/b']) {
      const refused = await send(path + wrong)
      expect(refused.status, wrong).toBe(404)
      expect(json(refused.text)).toMatchObject({ reason: 'path-unknown' })
    }
    const { items } = await server.api('GET', `/api/rejections?workflowId=${id}&reason=path-unknown`)
    expect(items).toHaveLength(5)
    expect(await eventsOf(id)).toHaveLength(1)
  })

  test('without a setting is any, and a parameter is never what it was not sent as', async () => {
    const { id, path } = await publish(server, chain({}, view('$event.params')), 'Any path')
    expect((await send(`${path}/what/ever`)).status).toBe(200)
    expect(await outputOf(id)).toEqual({})
    const named = await publish(server, chain({ path: '/:__proto__' }, view('$event.params')), 'Names')
    expect((await send(`${named.path}/x`)).status).toBe(200)
    expect(JSON.stringify(await outputOf(named.id))).toBe('{"__proto__":"x"}')
  })
})

describe('the answer', () => {
  test('holds templates and expressions over the event, and a duplicate gets the first one’s', async () => {
    const answer = {
      status: 201,
      headers: { 'Content-Type': 'application/xml', 'X-Event': '{{ $event.id }}' },
      body: '<ok n="{{ n }}" id="{{ $event.id }}" r="{{ $random() }}"/>',
    }
    const { id, path } = await publish(server, chain({ answer, dedupe: { key: 'body' } }), 'Templates')
    const first = await send(path)
    const [event] = await eventsOf(id)
    expect(first).toMatchObject({
      status: 201,
      text: expect.stringContaining(`<ok n="1" id="${event.id}" r="0.`),
    })
    expect(first.headers.get('content-type')).toBe('application/xml')
    expect(first.headers.get('x-event')).toBe(event.id)
    expect((await send(path)).text).toBe(first.text)
  })

  test('as JSON may hold an expression; one that fails leaves the event’s id, and the event is stored', async () => {
    const good = await publish(server, chain({ answer: { body: { sum: { $: 'n + 1' } } } }), 'JSON')
    expect(json((await send(good.path)).text)).toEqual({ sum: 2 })
    const bad = await publish(server, chain({ answer: { body: '{{ $error("no") }}' } }), 'Fails')
    const told = await send(bad.path)
    expect([told.status, json(told.text).id]).toEqual([200, (await eventsOf(bad.id))[0].id])
  })

  test('of the workflow is waited for as long as it says, then it is 504 with the run, which goes on', async () => {
    const answer = { from: 'workflow', timeoutSeconds: 1 }
    const { id, path } = await publish(
      server,
      chain({ answer }, ['delay', { for: 3 }], ['respond', {}]),
      'Slow',
    )
    const told = await send(path)
    expect(told.status).toBe(504)
    const problem = json(told.text)
    expect(problem.detail).toMatch(/did not answer within 1 s/)
    const run = await eventually(
      () => server.api('GET', `/api/runs/${problem.runId}`),
      ({ state }) => state === 'succeeded',
    )
    expect(run.workflowId).toBe(id)
  })

  test('without a body is 204 and nothing', async () => {
    const { path } = await publish(server, chain({ answer: { status: 204 } }), 'Nothing')
    expect(await send(path)).toMatchObject({ status: 204, text: '' })
  })
})

describe('pages that may call it', () => {
  const shop = 'https://shop.example.com'
  const preflight = { origin: shop, 'access-control-request-method': 'POST' }

  test('are told so before and after, and others are not; a preflight is no event', async () => {
    const { id, path } = await publish(
      server,
      chain({ corsOrigins: [shop], methods: ['POST', 'PUT'] }),
      'CORS',
    )
    const asked = await send(path, {
      method: 'OPTIONS',
      headers: { ...preflight, 'access-control-request-headers': 'content-type, x-kind' },
    })
    expect(asked.status).toBe(204)
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      'access-control-allow-origin': shop,
      'access-control-allow-methods': 'POST, PUT',
      'access-control-allow-headers': 'content-type, x-kind',
      vary: 'Origin',
    })
    const sent = await send(path, { headers: { origin: shop } })
    expect([sent.status, sent.headers.get('access-control-allow-origin')]).toEqual([200, shop])
    const other = await send(path, {
      method: 'OPTIONS',
      headers: { ...preflight, origin: 'https://evil.example' },
    })
    expect(other.headers.get('access-control-allow-origin')).toBeNull()
    expect(await eventsOf(id)).toHaveLength(1)
  })

  test('are all where it says so, and none by default', async () => {
    const open = await publish(server, chain({ corsOrigins: ['*'] }), 'Open')
    expect(
      (await send(open.path, { headers: { origin: shop } })).headers.get('access-control-allow-origin'),
    ).toBe('*')
    const closed = await publish(server, chain({}), 'Closed')
    expect((await send(closed.path, { method: 'OPTIONS', headers: preflight })).status).toBe(405)
    const sent = await send(closed.path, { headers: { origin: shop } })
    expect(sent.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('how events are named', () => {
  test.each([
    [
      'a header',
      { type: 'header:X-Kind', version: 'header:X-Version' },
      '',
      { 'x-kind': 'order', 'x-version': '2' },
    ],
    ['the body', { type: 'body:what.kind', version: 'body:v' }, '', {}],
    ['the query', { type: 'query:kind', version: 'query:v' }, '?kind=order&v=2', {}],
    ['the path', { type: 'path:kind', version: 'path:v' }, '/order/2', {}],
  ])('is told by %s', async (_what, naming, rest, headers) => {
    const config = { naming, ...(rest.startsWith('/') && { path: '/:kind/:v' }) }
    const { id, path } = await publish(server, chain(config, view('[$event.type, $event.version]')), 'Named')
    await send(path + rest, { body: '{"what":{"kind":"order"},"v":2}', headers })
    expect(await eventsOf(id)).toMatchObject([{ type: 'order' }])
    expect(await outputOf(id)).toEqual(['order', '2'])
    const listed = await server.api('GET', `/api/events?workflowId=${id}&type=order`)
    expect(listed.items).toHaveLength(1)
  })

  test('by the sender, unless the settings say otherwise', async () => {
    const verification = { scheme: 'none' }
    const { id, path } = await publish(
      server,
      chain({ verification, naming: { type: 'body:kind' } }),
      'Otherwise',
    )
    await send(path, { body: '{"kind":"mine"}' })
    await send(path, { body: '{}' })
    expect((await eventsOf(id)).map(({ type }) => type)).toEqual([null, 'mine'])
  })
})

test.each([
  [{ path: 'orders' }, /begins with a slash/],
  [{ path: '/a/:b/:b' }, /twice/],
  [{ path: '/*/a' }, /at the end only/],
  [{ path: '/a b' }, /neither a text nor a parameter/],
  [{ corsOrigins: ['https://a.example/'] }, /origin looks like/],
  [{ naming: { type: 'X-Kind' } }, /place looks like/],
  [{ answer: { from: 'workflow', timeoutSeconds: 0 } }, /Answer: /],
])('%j is refused when it is published, in words', async (config, words) => {
  const { problems } = await server.api('POST', '/api/validate', { graph: chain(config) })
  expect(problems.map(({ message }: Answer) => message).join()).toMatch(words)
})
