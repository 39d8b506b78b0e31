/** What a caller is answered: the default, what the webhook node says, or what the workflow itself says. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chain } from '../support/chain.ts'
import { speak } from '../support/raw-socket.ts'
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

type Nodes = Parameters<typeof chain> extends readonly [unknown, ...infer Rest] ? Rest : never

async function call(
  path: string,
  {
    method = 'POST',
    body = '{"name":"Ada","n":2}',
  }: { readonly method?: string; readonly body?: string } = {},
) {
  const response = await fetch(`${server.url}${path}`, {
    method,
    ...(method !== 'GET' && method !== 'HEAD' && { body, headers: { 'content-type': 'application/json' } }),
  })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

/** Makes a workflow of this webhook setting and these nodes, and calls it. */
async function callWith(answer: unknown, ...nodes: Nodes) {
  const { id, path } = await publish(server, chain({ answer }, ...nodes), 'Answers')
  return { id, path, ...(await call(path)) }
}

const eventsOf = async (id: string): Promise<Answer[]> =>
  (await server.api('GET', `/api/events?workflowId=${id}`)).items
const runsOf = async (id: string): Promise<Answer[]> =>
  (await server.api('GET', `/api/runs?workflowId=${id}`)).items
const ended = ([run]: readonly Answer[]): boolean => ['succeeded', 'filtered', 'failed'].includes(run?.state)

test('by default it is 200 and the event’s id as JSON', async () => {
  const { path, id } = await publish(server, chain({}), 'Default')
  const { status, headers, text } = await call(path)
  expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8'])
  expect(JSON.parse(text)).toEqual({ id: (await eventsOf(id))[0].id })
})

test.each([
  [{ status: 202, body: 'taken' }, 202, 'text/plain; charset=utf-8', 'taken'],
  [{ status: 201, body: { ok: true } }, 201, 'application/json; charset=utf-8', '{"ok":true}'],
  [{ body: [1, 'a'] }, 200, 'application/json; charset=utf-8', '[1,"a"]'],
  [{ headers: { 'Content-Type': 'text/xml' }, body: '<ok/>' }, 200, 'text/xml', '<ok/>'],
  [{ status: 200, body: null }, 200, 'application/json; charset=utf-8', ''],
  [{ status: 400, body: 'no' }, 400, 'text/plain; charset=utf-8', 'no'],
])('the webhook node’s own answer %j goes out at once', async (answer, status, type, text) => {
  const got = await callWith({ headers: { 'X-Told': 'yes' }, ...answer })
  expect([got.status, got.headers.get('content-type'), got.text]).toEqual([status, type, text])
  if (!('headers' in answer)) expect(got.headers.get('x-told')).toBe('yes')
  expect(await eventsOf(got.id)).toHaveLength(1)
})

test('an answer that names no body carries the event’s id', async () => {
  const got = await callWith({ status: 202 })
  expect([got.status, JSON.parse(got.text)]).toEqual([202, { id: (await eventsOf(got.id))[0].id }])
})

