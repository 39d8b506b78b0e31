/** What a worker does with a run that nobody has claimed, on a real queue and a real store. */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { systemClock } from '../../server/clock.ts'
import { enqueueNew } from '../../server/engine/enqueue.ts'
import { Worker, type WorkerOptions } from '../../server/engine/worker.ts'
import { openBullQueue } from '../../server/queue/bull.ts'
import { openStorage } from '../../server/storage/open.ts'
import { type NewRun, type Run, type RunStore, Unavailable } from '../../server/storage/storage.ts'
import { accepted, stored } from '../contract/storage/world.ts'
import { type RedisServer, hasRedis, noRedis, startRedis } from '../support/redis.ts'

type Loading = Pick<WorkerOptions, 'load' | 'loadNew'>

const folder = mkdtempSync(join(tmpdir(), 'hookloom-worker-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe.skipIf(!hasRedis)(`a run that nobody has claimed${noRedis}`, () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.close())

  async function world() {
    const prefix = `{${randomUUID()}}`
    const storage = await openStorage({ dataDir: mkdtempSync(join(folder, 'data-')) })
    const queue = await openBullQueue({ url: redis.url, prefix })
    const { run } = await accepted(storage, await stored(storage))
    enqueueNew(queue, run)
    /** @param loading as the server loads runs, from whatever a test says */
    const workerOf = (loading: Loading, other: Partial<Pick<WorkerOptions, 'storage' | 'queue'>> = {}) =>
      new Worker({
        storage,
        queue,
        tools: { clock: systemClock } as WorkerOptions['tools'],
        loadFresh: async () => undefined,
        ...loading,
        concurrency: 4,
        turn: () => undefined,
        onDeath: async () => undefined,
        ...other,
      })
    /** Works until the run has ended. */
    const work = async (
      loading: Loading,
      {
        before,
        after,
        besides,
      }: {
        readonly before?: (worker: Worker) => void
        readonly after?: () => void
        readonly besides?: Worker
      } = {},
    ) => {
      const worker = workerOf(loading)
      before?.(worker)
      await worker.start()
      await vi.waitFor(async () => expect((await storage.runs.get(run.id))?.endedAt).toBeGreaterThan(0), {
        timeout: 20_000,
        interval: 20,
      })
      after?.()
      const over = { due: 0, waiting: 0, active: 0 }
      await vi.waitFor(async () => expect(await queue.counts()).toEqual(over), { timeout: 20_000 })
      await Promise.all([worker.stop(0), besides?.stop(0)])
      const ended = await storage.runs.get(run.id)
      await queue.close()
      await storage.close()
      return ended
    }
    return { prefix, storage, queue, run, workerOf, work }
  }

  test('fails where it can be seen, when what it needs cannot be loaded', async () => {
    const { work } = await world()
    const ended = await work({
      load: () => Promise.reject(new Error('unknown node type')),
      loadNew: () => Promise.reject(new Error('unknown node type')),
    })
    expect(ended).toMatchObject({ state: 'failed', error: { code: 'engine-bug' }, fence: 1 })
  })

  test('is not worked on when it was cancelled while it waited', async () => {
    const { storage, run, work } = await world()
    await storage.runs.cancel(run.id, run.createdAt)
    const asked: unknown[] = []
    const loading = { load: async () => void asked.push('load'), loadNew: async () => void asked.push('new') }
    const ended = await work(loading, { before: (worker) => worker.cancel(run.id) })
    expect(ended).toMatchObject({ state: 'cancelled', fence: 0 })
    expect(asked).toEqual([])
  })

  test('goes on at another worker, where the answer to a claim was lost', { timeout: 60_000 }, async () => {
    const { storage, queue, run, workerOf, work } = await world()
    const loading = { load: async () => undefined, loadNew: async () => undefined }
    let lost = 0
    const runs: RunStore = {
      ...storage.runs,
      async claim(...asked) {
        lost += 1
        if (lost === 1) await storage.runs.claim(...asked)
        throw new Unavailable('no answer')
      },
    }
    // A queue of its own: whatever is offered to the other goes there.
    const own = await openBullQueue({ url: redis.url, prefix: `{${randomUUID()}}` })
    const forgetful = workerOf(loading, { storage: { ...storage, runs }, queue: own })
    enqueueNew(own, run)
    await forgetful.start()
    await vi.waitFor(async () => {
      expect(await storage.runs.get(run.id)).toMatchObject({ state: 'running', owner: forgetful.id })
    }, 10_000)
    // As recovery does.
    const offering = setInterval(() => enqueueNew(queue, run), 250)
    const ended = await work(loading, { after: () => clearInterval(offering), besides: forgetful })
    await own.close()
    expect(ended).toMatchObject({ state: 'failed', error: { code: 'data-missing' }, interruptions: 0 })
  })

  test(
    'is worked on before it is claimed; not where a worker died with it',
    { timeout: 60_000 },
    async () => {
      const asked: unknown[] = []
      const loading = {
        load: async ({ id }: Run) => void asked.push(id),
        loadNew: async (run: NewRun) => void asked.push(run),
      }
      const untouched = await world()
      await untouched.work(loading)
      expect(asked).toEqual([untouched.run, untouched.run.id])

      const { prefix, run, work } = await world()
      const child = spawn(process.execPath, ['test/queue/bull-worker.ts', redis.url, prefix], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      expect(String(await once(child.stdout, 'data'))).toContain(run.id)
      child.kill('SIGKILL')
      asked.length = 0
      await work(loading)
      expect(asked).toEqual([run.id])
    },
  )
})
