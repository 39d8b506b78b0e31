import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, expect, test, vi } from 'vitest'
import { openQueue } from '../../server/queue/open.ts'
import { openSqliteQueue } from '../../server/queue/sqlite.ts'
import { queueContract } from '../contract/queue.ts'

const folder = mkdtempSync(join(tmpdir(), 'hookloom-queue-'))
afterAll(() => rmSync(folder, { recursive: true }))

queueContract({ name: 'SQLite', open: async (place) => openSqliteQueue(join(folder, `${place}.db`)) })

test.each([
  ['is not a database', () => Buffer.from('this is not a database, '.repeat(400))],
  [
    'is damaged in its middle',
    (whole: Buffer) => Buffer.concat([whole.subarray(0, 4096), Buffer.alloc(60_000, 7)]),
  ],
  ['was cut off', (whole: Buffer) => whole.subarray(0, 5_000)],
])('a file that %s is thrown away and made anew, and the caller is told', async (name, damage) => {
  const dataDir = mkdtempSync(join(folder, 'damaged-'))
  const path = join(dataDir, 'queue.db')
  const before = openQueue({ dataDir })
  await before.add(Array.from({ length: 2_000 }, (_, n) => ({ key: `run-${n}`, lane: 'wf', dueAt: 9e12 })))
  await before.close()
  writeFileSync(path, damage(readFileSync(path)))

  const reasons: string[] = []
  const queue = openQueue({ dataDir, onTrouble: (reason) => reasons.push(reason) })
  expect(reasons, name).toEqual([expect.stringMatching(/queue\.db could not be used .* made anew$/)])
  await queue.add([{ key: 'a', lane: 'wf' }])
  expect(await queue.counts()).toEqual({ due: 1, waiting: 0, active: 0 })
  await queue.close()
})

test('a file that refuses is told of once, and is written when it takes it', async () => {
  const path = join(folder, 'refusing.db')
  const told: string[] = []
  const queue = openSqliteQueue(path, { onTrouble: (message) => told.push(message) })
  const other = new Database(path)
  other.exec('BEGIN IMMEDIATE')
  await queue.add([{ key: 'later', lane: 'wf', dueAt: Date.now() + 10 }])
  await vi.waitFor(() => expect(told).toEqual([expect.stringMatching(/cannot be written.*locked/)]), 5_000)
  // It is tried again meanwhile.
  await new Promise((resolve) => setTimeout(resolve, 2_500))
  other.exec('ROLLBACK')
  other.close()
  const seen: string[] = []
  queue.work(
    async ({ key }) => {
      seen.push(key)
      return { kind: 'done' }
    },
    { concurrency: 1, laneConcurrency: 1 },
  )
  await vi.waitFor(() => expect(seen).toEqual(['later']), 5_000)
  expect(told).toHaveLength(1)
  await queue.close()
})

test('a due job never touches the file while it is in memory; what is left when the queue is closed is there again', async () => {
  const path = join(folder, 'short-lived.db')
  const queue = openSqliteQueue(path)
  const file = new Database(path, { readonly: true })
  const worker = queue.work(async () => ({ kind: 'done' }), { concurrency: 8, laneConcurrency: 8 })
  const before = file.pragma('data_version', { simple: true })
  await Promise.all(Array.from({ length: 100 }, (_, n) => queue.add([{ key: `short-${n}`, lane: 'wf' }])))
  await vi.waitFor(async () => expect(await queue.counts()).toEqual({ due: 0, waiting: 0, active: 0 }))
  await worker.stop()
  await queue.add([{ key: 'long', lane: 'wf' }])
  expect(await queue.counts()).toEqual({ due: 1, waiting: 0, active: 0 })
  expect(file.pragma('data_version', { simple: true })).toBe(before)

  await queue.close()
  expect(file.prepare('SELECT key FROM jobs').all()).toEqual([{ key: 'long' }])
  file.close()
  const again = openSqliteQueue(path)
  expect(await again.counts()).toEqual({ due: 1, waiting: 0, active: 0 })
  await again.close()
})

test('a lane with more due jobs than memory takes is worked to its end, each job once', async () => {
  const queue = openSqliteQueue(join(folder, 'long-lane.db'))
  const total = 220_000
  await queue.add(Array.from({ length: total }, (_, n) => ({ key: `big-${n}`, lane: 'big' })))
  const seen = new Set<string>()
  let turns = 0
  let smallAt = 0
  queue.work(
    async ({ key, lane }) => {
      turns += 1
      seen.add(key)
      if (lane === 'small') smallAt = turns
      await new Promise(setImmediate)
      return { kind: 'done' }
    },
    { concurrency: 32, laneConcurrency: 16 },
  )
  await queue.add([{ key: 'small', lane: 'small' }])
  await vi.waitFor(() => expect(seen.size).toBe(total + 1), { timeout: 20_000 })
  expect(turns).toBe(total + 1)
  expect(smallAt).toBeLessThan(1_000)
  await queue.close()
})

test('many lanes that hold more due jobs together than memory takes are all worked', async () => {
  const queue = openSqliteQueue(join(folder, 'many-lanes.db'))
  const jobs = Array.from({ length: 280_000 }, (_, n) => ({ key: `job-${n}`, lane: `lane-${n % 300}` }))
  await queue.add(jobs)
  const seen = new Set<string>()
  queue.work(
    async ({ key }) => {
      seen.add(key)
      await new Promise(setImmediate)
      return { kind: 'done' }
    },
    { concurrency: 64, laneConcurrency: 4 },
  )
  await vi.waitFor(() => expect(seen.size).toBe(jobs.length), { timeout: 20_000 })
  await queue.close()
})

test('a clock that is set back hands nothing out too early, and loses no wake-up', async () => {
  let offset = 0
  const now = () => Date.now() + offset
  const queue = openSqliteQueue(join(folder, 'clock.db'), { now })
  const ranAt: number[] = []
  queue.work(
    async () => {
      ranAt.push(now())
      return { kind: 'done' }
    },
    { concurrency: 1, laneConcurrency: 1 },
  )
  await queue.add([{ key: 'before', lane: 'wf' }])
  await vi.waitFor(() => expect(ranAt).toHaveLength(1))
  offset = -3_600_000
  const dueAt = now() + 200
  await queue.add([{ key: 'after', lane: 'wf', dueAt }])
  expect(await queue.counts()).toMatchObject({ waiting: 1 })
  await vi.waitFor(() => expect(ranAt).toHaveLength(2), { timeout: 5_000 })
  expect(ranAt[1]).toBeGreaterThanOrEqual(dueAt)
  await queue.close()
})
