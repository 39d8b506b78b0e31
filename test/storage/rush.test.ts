/** Events that come at once are stored as they came and filed later: nobody who asks can tell. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serialize } from 'node:v8'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type RunId, makeId, readId } from '../../nodes/contract/ids.ts'
import { openStorage } from '../../server/storage/open.ts'
import { eventHead } from '../../server/storage/sqlite-accepts.ts'
import { runValues } from '../../server/storage/sqlite-run-row.ts'
import type { NewEvent, NewRun, Storage, Workflow } from '../../server/storage/storage.ts'
import { anEvent, aRun, aStep, certain, noon, stored, workerId } from '../contract/storage/world.ts'
import { startChild } from './child.ts'

const folder = mkdtempSync(join(tmpdir(), 'hookloom-rush-'))
afterAll(() => rmSync(folder, { recursive: true }))

let dataDir: string
let storage: Storage
let workflow: Workflow
beforeEach(async () => {
  dataDir = mkdtempSync(join(folder, 'data-'))
  storage = await openStorage({ dataDir })
  workflow = await stored(storage)
})
afterEach(() => storage.close())

const many = 200

/** All in one turn, so in two commits: the first of them at once, and the rest together. */
async function rush(
  change: (n: number) => Partial<NewEvent> = () => ({}),
  of = workflow,
): Promise<readonly { readonly event: NewEvent; readonly run: NewRun }[]> {
  const all = Array.from({ length: many }, (_, n) => {
    const event = anEvent(of, { body: Buffer.from(`{"n":${n}}`), ...change(n) })
    return { event, run: aRun(event) }
  })
  const accepted = await Promise.all(all.map(({ event, run }) => storage.events.accept(event, run)))
  expect(new Set(accepted.map(({ kind }) => kind))).toEqual(new Set(['new']))
  return all
}

/** How many wait unfiled, read beside the store. */
function unfiled(): number {
  const file = new Database(join(dataDir, 'hookloom.db'), { readonly: true })
  const count = file.prepare<[], number>('SELECT count(*) FROM intake').pluck().get()
  file.close()
  return count ?? 0
}

test('a rush is taken in as it came, and filed when it is quiet', async () => {
  await rush()
  expect(unfiled()).toBe(2)
  expect(await storage.balance()).toMatchObject({ accepted: many, pending: many })
  await vi.waitFor(() => expect(unfiled()).toBe(0))
  expect(await storage.balance()).toMatchObject({ accepted: many, pending: many })
})

test('who asks for one of them finds it, with its body and its run', async () => {
  const [first, last] = [(await rush())[0], (await rush()).at(-1)].map(certain)
  expect(await storage.events.get(certain(first).event.id)).toMatchObject({ bodyBytes: 7, duplicates: 0 })
  expect(Buffer.from(certain(await storage.events.body(certain(last).event.id))).toString()).toBe(
    `{"n":${many - 1}}`,
  )
  expect(await storage.runs.get(certain(last).run.id)).toMatchObject({ state: 'accepted', fence: 0 })
})

test('lists show them', async () => {
  await rush()
  const { items } = await storage.events.list({ workflowId: workflow.id }, { limit: many + 1 })
  expect(items).toHaveLength(many)
  await rush()
  const runs = await storage.runs.list(
    { workflowId: workflow.id, state: 'accepted' },
    { limit: 2 * many + 1 },
  )
  expect(runs.items).toHaveLength(2 * many)
})

test('their runs begin, are claimed and are cancelled at once', async () => {
  const [one, two, three] = (await rush()).map(certain)
  const worker = workerId()
  expect(await storage.runs.begin(certain(one).run.id, worker, noon, { steps: [aStep()] })).toBe(1)
  expect(await storage.runs.claim(certain(two).run.id, worker, noon)).toMatchObject({ fence: 1 })
  await rush()
  expect(await storage.runs.cancel(certain(three).run.id, noon)).toMatchObject({ state: 'cancelled' })
})

test('a duplicate is recognised: of one that waits unfiled, within the same commit, and of one that is filed', async () => {
  const key = (n: number) => ({ dedupeKey: `key ${n}` })
  const [first] = await rush(key)
  const again = (n: number) => storage.events.accept(anEvent(workflow, key(n)), undefined)
  expect(await again(0)).toMatchObject({ kind: 'duplicate', of: { id: first?.event.id, duplicates: 1 } })
  await vi.waitFor(() => expect(unfiled()).toBe(0))
  expect(await again(0)).toMatchObject({ kind: 'duplicate', of: { duplicates: 2 } })

  const twice = Array.from({ length: many }, (_, n) =>
    anEvent(workflow, { dedupeKey: `twice ${n % (many / 2)}` }),
  )
  const outcomes = await Promise.all(twice.map((event) => storage.events.accept(event, aRun(event))))
  expect(outcomes.map(({ kind }) => kind)).toEqual(twice.map((_, n) => (n < many / 2 ? 'new' : 'duplicate')))
  expect(await storage.balance()).toMatchObject({ accepted: many + many / 2, duplicates: 2 + many / 2 })
})

test('a workflow that is deleted takes them along, and its neighbours stay', async () => {
  const other = await stored(storage)
  await rush()
  await rush(undefined, other)
  await storage.workflows.delete(workflow.id)
  expect(await storage.balance()).toMatchObject({ accepted: many, pending: many })
  await storage.close()
  storage = await openStorage({ dataDir })
  expect(await storage.balance()).toMatchObject({ accepted: many, pending: many })
  expect((await storage.events.list({}, { limit: 1 })).items).toMatchObject([{ workflowId: other.id }])
})

