import { expect } from 'vitest'
import type { NewEvent } from '../../../server/storage/storage.ts'
import { accepted, anEvent, aRun, eventId, noon, pages, rejectionId, stored } from './world.ts'
import type { Promises } from './world.ts'

const asStored = (event: NewEvent) => {
  const { body, dedupeWindowMs, ...kept } = event
  expect(dedupeWindowMs).toBeGreaterThan(0)
  return { ...kept, bodyBytes: body.byteLength, duplicates: 0 }
}

export const events = {
  async 'an event and its run are stored in one go and come back equal'(storage, { reopen }) {
    const workflow = await stored(storage)
    const event = anEvent(workflow, {
      path: '/rest?x=1&y=ü',
      rawHeaders: ['X-A', '1', 'x-a', '2', 'X-$b.c', 'ä'],
      type: 'push',
      dedupeKey: 'delivery-1',
      answer: '{"status":202}',
      acceptedFrom: rejectionId(),
      isRetry: true,
      verified: false,
    })
    const run = aRun(event)
    expect(await storage.events.accept(event, run)).toEqual({ kind: 'new' })
    const again = await reopen()
    expect(await again.events.get(event.id)).toEqual(asStored(event))
    expect(await again.runs.get(run.id)).toEqual({
      ...run,
      error: null,
      startedAt: null,
      endedAt: null,
      dueAt: null,
      owner: null,
      fence: 0,
      interruptions: 0,
      cancelRequested: false,
    })
  },

  async 'bodies come back byte for byte: a megabyte, deep JSON, unicode, $ and . keys, -0, not text, empty'(
    storage,
    { reopen },
  ) {
    const workflow = await stored(storage)
    const bodies = [
      Buffer.alloc(1024 * 1024, 'x'),
      Buffer.from(`${'{"a":['.repeat(20_000)}1${']}'.repeat(20_000)}`),
      Buffer.from('{"é🪝":"\\ud800\\u0000","__proto__":{"$where":1},"a.b":{"$set":-0}, "n": -0.0e-0 }'),
      Buffer.from([0, 255, 254, 0xc3, 0x28, 10]),
      Buffer.alloc(0),
    ]
    const made = await Promise.all(
      bodies.map(async (body) => ({ body, ...(await accepted(storage, workflow, { event: { body } })) })),
    )
    const again = await reopen()
    for (const { body, event } of made) {
      expect(Buffer.compare(Buffer.from((await again.events.body(event.id)) ?? 'lost'), body)).toBe(0)
      expect((await again.events.get(event.id))?.bodyBytes).toBe(body.byteLength)
    }
  },

  async 'an event that is not there has no row and no body'({ events }) {
    expect(await events.get(eventId())).toBeUndefined()
    expect(await events.body(eventId())).toBeUndefined()
  },

  async 'the same dedupe key within the window is a duplicate: counted, not stored, not run'(storage) {
    const workflow = await stored(storage)
    const first = await accepted(storage, workflow, { event: { dedupeKey: 'k', answer: 'hello' } })
    const event = anEvent(workflow, { dedupeKey: 'k', receivedAt: noon + 59_999 })
    const run = aRun(event)
    const answer = await storage.events.accept(event, run)
    expect(answer).toEqual({ kind: 'duplicate', of: { ...asStored(first.event), duplicates: 1 } })
    expect(await storage.events.get(event.id)).toBeUndefined()
    expect(await storage.runs.get(run.id)).toBeUndefined()
    expect(await storage.events.get(first.event.id)).toMatchObject({ duplicates: 1 })
  },

  async 'two duplicates at the same instant make one event and one run'(storage) {
    const workflow = await stored(storage)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => {
        const event = anEvent(workflow, { dedupeKey: 'k' })
        return storage.events.accept(event, aRun(event))
      }),
    )
    expect(answers.filter(({ kind }) => kind === 'new')).toHaveLength(1)
    expect((await storage.events.list({}, { limit: 50 })).items).toMatchObject([{ duplicates: 19 }])
    expect((await storage.runs.list({}, { limit: 50 })).items).toHaveLength(1)
  },

  async 'the window is counted from the first, and duplicates do not lengthen it'(storage) {
    const workflow = await stored(storage)
    const at = async (ms: number) => {
      const event = anEvent(workflow, { dedupeKey: 'k', receivedAt: noon + ms, dedupeWindowMs: 1_000 })
      return (await storage.events.accept(event, aRun(event))).kind
    }
    expect([await at(0), await at(600), await at(999), await at(1_000)]).toEqual([
      'new',
      'duplicate',
      'duplicate',
      'new',
    ])
    expect([await at(1_999), await at(2_000)]).toEqual(['duplicate', 'new'])
  },

  async 'a duplicate is told what the first caller was answered; the first answer counts'(storage) {
    const workflow = await stored(storage)
    const { event } = await accepted(storage, workflow, { event: { dedupeKey: 'k' } })
    await storage.events.keepAnswer(event.id, '{"status":201}')
    await storage.events.keepAnswer(event.id, '{"status":202}')
    const again = anEvent(workflow, { dedupeKey: 'k' })
    const answer = await storage.events.accept(again, aRun(again))
    expect(answer).toMatchObject({ kind: 'duplicate', of: { answer: '{"status":201}' } })
  },

  async 'events without a dedupe key are never duplicates'(storage) {
    const workflow = await stored(storage)
    await accepted(storage, workflow)
    await accepted(storage, workflow)
    expect((await storage.events.list({}, { limit: 5 })).items).toHaveLength(2)
  },

  async 'a dedupe key survives a restart'(storage, { reopen }) {
    const workflow = await stored(storage)
    await accepted(storage, workflow, { event: { dedupeKey: 'k' } })
    const event = anEvent(workflow, { dedupeKey: 'k' })
    expect(await (await reopen()).events.accept(event, aRun(event))).toMatchObject({ kind: 'duplicate' })
  },

  async 'events are listed newest first, by workflow, kind and type'(storage) {
    const [a, b] = [await stored(storage), await stored(storage)]
    const push = await accepted(storage, a, { event: { type: 'push' } })
    const trial = await accepted(storage, a, { event: { kind: 'test', type: 'push' } })
    const issue = await accepted(storage, b, { event: { type: 'issue' } })
    const ids = async (filter: Parameters<typeof storage.events.list>[0]) =>
      (await storage.events.list(filter, { limit: 10 })).items.map(({ id }) => id)
    expect(await ids({})).toEqual([issue.event.id, trial.event.id, push.event.id])
    expect(await ids({ workflowId: a.id })).toEqual([trial.event.id, push.event.id])
    expect(await ids({ kind: 'test' })).toEqual([trial.event.id])
    expect(await ids({ kind: 'production' })).toEqual([issue.event.id, push.event.id])
    expect(await ids({ type: 'push' })).toEqual([trial.event.id, push.event.id])
    expect(await ids({ type: 'push', kind: 'test' })).toEqual([trial.event.id])
    expect(await ids({ workflowId: a.id, kind: 'production', type: 'push' })).toEqual([push.event.id])
    expect(await ids({ workflowId: b.id, type: 'push' })).toEqual([])
  },

  async 'a page of events neither repeats nor skips when rows arrive'(storage) {
    const workflow = await stored(storage)
    const made: string[] = []
    for (let n = 0; n < 10; n++) made.unshift((await accepted(storage, workflow)).event.id)
    for (const filter of [{}, { workflowId: workflow.id }]) {
      const before = (await storage.events.list(filter, { limit: 100 })).items.map(({ id }) => id)
      const listed = await pages(
        (page) => storage.events.list(filter, page),
        3,
        () => accepted(storage, workflow),
      )
      expect(listed.map(({ id }) => id)).toEqual(before)
      expect(before.slice(-10)).toEqual(made)
    }
  },

  async 'a last page that is full says that it is the last'(storage) {
    const workflow = await stored(storage)
    for (let n = 0; n < 4; n++) await accepted(storage, workflow)
    const first = await storage.events.list({}, { limit: 2 })
    const second = await storage.events.list({}, { limit: 2, after: first.next ?? 'missing' })
    expect([first.items.length, second.items.length, second.next]).toEqual([2, 2, null])
  },
} satisfies Promises
