import { afterAll, beforeAll, expect, test } from 'vitest'
import { chain } from '../support/chain.ts'
import { type Receiver, openReceiver } from '../support/receiver.ts'
import { type Answer, type RunningServer, eventually, removeDataDir, startServer } from '../support/server.ts'
import { publish } from '../support/workflows.ts'

let server: RunningServer
let receiver: Receiver

beforeAll(async () => {
  receiver = await openReceiver()
  server = await startServer()
})
afterAll(async () => {
  await server.stop()
  await receiver.close()
  await removeDataDir(server.dataDir)
})

async function send(http: Readonly<Record<string, unknown>>): Promise<string> {
  const { id, path } = await publish(server, chain({}, ['http', { url: receiver.url, ...http }]), 'Retry')
  const sent = await fetch(`${server.url}${path}`, { method: 'POST', body: '{}' })
  expect(sent.status).toBe(200)
  const { items } = await eventually(
    () => server.api('GET', `/api/runs?workflowId=${id}`),
    ({ items: [run] }) => run?.startedAt !== null && run !== undefined && run.state !== 'running',
  )
  return items[0].id
}
const runOf = (id: string) => (): Promise<Answer> => server.api('GET', `/api/runs/${id}`)
const sendOf = ({ steps }: Answer): Answer => steps.find(({ attempts }: Answer) => attempts.length > 0)

test('tries again by the schedule, with the same webhook-id, and records each attempt', async () => {
  receiver.behave((_request, n) => ({ kind: 'answer', status: n < 3 ? 500 : 200 }))
  const id = await send({ retry: { attempts: 5, schedule: [0, 0.3, 0.3] } })
  const run = await eventually(runOf(id), ({ state }) => state === 'succeeded')
  const { attempts } = sendOf(run)
  expect(attempts.map(({ response }: Answer) => response.status)).toEqual([500, 500, 200])
  expect(attempts.map(({ n }: Answer) => n)).toEqual([1, 2, 3])
  expect(receiver.requests).toHaveLength(3)
  expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id']))).toHaveProperty('size', 1)
  const gaps = attempts
    .slice(1)
    .map(({ at }: Answer, n: number) => Date.parse(at) - Date.parse(attempts[n].at))
  for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(0.3 * 0.8 * 1_000)
})

test('waits by default about five seconds after the first failure, holding nothing, and survives a restart meanwhile', async () => {
  receiver.behave({ kind: 'answer', status: 503 })
  const id = await send({})
  const waiting = await eventually(runOf(id), ({ state }) => state === 'waiting')
  const [{ at }] = sendOf(waiting).attempts
  const waitMs = Date.parse(waiting.dueAt) - Date.parse(at)
  expect(waitMs).toBeGreaterThanOrEqual(4_000)
  expect(waitMs).toBeLessThan(7_000)
  receiver.behave({ kind: 'answer' })
  await server.kill()
  server = await startServer({ dataDir: server.dataDir })
  const run = await eventually(runOf(id), ({ state }) => state === 'succeeded', 15_000)
  expect(sendOf(run).attempts.map(({ response }: Answer) => response.status)).toEqual([503, 200])
})

test('waits as long as Retry-After asks', async () => {
  receiver.behave({ kind: 'answer', status: 429, headers: { 'retry-after': '60' } })
  const waiting = await eventually(runOf(await send({})), ({ state }) => state === 'waiting')
  const waitMs = Date.parse(waiting.dueAt) - Date.now()
  expect(waitMs).toBeGreaterThan(50_000)
  expect(waitMs).toBeLessThanOrEqual(60_000)
})

test('fails at once on an answer that trying again cannot help, and after the last attempt', async () => {
  receiver.behave({ kind: 'answer', status: 404 })
  const final = await eventually(runOf(await send({})), ({ state }) => state === 'failed')
  expect(final).toMatchObject({ reason: 'http-status' })
  expect(sendOf(final).attempts).toHaveLength(1)
  receiver.behave({ kind: 'answer', status: 500 })
  const id = await send({ retry: { attempts: 3, schedule: [0, 0.05] } })
  const spent = await eventually(runOf(id), ({ state }) => state === 'failed')
  expect(sendOf(spent).attempts).toHaveLength(3)
})

test('cancels a run that waits for its next attempt at once', async () => {
  receiver.behave({ kind: 'answer', status: 500 })
  const id = await send({})
  await eventually(runOf(id), ({ state }) => state === 'waiting')
  expect(await server.call('POST', `/api/runs/${id}/cancel`)).toMatchObject({
    status: 200,
    body: { state: 'cancelled' },
  })
})
