import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Job } from '../../../server/queue/queue.ts'
import { done, nothing, one, many, aMinute, job, inMs, eventually, isEmpty, gate } from './world.ts'
import type { Promises } from './world.ts'

export const hands = {
  async 'a key that is added while its job is in hand is due again after its verdict'(queue) {
    const first = Promise.withResolvers<void>()
    let turns = 0
    queue.work(async () => {
      turns += 1
      if (turns === 1) await first.promise
      return done
    }, many)
    await queue.add([job('a')])
    await eventually(() => expect(turns).toBe(1))
    await queue.add([job('a')])
    await queue.add([job('a')])
    await wait(50)
    expect(turns).toBe(1)
    first.resolve()
    await eventually(() => expect(turns).toBe(2))
    await isEmpty(queue)
    expect(turns).toBe(2)
  },

  async 'never has more in hand than it was told'(queue) {
    let inHand = 0
    let most = 0
    let finished = 0
    queue.work(
      async () => {
        inHand += 1
        most = Math.max(most, inHand)
        await wait(20)
        inHand -= 1
        finished += 1
        return done
      },
      { concurrency: 3, laneConcurrency: 3 },
    )
    await queue.add(Array.from({ length: 12 }, (_, n) => job(`job-${n}`)))
    await eventually(() => expect(finished).toBe(12))
    expect(most).toBe(3)
  },

  async 'never has more of one lane in hand than it was told'(queue) {
    const slow = gate()
    queue.work(slow.handle, { concurrency: 8, laneConcurrency: 2 })
    await queue.add(Array.from({ length: 6 }, (_, n) => job(`a-${n}`, 'wf_a')))
    await queue.add([job('b-0', 'wf_b')])
    await eventually(() => expect(slow.entered.toSorted()).toEqual(['a-0', 'a-1', 'b-0']))
    expect(await queue.counts()).toEqual({ due: 4, waiting: 0, active: 3 })
    slow.open()
    await isEmpty(queue)
  },

  async 'no lane starves another: lanes take turns'(queue) {
    const order: string[] = []
    await queue.add(Array.from({ length: 1_000 }, (_, n) => job(`a-${n}`, 'wf_a')))
    await queue.add([job('b-0', 'wf_b'), job('b-1', 'wf_b'), job('c-0', 'wf_c')])
    queue.work(async ({ lane }) => {
      order.push(lane)
      await wait(0)
      return done
    }, one)
    await eventually(() => expect(order.length).toBeGreaterThan(6))
    expect(order.slice(0, 6).filter((lane) => lane !== 'wf_a')).toHaveLength(3)
    await isEmpty(queue)
    expect(order).toHaveLength(1_003)
  },

  async 'keeps a long job in one pair of hands'(queue) {
    let turns = 0
    queue.work(async () => {
      turns += 1
      await wait(2_500)
      return done
    }, many)
    await queue.add([job('a')])
    await isEmpty(queue)
    expect(turns).toBe(1)
  },

  async 'keeps its jobs when it is closed and opened again'(queue, { reopen }) {
    await queue.add([{ ...job('later'), dueAt: inMs(aMinute) }, job('now')])
    const again = await reopen()
    expect(await again.counts()).toEqual({ due: 1, waiting: 1, active: 0 })
    const seen: Job[] = []
    again.work(async (given) => {
      seen.push(given)
      return done
    }, one)
    await eventually(() => expect(seen).toMatchObject([job('now')]))
  },

  async 'what was done before it closed does not come back'(queue, { reopen }) {
    let turns = 0
    queue.work(async () => {
      turns += 1
      return done
    }, many)
    await queue.add([job('a'), job('b')])
    await eventually(() => expect(turns).toBe(2))
    expect(await (await reopen()).counts()).toEqual(nothing)
  },

  async 'stops its workers when it closes'(queue, { reopen }) {
    let turns = 0
    queue.work(async () => {
      turns += 1
      return done
    }, one)
    const again = await reopen()
    await again.add([job('a')])
    await wait(200)
    expect(turns).toBe(0)
    await expect(queue.add([job('b')])).rejects.toThrow(/closed/)
  },

  async 'waits for jobs in hand when it stops, and hands out none after'(queue) {
    const slow = gate()
    const worker = queue.work(slow.handle, one)
    await queue.add([job('a'), job('b')])
    await eventually(() => expect(slow.entered).toEqual(['a']))
    let stopped = false
    const stopping = worker.stop().then(() => (stopped = true))
    await wait(50)
    expect(stopped).toBe(false)
    slow.open()
    await stopping
    await wait(50)
    expect(slow.entered).toEqual(['a'])
    expect(await queue.counts()).toEqual({ due: 1, waiting: 0, active: 0 })
    const seen: string[] = []
    queue.work(async ({ key }) => {
      seen.push(key)
      return done
    }, one)
    await eventually(() => expect(seen).toEqual(['b']))
  },

  async 'loses none of many jobs that come and go at once'(queue) {
    const turns = new Map<string, number>()
    queue.work(
      async ({ key }) => {
        turns.set(key, (turns.get(key) ?? 0) + 1)
        await wait(Math.random() * 3)
        return done
      },
      { concurrency: 32, laneConcurrency: 16 },
    )
    const keys = Array.from({ length: 2_000 }, (_, n) => `job-${n}`)
    await Promise.all(
      keys.map((key, n) => queue.add([{ ...job(key, `wf_${n % 5}`), dueAt: inMs((n % 40) * 5) }])),
    )
    await eventually(() => expect(turns.size).toBe(keys.length))
    await isEmpty(queue)
    expect([...turns.values()].filter((count) => count !== 1)).toEqual([])
  },
} satisfies Promises
