/**
 * Every filter and sort that the store sends, against the indexes it makes: taken from the commands as they go over the wire, so
 * that a query that is added later is judged too. It shows that there is an index that leads to the rows in their order; which
 * one a server takes is its planner's business, and asked by `explain` where that is MongoDB itself (`mongo.test.ts`).
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBalance } from '../../server/storage/mongo-balance.ts'
import { openChunks } from '../../server/storage/mongo-bytes.ts'
import { openMongo } from '../../server/storage/mongo-connect.ts'
import { openEvents } from '../../server/storage/mongo-events.ts'
import { openPurge } from '../../server/storage/mongo-purge.ts'
import { openRejections } from '../../server/storage/mongo-rejections.ts'
import { openRuns } from '../../server/storage/mongo-runs.ts'
import { openSeeds } from '../../server/storage/mongo-seeds.ts'
import { openSecrets, openSettings, openWorkers } from '../../server/storage/mongo-settings.ts'
import { openWorkflows } from '../../server/storage/mongo-workflows.ts'
import type { Storage } from '../../server/storage/storage.ts'
import {
  accepted,
  aRejection,
  aRun,
  aStep,
  claimed,
  noon,
  room,
  stored,
  workerId,
} from '../contract/storage/world.ts'
import { type MongoServer, hasMongo, noMongo, startMongo } from '../support/mongodb.ts'

type Keys = Readonly<Record<string, unknown>>
interface Asked {
  readonly collection: string
  readonly filter: Keys
  readonly sort: Keys
}

/** Read whole on purpose: a row for each process, secret, workflow, workflow that is being deleted, or batch that is being stored. */
const small = new Set(['workers', 'secrets', 'rejected', 'departed', 'sowings'])

/** What a command looks for; a write may hold several. */
function asked(name: string, command: Keys): readonly Asked[] {
  const collection = String(command[name])
  const one = (filter: unknown, sort: unknown): Asked => ({
    collection,
    filter: (filter ?? {}) as Keys,
    // The driver keeps its order in a Map.
    sort: sort instanceof Map ? (Object.fromEntries(sort) as Keys) : ((sort ?? {}) as Keys),
  })
  if (name === 'find') return [one(command['filter'], command['sort'])]
  if (name === 'findAndModify') return [one(command['query'], command['sort'])]
  if (name === 'aggregate') {
    const [first] = command['pipeline'] as readonly { readonly $match?: Keys }[]
    return [one(first?.$match, undefined)]
  }
  const writes = command['updates'] ?? command['deletes']
  if (!Array.isArray(writes)) return []
  return (writes as readonly { readonly q: unknown }[]).map(({ q }) => one(q, undefined))
}

/** Whether the fields that an index begins with are asked for by value, and the next ones are the order or a range. */
function leads(index: Keys, { filter, sort }: Asked): boolean {
  const isRange = (value: unknown) =>
    typeof value === 'object' && value !== null && ['$lt', '$gt', '$ne'].some((key) => key in value)
  const byValue = new Set(Object.keys(filter).filter((field) => !isRange(filter[field])))
  const fields = Object.keys(index)
  const first = fields.findIndex((field) => !byValue.has(field))
  const rest = first === -1 ? [] : fields.slice(first)
  const order = Object.keys(sort).filter((field) => !byValue.has(field))
  if (order.some((field, at) => rest[at] !== field)) return false
  const isReached = first !== 0 || order.length > 0 || isRange(filter[fields[0] ?? ''])
  return isReached
}

describe.skipIf(!hasMongo)(`indexes of MongoDB${noMongo}`, () => {
  let server: MongoServer
  beforeAll(async () => {
    server = await startMongo()
  }, 300_000)
  afterAll(() => server.close())

  test('every query is led to its rows, in their order, by an index', { timeout: 60_000 }, async () => {
    const url = new URL(server.url(`hookloom-${process.pid}-indexes`))
    url.searchParams.set('monitorCommands', 'true')
    const { models, snapshot, size, close } = await openMongo(url.toString())
    const found: Asked[] = []
    models.runs.db.getClient().on('commandStarted', ({ commandName, command }) => {
      found.push(...asked(commandName, command))
    })
    const chunks = openChunks(models)
    const seeds = openSeeds(models)
    const purge = openPurge(models, chunks)
    await ask({
      workflows: openWorkflows(models, purge.purge),
      events: openEvents(models, chunks, seeds),
      rejections: openRejections(models),
      runs: openRuns(models, chunks, seeds),
      secrets: openSecrets(models),
      workers: openWorkers(models),
      settings: openSettings(models),
      balance: openBalance(models, seeds, snapshot),
      size,
      close,
    })
    await purge.finish(Date.now() + 120_000)
    await close()

    const collections = new Map(
      Object.values(models).map((model) => [
        model.collection.name,
        [{ _id: 1 }, ...model.schema.indexes().map(([keys]) => keys as Keys)],
      ]),
    )
    const uncovered = found.filter(
      (each) =>
        !small.has(each.collection) && !collections.get(each.collection)?.some((index) => leads(index, each)),
    )
    expect(found.length).toBeGreaterThan(60)
    expect(new Set(uncovered.map((each) => JSON.stringify(each)))).toEqual(new Set())
  })

  test('a query that no index leads to is found', () => {
    const index = { workflowId: 1, standing: 1, state: 1, _id: -1 }
    const of = (filter: Keys, sort: Keys = {}) => leads(index, { collection: 'runs', filter, sort })
    expect(of({ workflowId: 'wf', standing: 'newest', state: 'held' }, { _id: -1 })).toBe(true)
    expect(of({ workflowId: 'wf' }, { _id: -1 })).toBe(false)
    expect(of({ state: 'held' })).toBe(false)
    expect(of({ eventId: 'evt' })).toBe(false)
  })
})

