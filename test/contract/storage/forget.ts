import { expect } from 'vitest'
import type { EventId } from '../../../nodes/contract/ids.ts'
import { NotFound, type Storage, type Workflow } from '../../../server/storage/storage.ts'
import {
  accepted,
  aRejection,
  aRun,
  aStep,
  certain,
  claimed,
  eventId,
  noon,
  room,
  stored,
  workerId,
} from './world.ts'
import type { Promises } from './world.ts'

const dayMs = 86_400_000

/** An event that was received and ended at a moment. */
async function ended(storage: Storage, workflow: Workflow, at: number, dedupeWindowMs = 60_000) {
  const made = await accepted(storage, workflow, {
    event: { receivedAt: at, dedupeKey: eventId(), dedupeWindowMs },
  })
  const run = certain(await storage.runs.claim(made.run.id, workerId(), at))
  await storage.runs.record(run.id, run.fence, { steps: [aStep()], change: { state: 'succeeded', at } })
  return made.event
}

async function kept(storage: Storage): Promise<readonly EventId[]> {
  return (await storage.events.list({}, { limit: 100 })).items.map(({ id }) => id).toReversed()
}

export const forget = {
  async 'old events go with their runs and what these learnt, the others stay, and the books balance'(
    storage,
  ) {
    const workflow = await stored(storage)
    const old = await ended(storage, workflow, noon)
    const oldRun = certain((await storage.runs.list({ eventId: old.id }, { limit: 5 })).items[0])
    const young = await ended(storage, workflow, noon + dayMs)
    expect(await storage.events.forget({ before: noon + 1_000_000, limit: 10 })).toEqual({
      events: 1,
      next: null,
    })
    expect(await kept(storage)).toEqual([young.id])
    expect(await storage.events.get(old.id)).toBeUndefined()
    expect(await storage.events.body(old.id)).toBeUndefined()
    expect(await storage.runs.get(oldRun.id)).toBeUndefined()
    expect(await storage.runs.steps(oldRun.id)).toEqual([])
    expect(await storage.balance()).toMatchObject({ accepted: 1, succeeded: 1, pending: 0 })
  },

  async 'nothing goes that is not finished: a run that waits, is held or in hand, a late end, a dedupe key that is held'(
    storage,
  ) {
    const workflow = await stored(storage)
    const { event: fresh } = await accepted(storage, workflow)
    const { event: held } = await accepted(storage, workflow, { run: { state: 'held' } })
    const inHand = await claimed(storage, workflow)
    const waits = await claimed(storage, workflow)
    const change = { state: 'waiting', dueAt: noon + 9 * dayMs } as const
    await storage.runs.record(waits.id, waits.fence, { steps: [], change })
    const late = await claimed(storage, workflow)
    await storage.runs.record(late.id, late.fence, {
      steps: [],
      change: { state: 'succeeded', at: noon + 9 * dayMs },
    })
    const locked = await ended(storage, workflow, noon, 9 * dayMs)
    const replayed = await ended(storage, workflow, noon)
    await storage.runs.create(aRun(replayed))
    const { events } = await storage.events.forget({ before: noon + dayMs, limit: 100 })
    expect(events).toBe(0)
    expect(await kept(storage)).toEqual([
      fresh.id,
      held.id,
      inHand.eventId,
      waits.eventId,
      late.eventId,
      locked.id,
      replayed.id,
    ])
    expect(await storage.balance()).toMatchObject({ accepted: 7, succeeded: 2, held: 1, pending: 4 })
  },

  async 'old events go slice by slice, past those that stay'(storage) {
    const workflow = await stored(storage)
    const { event: stays } = await accepted(storage, workflow)
    for (let n = 0; n < 5; n += 1) await ended(storage, workflow, noon)
    let after: EventId | undefined
    const slices: number[] = []
    for (;;) {
      const slice = await storage.events.forget({ before: noon + dayMs, limit: 2, ...(after && { after }) })
      slices.push(slice.events)
      if (slice.next === null) break
      after = slice.next
    }
    expect(slices).toEqual([1, 2, 2, 0])
    expect(await kept(storage)).toEqual([stays.id])
  },

  async 'of an event that is gone there is no other run'(storage) {
    const workflow = await stored(storage)
    const event = await ended(storage, workflow, noon)
    await storage.events.forget({ before: noon + dayMs, limit: 10 })
    await expect(storage.runs.create(aRun(event))).rejects.toThrow(NotFound)
  },

  async 'old rejections go, their number stays, and there is room for others'(storage) {
    const workflow = await stored(storage)
    const old = [aRejection(workflow), aRejection(workflow), aRejection(workflow)]
    const young = aRejection(workflow, { at: noon + dayMs })
    for (const each of [...old, young]) await storage.rejections.add(each, Buffer.from('x'), room(4))
    expect(await storage.rejections.forget(noon + 1, 2)).toBe(2)
    expect(await storage.rejections.forget(noon + 1, 2)).toBe(1)
    expect(await storage.rejections.forget(noon + 1, 2)).toBe(0)
    const another = aRejection(workflow, { at: noon + dayMs })
    await storage.rejections.add(another, Buffer.from('x'), room(2))
    const { items } = await storage.rejections.list({}, { limit: 10 })
    expect(items.map(({ id }) => id)).toEqual([another.id, young.id])
    expect(await storage.balance()).toMatchObject({ rejected: 5 })
  },

  async 'a store grows with what is stored, and shrinks when it is forgotten'(storage) {
    const workflow = await stored(storage)
    const empty = await storage.size()
    for (let n = 0; n < 3; n += 1) {
      const { run } = await accepted(storage, workflow, { event: { body: Buffer.alloc(1_000_000, 'ab') } })
      await storage.runs.cancel(run.id, noon)
    }
    const full = await storage.size()
    expect(full - empty).toBeGreaterThanOrEqual(2_500_000)
    await storage.events.forget({ before: noon + dayMs, limit: 10 })
    expect(await storage.size()).toBeLessThan(full - 2_500_000)
  },
} satisfies Promises
