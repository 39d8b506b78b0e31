import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readId } from '../../nodes/contract/ids.ts'
import { openStorage } from '../../server/storage/open.ts'
import { checkDurable, openDatabase } from '../../server/storage/sqlite-database.ts'
import { accepted, anEvent, aRun, certain, noon, stored, workerId } from '../contract/storage/world.ts'
import { startChild } from './child.ts'

const folder = mkdtempSync(join(tmpdir(), 'hookloom-durability-'))
const newDir = () => mkdtempSync(join(folder, 'data-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('what was acknowledged survives kill -9, and its runs can be taken over at once', async () => {
  const dataDir = newDir()
  for (const round of [1, 2, 3]) {
    const writer = startChild('./writer.ts', [dataDir])
    await writer.printed(100 * round)
    writer.process.kill('SIGKILL')
    await writer.ended
    const storage = await openStorage({ dataDir })
    const worker = workerId()
    let recorded = 0
    for (const line of writer.lines) {
      const [what, text = ''] = line.split(' ')
      const id = certain(readId('run', text))
      expect(await storage.runs.get(id), line).toBeDefined()
      if (what !== 'recorded') continue
      recorded += 1
      expect(await storage.runs.steps(id), line).toHaveLength(1)
      const taken = await storage.runs.claim(id, worker, noon)
      expect(taken, line).toMatchObject({ interruptions: 1, owner: worker })
    }
    expect(recorded).toBeGreaterThan(10)
    const { accepted, pending } = await storage.balance()
    expect(pending).toBe(accepted)
    await storage.close()
  }
})

test('a process whose store lost its thread ends with a line that says so, and what was acknowledged is there', async () => {
  const dataDir = newDir()
  const child = startChild('./thread-death.ts', [dataDir])
  expect(await child.ended).toEqual({ code: 1, signal: null })
  expect(child.lines).toEqual(['stored'])
  expect(child.complaints()).toMatch(
    /^Hookloom stops: the thread of its store ended [^\n]*start it again\.\n$/,
  )
  const storage = await openStorage({ dataDir })
  expect((await storage.balance()).accepted).toBeGreaterThan(0)
  await storage.close()
})

const prlimit = spawnSync('prlimit', ['--version']).error
const why = prlimit === undefined ? '' : ` (not run here: no prlimit, ${prlimit.message})`
test.skipIf(prlimit !== undefined)(
  `a full disk: every write is Unavailable, nothing of it is stored, and it goes on by itself when there is room${why}`,
  async () => {
    const child = startChild('./full-disk.ts', [newDir()])
    expect(await child.ended).toEqual({ code: 0, signal: null })
    expect(child.lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { told: ['stored'], accepted: 10, pending: 10 },
      { told: ['Unavailable'], accepted: 10, pending: 10 },
      { told: ['Unavailable'], accepted: 10, pending: 10 },
      { told: ['stored'], accepted: 15, pending: 15 },
    ])
  },
)

test('synchronous is FULL after the first write, on a new file and an old one, and losing it is refused', () => {
  const path = join(newDir(), 'hookloom.db')
  for (const name of ['new', 'old']) {
    const db = openDatabase(path)
    db.prepare('INSERT INTO settings (name, value) VALUES (?, 1)').run(name)
    expect(db.pragma('synchronous', { simple: true })).toBe(2)
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(() => checkDurable(db)).not.toThrow()
    db.pragma('synchronous = NORMAL')
    expect(() => checkDurable(db)).toThrow(/would not survive a power cut/)
    db.close()
  }
})

test(
  'the log stays short under load, is copied back, and is emptied when nobody writes',
  { timeout: 60_000 },
  async () => {
    const dataDir = newDir()
    const storage = await openStorage({ dataDir })
    const workflow = await stored(storage)
    const body = Buffer.alloc(256 * 1024, 'x')
    const walBytes = () => statSync(join(dataDir, 'hookloom.db-wal')).size
    let longest = 0
    for (let n = 0; n < 40; n++) {
      await Promise.all(Array.from({ length: 40 }, () => accepted(storage, workflow, { event: { body } })))
      longest = Math.max(longest, walBytes())
    }
    expect(longest).toBeLessThan(64 * 1024 * 1024)
    expect(await storage.balance()).toMatchObject({ accepted: 1_600 })
    await expect.poll(walBytes, { timeout: 15_000, interval: 250 }).toBe(0)
    await storage.close()
  },
)

test('closing commits what was asked for before, and refuses what comes after', async () => {
  const dataDir = newDir()
  const storage = await openStorage({ dataDir })
  const workflow = await stored(storage)
  const writes = Array.from({ length: 2_000 }, () => accepted(storage, workflow))
  const closing = storage.close()
  await Promise.all([...writes, closing])
  await expect(accepted(storage, workflow)).rejects.toThrow(/closed/)
  await expect(storage.balance()).rejects.toThrow(/closed/)
  const again = await openStorage({ dataDir })
  expect(await again.balance()).toMatchObject({ accepted: 2_000 })
  await again.close()
})

test('a write that breaks does not break its neighbours', async () => {
  const storage = await openStorage({ dataDir: newDir() })
  const workflow = await stored(storage)
  const { event } = await accepted(storage, workflow)
  const [good, taken, odd, other] = await Promise.allSettled([
    accepted(storage, workflow),
    storage.events.accept(anEvent(workflow, { id: event.id }), undefined),
    // A number that no integer column takes: a bug of the caller's, found only by the database.
    storage.events.accept(anEvent(workflow, { receivedAt: 1.5 }), aRun(anEvent(workflow))),
    accepted(storage, workflow),
  ])
  expect([good.status, taken.status, odd.status, other.status]).toEqual([
    'fulfilled',
    'rejected',
    'rejected',
    'fulfilled',
  ])
  expect(await storage.balance()).toMatchObject({ accepted: 3, pending: 3 })
  await storage.close()
})

test('a deletion that was interrupted is finished after the next opening', async () => {
  const dataDir = newDir()
  const first = await openStorage({ dataDir })
  const workflow = await stored(first)
  await Promise.all(Array.from({ length: 300 }, () => accepted(first, workflow)))
  const deleting = Promise.allSettled([first.workflows.delete(workflow.id)])
  await new Promise(setImmediate)
  await Promise.all([deleting, first.close()])
  const again = await openStorage({ dataDir })
  expect(await again.workflows.get(workflow.id)).toBeUndefined()
  await expect.poll(async () => (await again.balance()).accepted).toBe(0)
  await again.close()
})
