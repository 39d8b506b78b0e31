import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { copyStore } from '../../server/copy.ts'
import { openMongoStorage } from '../../server/storage/mongo.ts'
import { openStorage } from '../../server/storage/open.ts'
import type { Storage, Workflow } from '../../server/storage/storage.ts'
import {
  accepted,
  anAttempt,
  aRejection,
  room,
  aRun,
  aStep,
  claimed,
  noon,
  stored,
} from '../contract/storage/world.ts'
import { startChild } from './child.ts'
import { hasMongo, noMongo, startMongo } from '../support/mongodb.ts'

const folder = mkdtempSync(join(tmpdir(), 'hookloom-copy-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** One of everything. */
async function fill(storage: Storage): Promise<Workflow> {
  const workflow = await stored(storage, { name: 'Ünïcode "$set"', revision: 7 })
  for (const graph of ['{"nodes":[],"edges":[]}', '{"nodes":[],"edges":[],"$a.b":-0}']) {
    await storage.workflows.publish(workflow.id, { graph, note: 'a note', createdAt: noon })
  }
  const failed = await claimed(storage, workflow)
  const error = { code: 'status', message: 'no', nodeId: 'send' }
  await storage.runs.record(failed.id, failed.fence, {
    steps: [aStep(), aStep({ id: 'send', state: 'failed', output: null, error, attempts: [anAttempt(1)] })],
    change: { state: 'failed', at: noon + 9, error },
  })
  const replay = await storage.events.get(failed.eventId)
  if (replay) await storage.runs.create(aRun({ ...replay, body: Buffer.from(''), dedupeWindowMs: 1 }))
  const waiting = await claimed(storage, workflow)
  await storage.runs.record(waiting.id, waiting.fence, {
    steps: [aStep({ state: 'waiting', resumeAt: noon + 500 })],
    change: { state: 'waiting', dueAt: noon + 500 },
  })
  await accepted(storage, workflow, { run: { state: 'held' } })
  await accepted(storage, workflow, { event: { kind: 'test' }, run: { graph: '{"draft":true}' } })
  for (let n = 0; n < 3; n += 1)
    await accepted(storage, workflow, { event: { dedupeKey: 'k', body: Buffer.alloc(9_000_000, n) } })
  await storage.rejections.add(aRejection(workflow), Buffer.from([0, 255]), room(10))
  await storage.secrets.put('GITHUB', Buffer.from([1, 2]), noon)
  await storage.settings.put('secret-key', 'fingerprint')
  return workflow
}

/** All that the port tells, but what a copy does not keep: who worked on a run, and how often. */
async function told(storage: Storage, { id }: Workflow) {
  const runs = (await storage.runs.list({}, { limit: 100 })).items
  const events = (await storage.events.list({}, { limit: 100 })).items
  return {
    workflow: await storage.workflows.get(id),
    versions: (await storage.workflows.versions(id, { limit: 10 })).items,
    events,
    bodies: await Promise.all(
      events.map(async (event) => Buffer.from((await storage.events.body(event.id)) ?? [])),
    ),
    runs: runs.map((run) => ({ ...run, fence: 0, owner: null })),
    graphs: await Promise.all(runs.map((run) => storage.runs.graph(run.id))),
    steps: await Promise.all(runs.map((run) => storage.runs.steps(run.id))),
    rejections: (await storage.rejections.list({}, { limit: 10 })).items,
    secrets: await storage.secrets.list(),
    secret: [...((await storage.secrets.get('GITHUB')) ?? [])],
    key: await storage.settings.get('secret-key'),
    balance: await storage.balance(),
  }
}

test('a store that is copied to another comes over whole, and a full one is not written over', async () => {
  const [a, b] = [mkdtempSync(join(folder, 'a-')), mkdtempSync(join(folder, 'b-'))]
  const before = await openStorage({ dataDir: a })
  const workflow = await fill(before)
  const expected = await told(before, workflow)
  await before.close()
  const copied = await copyStore(`sqlite:${a}`, `sqlite:${b}`, () => undefined)
  expect(copied).toMatchObject({ workflows: 1, secrets: 1, same: true })
  const after = await openStorage({ dataDir: b })
  expect(await told(after, workflow)).toEqual(expected)
  await after.close()
  await expect(copyStore(`sqlite:${a}`, `sqlite:${b}`, () => undefined)).rejects.toThrow(
    /has workflows already/,
  )
  await expect(copyStore('postgres://me:pw@x', `sqlite:${b}`, () => undefined)).rejects.toThrow(
    /"postgres:\/\/me:…@x"/,
  )
})

test('what a crash left of a rush comes over, too', async () => {
  const [a, b] = [mkdtempSync(join(folder, 'a-')), mkdtempSync(join(folder, 'b-'))]
  const writer = startChild('./rusher.ts', [a])
  // More than a list of events waits for.
  await writer.printed(60)
  writer.process.kill('SIGKILL')
  await writer.ended
  const { same, from } = await copyStore(`sqlite:${a}`, `sqlite:${b}`, () => undefined)
  expect(from.accepted).toBeGreaterThanOrEqual(6_000)
  expect(same).toBe(true)
})

test.skipIf(!hasMongo)(
  `from SQLite to MongoDB and back nothing changes${noMongo}`,
  { timeout: 300_000 },
  async () => {
    const server = await startMongo()
    const [a, b] = [mkdtempSync(join(folder, 'a-')), mkdtempSync(join(folder, 'b-'))]
    const before = await openStorage({ dataDir: a })
    const workflow = await fill(before)
    const expected = await told(before, workflow)
    await before.close()
    const url = server.url('hookloom-copy')
    expect(await copyStore(`sqlite:${a}`, url, () => undefined)).toMatchObject({ same: true })
    const between = await openMongoStorage(url)
    expect(await told(between, workflow)).toEqual(expected)
    await between.close()
    expect(await copyStore(url, `sqlite:${b}`, () => undefined)).toMatchObject({ same: true })
    const after = await openStorage({ dataDir: b })
    expect(await told(after, workflow)).toEqual(expected)
    await after.close()
    await server.close()
  },
)
