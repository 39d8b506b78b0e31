/** What a target is spared: requests in a time, requests at once; and that nobody else pays for it. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chain } from '../support/chain.ts'
import { type Receiver, openReceiver } from '../support/receiver.ts'
import { type Answer, type RunningServer, eventually, removeDataDir, startServer } from '../support/server.ts'
import { publish } from '../support/workflows.ts'

let server: RunningServer
let receiver: Receiver
beforeEach(async () => {
  receiver = await openReceiver()
  server = await startServer({ environment: { HOOKLOOM_CONCURRENCY: '4' } })
})
afterEach(async () => {
  await server.stop()
  await receiver.close()
  await removeDataDir(server.dataDir)
})

type Config = Readonly<Record<string, unknown>>
const sending = (config: Config, name?: string) =>
  publish(server, chain({}, ['http', { url: receiver.url, ...config }]), name)
const post = async (path: string, count = 1) => {
  for (let n = 0; n < count; n += 1) {
    const { status } = await fetch(server.url + path, { method: 'POST', body: `${n}` })
    expect(status).toBe(200)
  }
}
const runsOf = async (id: string): Promise<Answer[]> =>
  (await server.api('GET', `/api/runs?workflowId=${id}`)).items
/** Their http steps, once all runs of the workflow are in this state. */
async function stepsOf(id: string, count: number, state = 'succeeded'): Promise<Answer[]> {
  const runs = await eventually(
    () => runsOf(id),
    (runs) => runs.filter((run) => run.state === state).length === count,
    20_000,
  )
  const full = await Promise.all(runs.map((run): Promise<Answer> => server.api('GET', `/api/runs/${run.id}`)))
  return full.map(({ steps }) => steps.find(({ nodeId }: Answer) => nodeId === 'http'))
}
/** From now on the receiver takes its time, and says how many it had at once. */
function slow(delayMs: number): () => number {
  let [open, most] = [0, 0]
  receiver.behave(() => {
    open += 1
    most = Math.max(most, open)
    setTimeout(() => (open -= 1), delayMs)
    return { kind: 'answer', delayMs }
  })
  return () => most
}
/** When requests came, from now on. */
function arrivals(): readonly number[] {
  const moments: number[] = []
  receiver.behave(() => {
    moments.push(performance.now())
    return { kind: 'answer' }
  })
  return moments
}

test('a target gets so many requests in a time, of two workflows together, and none of them is a second attempt', async () => {
  const limits = { requests: 5 }
  const [one, other] = [await sending({ limits }, 'One'), await sending({ limits }, 'Other')]
  const came = arrivals()
  const from = performance.now()
  for (let n = 0; n < 6; n += 1) await Promise.all([post(one.path), post(other.path)])
  const steps = [...(await stepsOf(one.id, 6)), ...(await stepsOf(other.id, 6))]
  expect(came).toHaveLength(12)
  for (const [n, at] of came.entries())
    expect(at - from, `request ${n + 1}`).toBeGreaterThanOrEqual(Math.floor(n / 5) * 1_000)
  expect(steps.map(({ attempts }) => attempts.length)).toEqual(Array(12).fill(1))
  const waited = steps.flatMap(({ logs }) => logs.map(({ text }: Answer) => text))
  expect(waited.length).toBeGreaterThan(0)
  const sentence = `^Waited \\d+ seconds? for its turn at ${receiver.url}: at most 5 requests a second\\.$`
  for (const text of waited) expect(text).toMatch(new RegExp(sentence))
})

