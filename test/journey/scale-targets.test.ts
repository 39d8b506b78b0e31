/** The limits of a target over several workers, when one of them dies, and while Redis is away. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Fleet, hasFleet, noFleet, startFleet } from '../support/fleet.ts'
import { type Receiver, openReceiver } from '../support/receiver.ts'
import { type Answer, eventually } from '../support/server.ts'
import { publish } from '../support/workflows.ts'

type Config = Readonly<Record<string, unknown>>
/** A webhook node and requests in a row. */
const row = (...requests: readonly Config[]) => ({
  nodes: [
    { id: 'hook', type: 'webhook', data: { config: {} } },
    ...requests.map((config, at) => ({ id: `send${at}`, type: 'http', data: { config } })),
  ],
  edges: requests.map((_config, at) => ({
    id: `to${at}`,
    source: at === 0 ? 'hook' : `send${at - 1}`,
    target: `send${at}`,
  })),
})

describe.skipIf(!hasFleet)(`one web and two worker processes${noFleet}`, () => {
  let fleet: Fleet
  let receiver: Receiver
  beforeAll(async () => {
    // A worker gives half of its hands to one workflow: each has one run of it in hand.
    fleet = await startFleet({ workers: 2, environment: { HOOKLOOM_CONCURRENCY: '2' } })
  }, 300_000)
  afterAll(() => fleet.close())

  const post = async (path: string, count: number) => {
    for (let n = 0; n < count; n += 1)
      expect((await fetch(`${fleet.web.url}${path}`, { method: 'POST', body: '{}' })).status).toBe(200)
  }
  const succeeded = (id: string, count: number): Promise<Answer[]> =>
    eventually(
      async () => (await fleet.web.api('GET', `/api/runs?workflowId=${id}&state=succeeded`)).items,
      (items) => items.length === count,
      60_000,
    )
  const attemptsOf = (runs: Answer[]): Promise<number[]> =>
    Promise.all(
      runs.map(async ({ id }) => {
        const { steps } = await fleet.web.api('GET', `/api/runs/${id}`)
        return steps.reduce((sum: number, { attempts }: Answer) => sum + attempts.length, 0)
      }),
    )
  /** A receiver that takes its time, what came when, and how many it had at once. */
  const counting = async (delayMs: number) => {
    const seen = { at: [] as number[], open: 0, most: 0 }
    receiver = await openReceiver({
      behaviour: () => {
        seen.at.push(performance.now())
        seen.open += 1
        seen.most = Math.max(seen.most, seen.open)
        setTimeout(() => (seen.open -= 1), delayMs)
        return { kind: 'answer', delayMs }
      },
    })
    return seen
  }

  test('keep a rate together, and each request is a first attempt', { timeout: 120_000 }, async () => {
    const seen = await counting(0)
    const { id, path } = await publish(fleet.web, row({ url: receiver.url, limits: { requests: 4 } }))
    const from = performance.now()
    await post(path, 12)
    const runs = await succeeded(id, 12)
    expect(seen.at).toHaveLength(12)
    for (const [n, at] of seen.at.entries())
      expect(at - from, `request ${n + 1}`).toBeGreaterThanOrEqual(Math.floor(n / 4) * 1_000)
    expect(await attemptsOf(runs)).toEqual(Array(12).fill(1))
    await receiver.close()
  })

  test('have one request at a target at once together', { timeout: 120_000 }, async () => {
    const seen = await counting(150)
    const free = await publish(fleet.web, row({ url: receiver.url }))
    await post(free.path, 6)
    await succeeded(free.id, 6)
    expect(seen.most, 'without a limit').toBe(2)
    seen.most = 0
    const { id, path } = await publish(fleet.web, row({ url: receiver.url, limits: { concurrent: 1 } }))
    await post(path, 8)
    const runs = await succeeded(id, 8)
    expect(seen.most).toBe(1)
    expect(await attemptsOf(runs)).toEqual(Array(8).fill(1))
    await receiver.close()
  })

  test('give back the places that they held when they are killed', { timeout: 120_000 }, async () => {
    receiver = await openReceiver({ behaviour: { kind: 'hang' } })
    const { id, path } = await publish(fleet.web, row({ url: receiver.url, limits: { concurrent: 1 } }))
    await post(path, 4)
    await receiver.received(1, 30_000)
    receiver.behave({ kind: 'answer' })
    await fleet.replaceWorker(0)
    await fleet.replaceWorker(1)
    const runs = await succeeded(id, 4)
    expect(await attemptsOf(runs)).toEqual(Array(4).fill(1))
    expect(receiver.requests).toHaveLength(5)
    await receiver.close()
  })

  test('keep limits each for itself while Redis is away', { timeout: 120_000 }, async () => {
    const slow = await openReceiver({ behaviour: { kind: 'answer', delayMs: 2_000 } })
    receiver = await openReceiver()
    const limits = { requests: 1, perSeconds: 3_600 }
    const graph = row({ url: slow.url }, { url: receiver.url, limits }, { url: receiver.url, limits })
    const { id, path } = await publish(fleet.web, graph)
    await post(path, 1)
    await slow.received(1, 30_000)
    await fleet.redis.kill()
    await receiver.received(1, 30_000)
    const [run] = await eventually(
      async () => (await fleet.web.api('GET', `/api/runs?workflowId=${id}&state=waiting`)).items,
      (items) => items.length === 1,
      30_000,
    )
    const { steps } = await fleet.web.api('GET', `/api/runs/${run.id}`)
    expect(steps.at(-1)).toMatchObject({ nodeId: 'send2', state: 'waiting', attempts: [] })
    expect(steps.at(-1).waitsFor).toContain(receiver.url)
    expect(receiver.requests).toHaveLength(1)
    await fleet.redis.start()
    await Promise.all([slow.close(), receiver.close()])
  })
})