test('a rush for a workflow that is not there is refused, each of it', async () => {
  const gone = { ...workflow, id: certain(readId('wf', `wf_${'0'.repeat(26)}`)) }
  const events = Array.from({ length: many }, () => anEvent(gone))
  const outcomes = await Promise.allSettled(events.map((event) => storage.events.accept(event, aRun(event))))
  expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['rejected']))
  expect(await storage.balance()).toMatchObject({ accepted: 0 })
})

interface Pair {
  readonly event: NewEvent
  readonly run: NewRun
}

/** Rows of what was taken in and not filed, as earlier versions left them. */
const formerRows = {
  'before the third migration': (pairs: readonly Pair[]) => {
    const calls = pairs.map(({ event, run }) => {
      const [values, , marks] = eventHead(event, run)
      const headers = JSON.stringify(values.at(-1))
      return [[...values.slice(0, -1), headers], event.body, marks ?? undefined, runValues(run)]
    })
    return { heads: null, calls: serialize(calls) }
  },
  'before the fourth': (pairs: readonly Pair[]) => ({
    heads: JSON.stringify(pairs.map(({ event, run }) => eventHead(event, run))),
    calls: Buffer.concat(pairs.map(({ event }) => event.body)),
  }),
}

test.each(Object.entries(formerRows))(
  'a rush that was taken in %s, and is not filed, is filed',
  async (_, rowOf) => {
    const pairs = [1, 2].map((n) => {
      const event = anEvent(workflow, { body: Buffer.from(`{"n":${n}}`) })
      return { event, run: aRun(event) }
    })
    await storage.close()
    const file = new Database(join(dataDir, 'hookloom.db'))
    const { heads, calls } = rowOf(pairs)
    file.prepare('INSERT INTO intake (heads, calls) VALUES (?, ?)').run(heads, calls)
    file.close()
    storage = await openStorage({ dataDir })
    const [first, second] = pairs.map(certain)
    const { id, rawHeaders, receivedAt } = certain(first).event
    const stored = { rawHeaders, receivedAt, bodyBytes: 7, isRetry: false }
    expect(await storage.events.get(id)).toMatchObject(stored)
    const { event, run } = certain(second)
    expect(Buffer.from(certain(await storage.events.body(event.id))).toString()).toBe('{"n":2}')
    expect(await storage.runs.get(run.id)).toMatchObject({ state: 'accepted' })
  },
)

test('kill -9 amid a rush: what was acknowledged is there, once, and is due', async () => {
  await storage.close()
  const acknowledged: string[] = []
  for (const round of [1, 2, 3]) {
    const writer = startChild('./rusher.ts', [dataDir])
    await writer.printed(10 * round)
    writer.process.kill('SIGKILL')
    await writer.ended
    acknowledged.push(...writer.lines.flatMap((line) => line.split(' ')))
  }
  expect(unfiled()).toBeGreaterThan(0)
  storage = await openStorage({ dataDir })
  const { accepted, pending } = await storage.balance()
  expect(accepted).toBeGreaterThanOrEqual(acknowledged.length)
  expect(pending).toBe(accepted)
  const due = await dueRuns(100)
  expect(new Set(due).size).toBe(accepted)
  expect(due).toHaveLength(accepted)
  for (const id of acknowledged)
    expect(await storage.events.get(certain(readId('evt', id))), id).toBeDefined()
  await vi.waitFor(() => expect(unfiled()).toBe(0))
  expect(await storage.balance()).toMatchObject({ accepted, pending })
})

test('runs of rows that overlap in time are found, each once, by whoever looks page by page', async () => {
  // As a copy leaves them: rows of one workflow after the other, each over the same hours.
  const pairs = await left((n) => noon + (n % leftEach) * 60_000)
  expect(await dueRuns(1_000)).toEqual(pairs.map(({ run }) => run.id).toSorted())
  expect(unfiled()).toBe(0)
})

test('the run of one event is found by it, however many were left before it', async () => {
  const last = certain((await left((n) => noon + n * 60_000)).at(-1))
  const { items } = await storage.runs.list({ eventId: last.event.id }, { limit: 2 })
  expect(items.map(({ id }) => id)).toEqual([last.run.id])
})

/** Events in a row that was left, and rows: more than a list waits for. */
const leftEach = 1_000
const leftRows = 12

/** Opens a store in which an earlier process left a rush, each event of its time. */
async function left(timeOf: (n: number) => number): Promise<readonly Pair[]> {
  await storage.close()
  const pairs = Array.from({ length: leftRows * leftEach }, (_, n) => {
    const at = timeOf(n)
    const event = anEvent(workflow, { id: idAt('evt', at), receivedAt: at, body: Buffer.from(`{"n":${n}}`) })
    return { event, run: { ...aRun(event), id: idAt('run', at) } }
  })
  const file = new Database(join(dataDir, 'hookloom.db'))
  const insert = file.prepare('INSERT INTO intake (heads, calls) VALUES (?, ?)')
  for (let from = 0; from < pairs.length; from += leftEach) {
    const { heads, calls } = formerRows['before the fourth'](pairs.slice(from, from + leftEach))
    insert.run(heads, calls)
  }
  file.close()
  storage = await openStorage({ dataDir })
  return pairs
}

const idAt = <P extends 'evt' | 'run'>(prefix: P, at: number) => makeId(prefix, at, randomBytes(10))

/** All runs that have not ended, page by page as recovery looks for them. */
async function dueRuns(limit: number): Promise<readonly RunId[]> {
  const found: RunId[] = []
  for (;;) {
    const after = found.at(-1)
    const page = await storage.runs.unfinished({ limit, ...(after && { after }) })
    found.push(...page.map(({ id }) => id))
    if (page.length < limit) return found
  }
}
