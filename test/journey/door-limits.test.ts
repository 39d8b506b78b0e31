/** What keeps a hook from being overrun: rates, requests in hand, runs that wait; and what is kept of those turned away. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chain } from '../support/chain.ts'
import { type Answer, type RunningServer, eventually, removeDataDir, startServer } from '../support/server.ts'
import { publish } from '../support/workflows.ts'

let server: RunningServer
beforeAll(async () => {
  server = await startServer({ environment: { HOOKLOOM_TRUST_PROXY: '127.0.0.1/32' } })
})
afterAll(async () => {
  await server.stop()
  await removeDataDir(server.dataDir)
})

interface Sent {
  readonly status: number
  readonly retryAfter: number
  readonly body: Answer
}

async function send(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Sent> {
  const response = await fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{"n":1}',
  })
  const body: Answer = await response.json()
  return { status: response.status, retryAfter: Number(response.headers.get('retry-after')), body }
}
const from = (ip: string) => ({ 'x-forwarded-for': ip })
const limited = (limits: unknown, ...nodes: Parameters<typeof chain>[1][]) =>
  publish(server, chain({ limits }, ...nodes), 'Limited')
const rejectionsOf = async (id: string): Promise<Answer[]> =>
  (await server.api('GET', `/api/rejections?workflowId=${id}`)).items

test('a hook takes its burst and then gets 429 with a time to come again; the first is kept for all that follow', async () => {
  const { id, path } = await limited({ perSecond: 0.01, burst: 3 })
  const before = await server.api('GET', '/api/balance')
  const sent: Sent[] = []
  for (let n = 0; n < 10; n += 1) sent.push(await send(path))
  expect(sent.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429, 429, 429, 429, 429, 429])
  expect(sent[3]).toMatchObject({
    body: {
      type: 'urn:hookloom:problem:limited',
      reason: 'limited',
      detail: expect.stringMatching(/^This hook gets more than one request in 100 s/),
    },
  })
  expect(sent[3]?.retryAfter).toBeGreaterThan(90)
  const [kept, ...more] = await rejectionsOf(id)
  expect(kept).toMatchObject({ status: 429, reason: 'limited', times: 1 })
  expect(more).toEqual([])
  // It was turned away before its body was read.
  expect(await server.call('POST', `/api/rejections/${kept.id}/accept`)).toMatchObject({ status: 409 })

  await server.stop()
  server = await startServer({
    dataDir: server.dataDir,
    environment: { HOOKLOOM_TRUST_PROXY: '127.0.0.1/32' },
  })
  expect(await rejectionsOf(id)).toMatchObject([{ id: kept.id, times: 7 }])
  const after = await server.api('GET', '/api/balance')
  expect(after.rejected - before.rejected).toBe(7)
})

test('each address has a rate of its own', async () => {
  const { path } = await limited({ addressPerSecond: 0.01, addressBurst: 2 })
  const statuses = async (ip: string) => {
    const sent = [await send(path, from(ip)), await send(path, from(ip)), await send(path, from(ip))]
    return sent.map(({ status }) => status)
  }
  expect(await statuses('192.0.2.1')).toEqual([200, 200, 429])
  expect(await statuses('192.0.2.2')).toEqual([200, 200, 429])
  expect((await send(path, from('192.0.2.1'))).body.detail).toMatch(/^192\.0\.2\.1 sends more than/)
})

test('so many requests are in hand at once; as soon as one is answered the next may come', async () => {
  const { id, path } = await publish(
    server,
    chain(
      { answer: 'workflow', limits: { concurrent: 2 } },
      ['delay', { for: 3 }],
      ['respond', { body: 'done' }],
    ),
    'Waiting callers',
  )
  const answered = (text: Promise<Response>) =>
    text.then(async (response) => [response.status, await response.text()])
  const post = () => fetch(server.url + path, { method: 'POST', body: '1' })
  const waiting = [answered(post()), answered(post())]
  await eventually(
    () => server.api('GET', `/api/runs?workflowId=${id}&state=waiting`),
    ({ items }) => items.length === 2,
  )
  const third = await send(path)
  expect(third).toMatchObject({ status: 429, retryAfter: 1 })
  expect(third.body.detail).toMatch(/^2 requests of this hook are in hand/)
  expect(await Promise.all(waiting)).toEqual([
    [200, 'done'],
    [200, 'done'],
  ])
  expect(await answered(post())).toEqual([200, 'done'])
})

test('so many runs may wait; one that ends makes room for the next', async () => {
  const { id, path } = await limited({ queued: 2 }, ['delay', { for: 3_600 }])
  expect([(await send(path)).status, (await send(path)).status]).toEqual([200, 200])
  const full = await send(path)
  expect(full).toMatchObject({ status: 503, retryAfter: 10, body: { reason: 'limited' } })
  expect(full.body.detail).toMatch(/^2 runs of this workflow have not ended/)
  const [run] = (await server.api('GET', `/api/runs?workflowId=${id}`)).items
  await eventually(
    () => server.call('POST', `/api/runs/${run.id}/cancel`),
    ({ status }) => status === 200,
  )
  await eventually(
    () => send(path),
    ({ status }) => status === 200,
  )
  expect((await send(path)).status).toBe(503)
})

test('a draft under test has no limits', async () => {
  const { path } = await limited({ perSecond: 0.01, burst: 1, queued: 1 })
  const place = path.replace('/hooks/', '/hooks-test/')
  for (let n = 0; n < 5; n += 1) expect((await send(place)).status).toBe(200)
})

test('limits that are none are refused when saving', async () => {
  for (const limits of [
    { perSecond: 0 },
    { burst: 1.5 },
    { concurrent: -1 },
    { queued: 'many' },
    { rate: 5 },
  ]) {
    const graph = chain({ limits })
    const { problems } = await server.api('POST', '/api/validate', { graph })
    expect(problems[0]?.message, JSON.stringify(limits)).toMatch(/^Limits: .+\.$/)
  }
})