test('204 is empty: neither a body nor a length', async () => {
  const { path } = await publish(server, chain({ answer: { status: 204, body: 'ignored' } }), 'Empty')
  const bytes = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`
  const { answers } = await speak(server.url, bytes, { answers: 0 })
  expect(answers).toMatchObject([{ status: 204, body: '' }])
  expect(answers[0]?.headers).not.toHaveProperty('content-length')
})

test('an answer cannot change what the connection needs, nor act as a page of this server', async () => {
  const headers = {
    'Content-Length': '1',
    'Transfer-Encoding': 'chunked',
    Connection: 'upgrade',
    'X-Kept': 'é',
  }
  const got = await callWith({ headers: { ...headers, 'content-type': 'text/html' }, body: '<p>whole</p>' })
  expect([got.text, got.headers.get('x-kept')]).toEqual(['<p>whole</p>', 'é'])
  const policy = got.headers.get('content-security-policy')
  expect(policy).toMatch(/^sandbox/)
  expect(policy).not.toContain('allow-same-origin')
  expect(got.headers.get('x-content-type-options')).toBe('nosniff')
  const own = { 'Content-Security-Policy': "default-src 'none'" }
  expect((await callWith({ headers: own })).headers.get('content-security-policy')).toBe(
    `default-src 'none', ${policy}`,
  )
})

test('"workflow": the respond node says status, headers and body', async () => {
  const got = await callWith('workflow', [
    'respond',
    {
      status: 418,
      headers: { 'X-Name': '{{ name }}' },
      body: { greeting: 'Hello {{ name }}', n: { $: 'n + 1' } },
    },
  ])
  expect([got.status, got.headers.get('x-name'), got.headers.get('content-type')]).toEqual([
    418,
    'Ada',
    'application/json; charset=utf-8',
  ])
  expect(JSON.parse(got.text)).toEqual({ greeting: 'Hello Ada', n: 3 })
  expect(await eventually(() => runsOf(got.id), ended)).toMatchObject([{ state: 'succeeded' }])
})

test('"workflow": a text goes out as text, and without a body the message is the answer', async () => {
  expect(await callWith('workflow', ['respond', { body: 'Hello {{ name }}' }])).toMatchObject({
    status: 200,
    text: 'Hello Ada',
  })
  const message = await callWith('workflow', ['transform', { expression: "{ 'n': n }" }], ['respond', {}])
  expect(message.text).toBe('{"n":2}')
})

test('"workflow": the caller is answered when the respond node runs, not when the run ends', async () => {
  const began = performance.now()
  const got = await callWith('workflow', ['respond', { body: 'now' }], ['delay', { for: 2 }])
  expect([got.text, performance.now() - began < 1_800]).toEqual(['now', true])
  expect(await runsOf(got.id)).not.toMatchObject([{ state: 'succeeded' }])
})

test('"workflow": a run that fails answers at once, with its id, and the event stays accepted', async () => {
  const began = performance.now()
  const got = await callWith(
    'workflow',
    ['script', { code: 'throw new Error("no such customer")' }],
    ['respond', {}],
  )
  expect(performance.now() - began).toBeLessThan(5_000)
  expect([got.status, got.headers.get('content-type')]).toEqual([
    500,
    'application/problem+json; charset=utf-8',
  ])
  const [run] = await runsOf(got.id)
  expect(run).toMatchObject({ state: 'failed' })
  expect(JSON.parse(got.text)).toMatchObject({
    status: 500,
    runId: run.id,
    detail: expect.stringContaining(run.reason),
  })
  // What broke inside is for the owner to see, not for whoever called.
  expect(got.text).not.toContain('no such customer')
  expect(await eventsOf(got.id)).toHaveLength(1)
})

test.each([
  ['ends without a respond node', ['transform', { expression: '$' }]],
  ['was filtered', ['filter', { condition: 'false' }]],
] as const)('"workflow": a run that %s answers 200 and the event’s id', async (_how, node) => {
  const got = await callWith('workflow', node)
  expect([got.status, JSON.parse(got.text)]).toEqual([200, { id: (await eventsOf(got.id))[0].id }])
})

test('"workflow": a header that cannot be sent is a problem that says so; nothing is taken for refused', async () => {
  const got = await callWith('workflow', ['respond', { headers: { 'X-Text': { $: "'a 🦀'" } } }])
  expect([got.status, got.headers.get('content-type')]).toEqual([
    500,
    'application/problem+json; charset=utf-8',
  ])
  expect(JSON.parse(got.text).detail).toMatch(/^The event is stored.*"x-text"/)
  expect(await eventsOf(got.id)).toHaveLength(1)
})

test('GET and HEAD are answered where they are methods of the hook, HEAD without a body', async () => {
  const graph = chain({ methods: ['GET', 'HEAD'], answer: 'workflow' }, [
    'respond',
    { body: { $: "{ 'path': $event.path, 'query': $event.query, 'message': $ }" } },
  ])
  const { path } = await publish(server, graph, 'Asked')
  const got = await call(`${path}/deep/er?x=1&y=a%20b&x=2`, { method: 'GET' })
  expect(JSON.parse(got.text)).toEqual({
    path: '/deep/er',
    query: { x: ['1', '2'], y: 'a b' },
    message: null,
  })
  const head = await call(path, { method: 'HEAD' })
  expect([head.status, head.text]).toEqual([200, ''])
  expect(Number(head.headers.get('content-length'))).toBeGreaterThan(10)
  expect(await call(path)).toMatchObject({ status: 405 })
})

test('a duplicate gets the answer that the workflow gave to the first, and does not run', async () => {
  const webhook = { answer: 'workflow', dedupe: { key: 'body' } }
  const respond = ['respond', { status: 201, body: { made: { $: '$random()' } } }] as const
  const { id, path } = await publish(server, chain(webhook, respond), 'Answers twice')
  const first = await call(path)
  const second = await call(path)
  expect(first.status).toBe(201)
  expect({ status: second.status, text: second.text }).toEqual({ status: first.status, text: first.text })
  expect((await server.api('GET', `/api/runs?workflowId=${id}`)).items).toHaveLength(1)
})
