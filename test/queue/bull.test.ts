import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openBullQueue } from '../../server/queue/bull.ts'
import { Away, type Job } from '../../server/queue/queue.ts'
import { queueContract } from '../contract/queue.ts'
import { done, gate, job, many } from '../contract/queue/world.ts'
import { type RedisServer, hasRedis, noRedis, startRedis } from '../support/redis.ts'

const newPrefix = () => `{${randomUUID()}}`
const soon = { timeout: 15_000, interval: 20 }

test.runIf(process.env['CI'])('Redis is there to be tested', () => {
  expect(hasRedis).toBe(true)
})

describe.skipIf(!hasRedis)(`BullMQ on Redis${noRedis}`, () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.close())

  const open = (prefix = newPrefix()) => openBullQueue({ url: redis.url, prefix })

  queueContract({ name: 'BullMQ', open: (place) => open(`{${place}}`) })

  test('a worker that dies loses its job to another within 10 s, however often, and it never fails', async () => {
    const prefix = newPrefix()
    const queue = await open(prefix)
    await queue.add([{ ...job('run_a'), note: 'new' }])
    let slowestMs = 0
    for (let deaths = 0; deaths < 3; deaths += 1) {
      const child = spawn(process.execPath, ['test/queue/bull-worker.ts', redis.url, prefix], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const from = performance.now()
      expect(String(await once(child.stdout, 'data'))).toContain('run_a')
      if (deaths > 0) slowestMs = Math.max(slowestMs, performance.now() - from)
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    const taken: Job[] = []
    queue.work(async (given) => {
      taken.push(given)
      return done
    }, many)
    await vi.waitFor(() => expect(taken).toEqual([job('run_a')]), soon)
    await queue.add([{ ...job('run_b'), note: 'new' }])
    await vi.waitFor(() => expect(taken[1]).toEqual({ ...job('run_b'), note: 'new' }), soon)
    await vi.waitFor(
      async () => expect(await queue.counts()).toEqual({ due: 0, waiting: 0, active: 0 }),
      soon,
    )
    expect(slowestMs).toBeLessThan(10_000)
    await queue.close()
  }, 60_000)

  test('a lane with more due jobs than hands leaves hands for the jobs behind it', async () => {
    const queue = await open()
    const slow = gate()
    await queue.add(
      Array.from({ length: 200 }, (_, n) => ({ ...job(`a-${n}`, 'wf_a'), dueAt: Date.now() + 100 })),
    )
    await queue.add([{ ...job('b', 'wf_b'), dueAt: Date.now() + 300 }])
    queue.work(slow.handle, { concurrency: 4, laneConcurrency: 2 })
    await vi.waitFor(() => expect(slow.entered).toContain('b'), soon)
    expect(slow.entered.filter((key) => key !== 'b')).toHaveLength(2)
    slow.open()
    await queue.close()
  })

  test('a dead worker’s job is taken within 10 s by one that is full of another lane', async () => {
    const prefix = newPrefix()
    const queue = await open(prefix)
    await queue.add([job('b', 'wf_b')])
    const child = spawn(process.execPath, ['test/queue/bull-worker.ts', redis.url, prefix], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    expect(String(await once(child.stdout, 'data'))).toContain('b')
    child.kill('SIGKILL')
    const from = performance.now()
    const slow = gate()
    queue.work(slow.handle, { concurrency: 2, laneConcurrency: 1 })
    await queue.add(Array.from({ length: 30 }, (_, n) => job(`a-${n}`, 'wf_a')))
    await vi.waitFor(() => expect(slow.entered).toContain('b'), soon)
    expect(performance.now() - from).toBeLessThan(10_000)
    expect(slow.entered).toEqual(['a-0', 'b'])
    slow.open()
    await queue.close()
  }, 30_000)

  test('jobs of one busy lane are not sent back for the sake of others that are not there', async () => {
    const prefix = newPrefix()
    const queue = await open(prefix)
    await queue.add(Array.from({ length: 100 }, (_, n) => job(`a-${n}`, 'wf_a')))
    const ended: string[] = []
    const work = async ({ key }: { readonly key: string }) => {
      await wait(50)
      ended.push(key)
      return done
    }
    queue.work(work, { concurrency: 4, laneConcurrency: 2 })
    const sentBack: number[] = []
    while (ended.length < 100) {
      sentBack.push(Number(await redis.ask('ZCARD', `${prefix}:runs:delayed`)))
      await wait(20)
    }
    expect(Math.max(...sentBack)).toBe(0)
    await queue.close()
  }, 30_000)

  test('a job behind one that hangs at a worker is done by another that is idle', async () => {
    const prefix = newPrefix()
    const [first, second] = await Promise.all([open(prefix), open(prefix)])
    const hanging = gate()
    const ended: string[] = []
    const one = { concurrency: 2, laneConcurrency: 1 }
    first.work(hanging.handle, one)
    await first.add([job('a', 'wf_a')])
    await vi.waitFor(() => expect(hanging.entered).toEqual(['a']), soon)
    // Nobody else is there yet: the first worker takes them, and has no hand for them.
    await first.add(['b', 'c'].map((key) => job(key, 'wf_a')))
    await vi.waitFor(async () => expect(await redis.ask('LLEN', `${prefix}:runs:active`)).toBe(3), soon)
    second.work(async ({ key }) => {
      ended.push(key)
      return done
    }, one)
    await vi.waitFor(() => expect(ended.toSorted()).toEqual(['b', 'c']), soon)
    expect(hanging.entered).toEqual(['a'])
    hanging.open()
    await Promise.all([first.close(), second.close()])
  })

  test('jobs carry ids only, and one that waits takes less than 2 KB of Redis', async () => {
    const prefix = newPrefix()
    const queue = await open(prefix)
    const used = async () => Number(/used_memory:(\d+)/.exec(await redis.ask<string>('INFO', 'memory'))?.[1])
    const before = await used()
    const id = (n: number) => `run_01jd${String(n).padStart(22, '0')}`
    const lane = 'wf_01jd0000000000000000000000'
    await queue.add(Array.from({ length: 10_000 }, (_, n) => ({ key: id(n), lane, dueAt: 9e12 + n })))
    const bytes = ((await used()) - before) / 10_000
    expect(bytes).toBeLessThan(2_048)
    const kept = await redis.ask<string[]>('HGETALL', `${prefix}:runs:${id(7)}`)
    expect(JSON.parse(kept[kept.indexOf('data') + 1] ?? '')).toEqual({ lane })
    await queue.close()
  })

  test('a Redis that may evict jobs is refused, in a line that says what to set', async () => {
    const evicting = await startRedis(['--maxmemory-policy', 'allkeys-lru'])
    await expect(openBullQueue({ url: evicting.url })).rejects.toThrow(
      /^[^\n]*allkeys-lru[^\n]*noeviction[^\n]*CONFIG SET[^\n]*$/,
    )
    await evicting.close()
  })

  test('says that Redis was emptied, and works on', async () => {
    const forgotten = vi.fn<() => void>()
    const own = await startRedis()
    const queue = await openBullQueue({ url: own.url, onForgotten: forgotten })
    const seen: string[] = []
    queue.work(async ({ key }) => {
      seen.push(key)
      return done
    }, many)
    await queue.add([job('a')])
    await vi.waitFor(() => expect(seen).toEqual(['a']), soon)
    // The first look is what it compares with.
    await vi.waitFor(async () => expect(await own.ask('KEYS', '*memory')).toHaveLength(1), soon)
    await own.ask('FLUSHALL')
    await vi.waitFor(() => expect(forgotten).toHaveBeenCalled(), soon)
    await queue.add([job('a'), job('b')])
    await vi.waitFor(() => expect(seen.toSorted()).toEqual(['a', 'a', 'b']), soon)
    await queue.close()
    await own.close()
  })

  test.each(['with its data', 'empty'] as const)(
    'goes on when Redis was killed and comes back %s: additions fail meanwhile, are told of in one line, and nothing hangs',
    async (how) => {
      const told: string[] = []
      const forgotten = vi.fn<() => void>()
      const own = await startRedis()
      const queue = await openBullQueue({
        url: own.url,
        onForgotten: forgotten,
        onTrouble: (message) => told.push(message),
      })
      const seen: string[] = []
      queue.work(async ({ key }) => {
        seen.push(key)
        return done
      }, many)
      await queue.add([{ ...job('later'), dueAt: Date.now() + 3_000 }])
      // Appended, and fsynced: what a kill leaves of the last second is not under test.
      await own
        .ask('WAITAOF', '1', '0', '2000')
        .catch(() => new Promise((resolve) => setTimeout(resolve, 1_100)))
      await own.kill()
      await vi.waitFor(() => expect(told).toEqual([expect.stringMatching(/cannot be reached/)]), soon)
      for (const key of ['lost', 'too', 'as well']) await expect(queue.add([job(key)])).rejects.toThrow(Away)
      await expect(queue.counts()).rejects.toThrow(/cannot be reached/)
      await own.start(how)
      await vi.waitFor(() => expect(forgotten).toHaveBeenCalled(), soon)
      await queue.add([job('new')])
      const expected = how === 'empty' ? ['new'] : ['later', 'new']
      await vi.waitFor(() => expect(seen.toSorted()).toEqual(expected), soon)
      expect(told.slice(1)).toEqual([expect.stringMatching(/^Redis is back: 3 additions/)])
      await queue.close()
      await own.close()
    },
  )

  test('a Redis that is not there yet does not keep the queue from opening', async () => {
    const own = await startRedis()
    await own.kill()
    const queue = await openBullQueue({ url: own.url })
    await expect(queue.add([job('a')])).rejects.toThrow(/cannot be reached/)
    const seen: string[] = []
    queue.work(async ({ key }) => {
      seen.push(key)
      return done
    }, many)
    await own.start()
    await vi.waitFor(async () => queue.add([job('a')]), soon)
    await vi.waitFor(() => expect(seen).toEqual(['a']), soon)
    await queue.close()
    await own.close()
  })

  test('closes while Redis is away', async () => {
    const own = await startRedis()
    const queue = await openBullQueue({ url: own.url })
    queue.work(async () => done, many)
    await own.kill()
    await queue.close()
    await own.close()
  })
})