test('runs that wait for a target say so, hold nothing, and can be cancelled; others go their way', async () => {
  const limits = { requests: 1, perSeconds: 3_600 }
  const { id, path } = await sending({ limits }, 'Once an hour')
  await post(path, 20)
  const steps = await stepsOf(id, 19, 'waiting')
  const waiting = steps.filter(({ state }) => state === 'waiting')
  expect(waiting).toHaveLength(19)
  const due = waiting.map(({ resumeAt }) => Date.parse(resumeAt)).toSorted((a, b) => a - b)
  for (const [n, at] of due.entries()) expect(at - (due[n - 1] ?? at - 3_600_000)).toBeGreaterThan(3_590_000)
  for (const step of waiting)
    expect(step).toMatchObject({
      attempts: [],
      error: null,
      waitsFor: `its turn at ${receiver.url}: at most 1 request an hour`,
    })

  const free = await sending({}, 'No limit')
  await post(free.path, 10)
  await stepsOf(free.id, 10)
  const elsewhere = await openReceiver()
  const neighbour = await sending({ url: elsewhere.url, limits }, 'Another target')
  await post(neighbour.path)
  await stepsOf(neighbour.id, 1)
  await elsewhere.close()

  const [run] = (await runsOf(id)).filter(({ state }) => state === 'waiting')
  expect(await server.call('POST', `/api/runs/${run.id}/cancel`)).toMatchObject({
    body: { state: 'cancelled' },
  })
})

test('a target has no more than so many requests at once, and each run has its turn', async () => {
  const most = slow(100)
  const { id, path } = await sending({ limits: { concurrent: 2 } })
  await Promise.all(Array.from({ length: 12 }, () => post(path)))
  const steps = await stepsOf(id, 12)
  expect(most()).toBe(2)
  expect(steps.map(({ attempts }) => attempts.length)).toEqual(Array(12).fill(1))
})

test('an attempt that is made again waits its turn like any other', async () => {
  const { id, path } = await sending({
    limits: { requests: 1, perSeconds: 2 },
    retry: { attempts: 2, schedule: [0, 0] },
  })
  const came: number[] = []
  receiver.behave((_request, n) => {
    came.push(performance.now())
    return { kind: 'answer', status: n === 1 ? 500 : 200 }
  })
  const from = performance.now()
  await post(path)
  const [step] = await stepsOf(id, 1)
  expect(step.attempts.map(({ response }: Answer) => response.status)).toEqual([500, 200])
  expect((came[1] ?? 0) - from).toBeGreaterThanOrEqual(2_000)
})

test('a server that is killed gives back the places that it held, and loses no run', async () => {
  receiver.behave({ kind: 'hang' })
  const { id, path } = await sending({ limits: { concurrent: 1 } })
  await post(path, 5)
  await receiver.received(1)
  await stepsOf(id, 4, 'waiting')
  await server.kill()
  const most = slow(20)
  server = await startServer({ dataDir: server.dataDir, environment: { HOOKLOOM_CONCURRENCY: '4' } })
  const steps = await stepsOf(id, 5)
  expect(most()).toBe(1)
  expect(steps.map(({ attempts }) => attempts.length)).toEqual(Array(5).fill(1))
})

test('a simulated test run takes no place, a real one does', async () => {
  const { id } = await sending({ limits: { requests: 1, perSeconds: 3_600 } })
  const testRun = (simulate: boolean) =>
    server.api('POST', `/api/workflows/${id}/test`, { message: {}, simulate })
  for (let n = 0; n < 3; n += 1) await testRun(true)
  await stepsOf(id, 3)
  await testRun(false)
  await stepsOf(id, 4)
  expect(receiver.requests).toHaveLength(1)
  await testRun(false)
  await stepsOf(id, 1, 'waiting')
})

test('limits that are none are said where they stand', async () => {
  for (const [limits, why] of [
    [{ requests: 0 }, 'at least 1'],
    [{ requests: 1.5 }, 'the number of requests is a whole number'],
    [{ requests: 5, perSeconds: 90_000 }, 'at most a day (86400 seconds)'],
    [{ perSeconds: 10 }, 'say how many requests may go out in that time'],
    [{ concurrent: 'many' }, 'the number of requests at once is a whole number'],
  ] as const) {
    const graph = chain({}, ['http', { url: receiver.url, limits }])
    const { problems } = await server.api('POST', '/api/validate', { graph })
    expect(problems).toMatchObject([{ nodeId: 'http', message: `Limits of the target: ${why}.` }])
  }
})
