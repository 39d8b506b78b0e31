import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openMongo } from '../../server/storage/mongo-connect.ts'
import { openMongoStorage } from '../../server/storage/mongo.ts'
import { Unavailable } from '../../server/storage/storage.ts'
import { storageContract } from '../contract/storage.ts'
import {
  accepted,
  anEvent,
  aRejection,
  room,
  aRun,
  aStep,
  certain,
  claimed,
  noon,
  stored,
  workerId,
} from '../contract/storage/world.ts'
import { cutMongo } from '../support/mongo-cut.ts'
import { type MongoServer, hasMongo, isMongoItself, isOwn, noMongo, startMongo } from '../support/mongodb.ts'

const hasGo = spawnSync('go', ['version']).status === 0
test.runIf(process.env['CI'] && hasGo)('a server of MongoDB’s protocol is there to be tested', () => {
  expect(hasMongo).toBe(true)
})

describe.skipIf(!hasMongo)(`MongoDB${noMongo}`, () => {
  let server: MongoServer
  let databases = 0
  beforeAll(async () => {
    server = await startMongo()
  }, 300_000)
  afterAll(() => server.close())
  const newUrl = () => server.url(`hookloom-${process.pid}-${(databases += 1)}`)

  storageContract({
    name: 'MongoDB',
    open: (place) => openMongoStorage(server.url(`hookloom-${place}`)),
  })

  test(
    'killed between any two writes of an acceptance, it is delivered again and runs, once',
    { timeout: 120_000 },
    async () => {
      const url = newUrl()
      const direct = await openMongoStorage(url)
      const workflow = await stored(direct)
      for (let writes = 0, isWhole = false; !isWhole; writes += 1) {
        const dedupeKey = `delivery-${writes}`
        const cut = await cutMongo(url)
        const dying = await openMongoStorage(cut.url)
        cut.after(writes)
        const event = anEvent(workflow, { dedupeKey })
        const told = await dying.events.accept(event, aRun(event)).then(
          () => 'stored',
          (error: unknown) => String(error instanceof Error && error.name),
        )
        isWhole = told === 'stored' && !cut.isCut()
        expect(['stored', 'Unavailable']).toContain(told)
        await Promise.all([dying.close().catch(() => undefined), cut.close()])

        const again = anEvent(workflow, { dedupeKey })
        await direct.events.accept(again, aRun(again))
        const runs = (await direct.runs.unfinished({ limit: 1_000 })).filter(
          ({ workflowId }) => workflowId === workflow.id,
        )
        expect(runs, `after ${writes} writes`).toHaveLength(writes + 1)
        expect(await direct.balance()).toMatchObject({ accepted: writes + 1, pending: writes + 1 })
      }
      await direct.close()
    },
  )

  test('a run that was never made of a stored event is found by who looks for unfinished ones', async () => {
    const url = newUrl()
    const direct = await openMongoStorage(url)
    const workflow = await stored(direct)
    const cut = await cutMongo(url)
    const dying = await openMongoStorage(cut.url)
    // That it is coming, and itself.
    cut.after(2)
    const event = anEvent(workflow)
    const run = aRun(event)
    await expect(dying.events.accept(event, run)).rejects.toThrow(Unavailable)
    expect(await direct.events.get(event.id)).toBeDefined()
    expect(await direct.balance()).toMatchObject({ accepted: 1, pending: 1 })
    expect((await direct.runs.unfinished({ limit: 10 })).map(({ id }) => id)).toEqual([run.id])
    expect(await direct.balance()).toMatchObject({ accepted: 1, pending: 1 })
    await Promise.all([dying.close().catch(() => undefined), cut.close(), direct.close()])
  })

  test('what was written down of a run to be made goes when the run is there, or when its event never came', async () => {
    const url = newUrl()
    const [direct, { models, close }] = await Promise.all([openMongoStorage(url), openMongo(url)])
    const workflow = await stored(direct)
    await Promise.all(Array.from({ length: 20 }, () => accepted(direct, workflow)))
    const left = () => models.sowings.countDocuments()
    await expect.poll(left).toBe(0)

    for (const writes of [1, 2, 3]) {
      const cut = await cutMongo(url)
      const dying = await openMongoStorage(cut.url)
      cut.after(writes)
      const event = anEvent(workflow)
      await dying.events.accept(event, aRun(event)).catch(() => undefined)
      await Promise.all([dying.close().catch(() => undefined), cut.close()])
    }
    expect(await left()).toBe(3)
    const unfinished = () => direct.runs.unfinished({ limit: 100 })
    expect(await unfinished()).toHaveLength(22)
    // The event of the first may be on its way still.
    expect(await left()).toBe(1)
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 600_001)
    expect(await unfinished()).toHaveLength(22)
    vi.restoreAllMocks()
    expect(await left()).toBe(0)
    await Promise.all([direct.close(), close()])
  })

  test.skipIf(isMongoItself)(
    `what the server refuses of a write is refused alone, also beside a duplicate${isMongoItself ? ' (MongoDB itself takes every number)' : ''}`,
    async () => {
      const storage = await openMongoStorage(newUrl())
      const workflow = await stored(storage)
      const { event: first } = await accepted(storage, workflow, { event: { dedupeKey: 'k' } })
      const told = await Promise.allSettled(
        [{ dedupeKey: 'k' }, { receivedAt: Infinity }, {}].map((event) =>
          accepted(storage, workflow, { event }),
        ),
      )
      expect(told.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      expect(told[1]).toMatchObject({
        reason: { code: 2, message: expect.stringContaining('infinity') as string },
      })
      expect((await storage.events.get(first.id))?.duplicates).toBe(1)
      expect(await storage.balance()).toMatchObject({ accepted: 2, duplicates: 1, pending: 2 })
      expect(await storage.runs.unfinished({ limit: 10 })).toHaveLength(2)
      await storage.close()
    },
  )

  test('two processes: of one delivery at the same instant in both there is one event, of one run one holder', async () => {
    const url = newUrl()
    const [a, b] = await Promise.all([openMongoStorage(url), openMongoStorage(url)])
    const workflow = await stored(a)
    const answers = await Promise.all(
      [a, b, a, b, a, b, a, b].map((storage) => {
        const event = anEvent(workflow, { dedupeKey: 'k' })
        return storage.events.accept(event, aRun(event))
      }),
    )
    expect(answers.filter(({ kind }) => kind === 'new')).toHaveLength(1)
    const [run] = (await b.runs.list({}, { limit: 5 })).items
    const claims = await Promise.all(
      [a, b].map((storage) => storage.runs.claim(certain(run).id, workerId(), noon)),
    )
    expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1)
    expect(await a.balance()).toMatchObject({ accepted: 1, duplicates: 7, pending: 1 })
    await Promise.all([a.close(), b.close()])
  })

  test(
    'bodies and outputs beyond what a document holds come back byte for byte, and go with their workflow',
    { timeout: 120_000 },
    async () => {
      const url = newUrl()
      const storage = await openMongoStorage(url)
      const workflow = await stored(storage)
      const body = Buffer.alloc(20_000_000, 'ab\0')
      const run = await claimed(storage, workflow)
      const { event } = await accepted(storage, workflow, { event: { body } })
      const steps = [aStep({ output: { kind: 'value', json: `"${'x'.repeat(20_000_000)}"` } })]
      await storage.runs.record(run.id, run.fence, { steps, change: { state: 'succeeded', at: noon } })
      expect(Buffer.compare(Buffer.from((await storage.events.body(event.id)) ?? []), body)).toBe(0)
      expect(JSON.stringify(await storage.runs.steps(run.id))).toBe(JSON.stringify(steps))
      const { models, close } = await openMongo(url)
      expect(await models.chunks.countDocuments()).toBe(6)
      await storage.workflows.delete(workflow.id)
      expect(await models.chunks.countDocuments()).toBe(0)
      await Promise.all([close(), storage.close()])
    },
  )

  test('hundreds of runs begin in one command', async () => {
    const storage = await openMongoStorage(newUrl())
    const workflow = await stored(storage)
    const runs = await Promise.all(Array.from({ length: 256 }, () => accepted(storage, workflow)))
    const worker = workerId()
    const fences = await Promise.all(
      runs.map(({ run }) => storage.runs.begin(run.id, worker, noon, { steps: [aStep()] })),
    )
    expect(new Set(fences)).toEqual(new Set([1]))
    await storage.close()
  })

  test('a value is never an operator, whoever gives it', async () => {
    const storage = await openMongoStorage(newUrl())
    const workflow = await stored(storage)
    await storage.secrets.put('GITHUB', Buffer.from('x'), noon)
    await accepted(storage, workflow)
    const everything = [{ $ne: '' }, { $gt: '' }, { $exists: true }, { $regex: '.*' }, { $where: '1' }]
    for (const operator of everything) {
      // What no type lets through, a mistake elsewhere might.
      const value = operator as never
      const found = await Promise.allSettled([
        storage.workflows.get(value),
        storage.workflows.byKey(value),
        storage.secrets.get(value),
        storage.events.get(value),
        storage.settings.get(value),
      ])
      for (const each of found) expect(each.status === 'rejected' || each.value === undefined).toBe(true)
      await storage.secrets.delete(value).catch(() => undefined)
    }
    expect(await storage.secrets.list()).toHaveLength(1)
    await storage.close()
  })

  test.skipIf(!isOwn)(
    'a server that is away makes it Unavailable, and its return makes it good',
    { timeout: 60_000 },
    async () => {
      const own = await startMongo()
      const storage = await openMongoStorage(own.url('away'))
      const workflow = await stored(storage)
      await own.kill()
      await expect(accepted(storage, workflow)).rejects.toThrow(Unavailable)
      await expect(storage.balance()).rejects.toThrow(Unavailable)
      await own.start()
      await expect
        .poll(() => accepted(storage, workflow).then(() => 'stored', String), { timeout: 20_000 })
        .toBe('stored')
      await storage.close()
      await own.close()
    },
  )

  test.skipIf(!isMongoItself)(
    `every query of a page is covered by an index${isMongoItself ? '' : ' (only MongoDB itself explains its plans)'}`,
    async () => {
      const url = newUrl()
      const storage = await openMongoStorage(url)
      const workflow = await stored(storage)
      for (let n = 0; n < 50; n += 1) await accepted(storage, workflow, { event: { type: 'push' } })
      await storage.rejections.add(aRejection(workflow), Buffer.from(''), room(10))
      const { models, close } = await openMongo(url)
      const id = workflow.id
      const kinds = { $in: ['production', 'test'] }
      const standing = { $in: ['newest', 'older', 'test'] }
      const plans = [
        [models.events, {}],
        [models.events, { workflowId: id }],
        [models.events, { workflowId: id, kind: 'production', type: 'push' }],
        [models.events, { kind: 'test' }],
        [models.events, { kind: kinds, type: 'push' }],
        [models.runs, {}],
        [models.runs, { standing, state: 'failed' }],
        [models.runs, { workflowId: id, standing, state: { $in: ['held', 'failed'] } }],
        [models.runs, { eventId: 'evt', standing, state: 'failed' }],
        [models.rejections, { workflowId: id, reason: 'not-verified' }],
        [models.rejections, { reason: 'not-verified' }],
        [models.workflows, {}],
      ] as const
      for (const [model, filter] of plans) {
        const plan: unknown = await model.collection
          .find(filter)
          .sort({ _id: -1 })
          .limit(10)
          .explain('executionStats')
        const text = JSON.stringify(plan)
        const name = `${model.collection.name} ${JSON.stringify(filter)}`
        expect(text, name).not.toMatch(/"stage":"(COLLSCAN|SORT)"/)
        expect(Number(/"totalDocsExamined":(\d+)/.exec(text)?.[1]), name).toBeLessThanOrEqual(10)
      }
      await Promise.all([close(), storage.close()])
    },
  )
})