/** All that the product asks of a store, each once. */
async function ask(storage: Storage): Promise<void> {
  const page = { limit: 5 }
  const workflow = await stored(storage)
  const { id: workflowId, token, key } = workflow
  await storage.workflows.get(workflowId)
  await storage.workflows.byKey(key)
  await storage.workflows.byToken(token)
  await storage.workflows.list({ ...page, after: workflowId })
  await storage.workflows.update(workflowId, 1, { name: 'x' })
  await storage.workflows.publish(workflowId, { graph: '{}', note: '', createdAt: noon })
  await storage.workflows.version(workflowId, 1)
  await storage.workflows.versions(workflowId, { ...page, after: '2' })

  const { event, run } = await accepted(storage, workflow, { event: { dedupeKey: 'one' } })
  await accepted(storage, workflow, { event: { dedupeKey: 'one' } })
  const after = event.id
  await storage.events.keepAnswer(event.id, '{}')
  await storage.events.get(event.id)
  await storage.events.body(event.id)
  for (const filter of [
    {},
    { workflowId },
    { workflowId, kind: 'test' },
    { kind: 'test' },
    { type: 'push' },
  ] as const) {
    await storage.events.list(filter, page)
    await storage.events.list({ ...filter, type: 'push' }, { ...page, after })
  }
  const given = await claimed(storage, workflow)
  await storage.runs.record(given.id, given.fence, { steps: [aStep()] })
  await storage.runs.release(given.id, given.fence)
  await storage.runs.begin(run.id, workerId(), noon, { steps: [aStep()] })
  await storage.runs.create(aRun(event))
  await storage.runs.graph(run.id)
  await storage.runs.steps(run.id)
  for (const filter of [
    {},
    { workflowId },
    { eventId: event.id },
    { state: 'failed' },
    { kind: 'test' },
  ] as const) {
    await storage.runs.list(filter, page)
    await storage.runs.list({ ...filter, state: 'held' }, { ...page, after: run.id })
  }
  await storage.runs.cancel(given.id, noon)
  await storage.runs.resume(given.id, noon)
  await storage.runs.releaseHeld(workflowId, 5)
  await storage.runs.pending(workflowId, 5)
  await storage.runs.unfinished({ limit: 5 })
  await storage.runs.unfinished({ limit: 5, after: run.id })

  const rejection = aRejection(workflow)
  await storage.rejections.add(rejection, Buffer.from(''), room(1))
  await storage.rejections.add(aRejection(workflow), Buffer.from(''), room(1))
  await storage.rejections.repeat(rejection.id, workflowId, 2)
  await storage.rejections.get(rejection.id)
  await storage.rejections.body(rejection.id)
  for (const filter of [
    {},
    { workflowId },
    { reason: 'x' },
    { status: 401 },
    { ip: 'x' },
    { isAccepted: true },
  ]) {
    await storage.rejections.list(filter, { ...page, after: rejection.id })
  }
  await storage.rejections.markAccepted(rejection.id, event.id).catch(() => undefined)
  await storage.rejections.forget(noon + 1, 5)

  await storage.secrets.put('A', Buffer.from('x'), noon)
  await storage.secrets.get('A')
  await storage.secrets.list()
  await storage.secrets.delete('A')
  const worker = workerId()
  await storage.workers.beat(worker)
  await storage.workers.list()
  await storage.workers.remove(worker)
  await storage.settings.put('a', 'b')
  await storage.settings.get('a')
  await storage.balance()
  const over = await claimed(storage, workflow)
  await storage.runs.record(over.id, over.fence, { steps: [], change: { state: 'succeeded', at: noon } })
  await storage.events.forget({ before: noon + 86_400_000, limit: 100 })
  await storage.workflows.delete(workflowId)
}
