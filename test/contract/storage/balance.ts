import { expect } from 'vitest'
import type { Storage, Tally, Workflow } from '../../../server/storage/storage.ts'
import { accepted, anEvent, aRun, claimed, noon, stored, workerId } from './world.ts'
import type { Promises } from './world.ts'

const nothing: Tally = {
  accepted: 0,
  succeeded: 0,
  filtered: 0,
  failed: 0,
  cancelled: 0,
  held: 0,
  pending: 0,
  duplicates: 0,
  rejected: 0,
}

async function ended(storage: Storage, workflow: Workflow, state: 'succeeded' | 'filtered' | 'failed') {
  const run = await claimed(storage, workflow)
  const error = { code: 'status', message: 'no' }
  const change = state === 'failed' ? { state, at: noon, error } : { state, at: noon }
  await storage.runs.record(run.id, run.fence, { steps: [], change })
  return run
}

export const balance = {
  async 'the books of an empty store are empty'(storage) {
    expect(await storage.balance()).toEqual(nothing)
  },

  async 'each event is counted where its run stands; without a run it is pending'(storage) {
    const workflow = await stored(storage)
    await ended(storage, workflow, 'succeeded')
    await ended(storage, workflow, 'succeeded')
    await ended(storage, workflow, 'filtered')
    await ended(storage, workflow, 'failed')
    const { run } = await accepted(storage, workflow)
    await storage.runs.cancel(run.id, noon)
    await accepted(storage, workflow, { run: { state: 'held' } })
    await accepted(storage, workflow)
    const waiting = await claimed(storage, workflow)
    await storage.runs.record(waiting.id, waiting.fence, {
      steps: [],
      change: { state: 'waiting', dueAt: noon },
    })
    await claimed(storage, workflow)
    await storage.events.accept(anEvent(workflow), undefined)
    const tally = await storage.balance()
    expect(tally).toEqual({
      ...nothing,
      accepted: 10,
      succeeded: 2,
      filtered: 1,
      failed: 1,
      cancelled: 1,
      held: 1,
      pending: 4,
    })
  },

  async 'an event is counted once, by its newest production run'(storage) {
    const workflow = await stored(storage)
    const first = await ended(storage, workflow, 'failed')
    const { items } = await storage.events.list({}, { limit: 1 })
    const replay = aRun({ ...anEvent(workflow), ...items[0] })
    await storage.runs.create(replay)
    expect(await storage.balance()).toEqual({ ...nothing, accepted: 1, pending: 1 })
    await storage.runs.resume(first.id, noon)
    expect(await storage.balance()).toEqual({ ...nothing, accepted: 1, pending: 1 })
    await storage.runs.claim(replay.id, workerId(), noon)
    await storage.runs.record(replay.id, 1, { steps: [], change: { state: 'succeeded', at: noon } })
    expect(await storage.balance()).toEqual({ ...nothing, accepted: 1, succeeded: 1 })
  },

  async 'an event that gets its first run later leaves the pending ones with it'(storage) {
    const workflow = await stored(storage)
    const event = anEvent(workflow)
    await storage.events.accept(event, undefined)
    expect(await storage.balance()).toEqual({ ...nothing, accepted: 1, pending: 1 })
    const run = aRun(event)
    await storage.runs.create(run)
    await storage.runs.cancel(run.id, noon)
    expect(await storage.balance()).toEqual({ ...nothing, accepted: 1, cancelled: 1 })
  },

  async 'tests are not in the books, whether events or runs'(storage) {
    const workflow = await stored(storage)
    await accepted(storage, workflow, { event: { kind: 'test' } })
    const { event } = await accepted(storage, workflow)
    await storage.runs.create(aRun(event, { kind: 'test', version: null, graph: '{}' }))
    expect(await storage.balance()).toEqual({ ...nothing, accepted: 1, pending: 1 })
  },

  async 'duplicates are counted beside the books'(storage) {
    const workflow = await stored(storage)
    for (let n = 0; n < 3; n++) await accepted(storage, workflow, { event: { dedupeKey: 'a' } })
    for (let n = 0; n < 2; n++) await accepted(storage, workflow, { event: { dedupeKey: 'b' } })
    expect(await storage.balance()).toEqual({ ...nothing, accepted: 2, pending: 2, duplicates: 3 })
  },
} satisfies Promises
