import { expect } from 'vitest'
import { Conflict, NotFound } from '../../../server/storage/storage.ts'
import type { RunFilter } from '../../../server/storage/storage.ts'
import {
  accepted,
  anAttempt,
  anEvent,
  aRun,
  aStep,
  claimed,
  noon,
  pages,
  runId,
  stored,
  workerId,
} from './world.ts'
import type { Promises } from './world.ts'

const failure = { code: 'status', message: 'the target answered 500', nodeId: 'send' }

export const runs = {
  async 'a draft run carries its own graph'(storage, { reopen }) {
    const workflow = await stored(storage)
    const graph = '{"$a.b": [-0, "é🪝"]}'
    const draft = await accepted(storage, workflow, { event: { kind: 'test' }, run: { graph } })
    const published = await accepted(storage, workflow)
    const again = await reopen()
    expect(await again.runs.graph(draft.run.id)).toBe(graph)
    expect(await again.runs.get(draft.run.id)).toMatchObject({ kind: 'test', version: null })
    expect(await again.runs.graph(published.run.id)).toBeUndefined()
  },

  async 'a run is made once, of an event that is there'(storage) {
    const workflow = await stored(storage)
    const { event, run } = await accepted(storage, workflow)
    await expect(storage.runs.create(aRun(event, { id: run.id }))).rejects.toThrow(Conflict)
    await expect(storage.runs.create(aRun(anEvent(workflow)))).rejects.toThrow(NotFound)
    const replay = aRun(event)
    await storage.runs.create(replay)
    const { items } = await storage.runs.list({ eventId: event.id }, { limit: 10 })
    expect(items.map(({ id }) => id)).toEqual([replay.id, run.id])
  },

  async 'runs are listed newest first, by workflow, event, state and kind'(storage) {
    const [a, b] = [await stored(storage), await stored(storage)]
    const held = await accepted(storage, a, { run: { state: 'held' } })
    const trial = await accepted(storage, a, { event: { kind: 'test' } })
    const other = await accepted(storage, b)
    const running = await claimed(storage, b)
    const replay = aRun(held.event)
    await storage.runs.create(replay)
    const names = new Map([
      [held.run.id, 'held'],
      [trial.run.id, 'trial'],
      [other.run.id, 'other'],
      [running.id, 'running'],
      [replay.id, 'replay'],
    ])
    const listed = async (filter: RunFilter) =>
      (await pages((page) => storage.runs.list(filter, page), 2)).map(({ id }) => names.get(id))
    expect(await listed({})).toEqual(['replay', 'running', 'other', 'trial', 'held'])
    expect(await listed({ workflowId: a.id })).toEqual(['replay', 'trial', 'held'])
    expect(await listed({ state: 'accepted' })).toEqual(['replay', 'other', 'trial'])
    expect(await listed({ state: 'accepted', kind: 'production' })).toEqual(['replay', 'other'])
    expect(await listed({ kind: 'test' })).toEqual(['trial'])
    expect(await listed({ workflowId: b.id, state: 'running' })).toEqual(['running'])
    expect(await listed({ eventId: held.event.id })).toEqual(['replay', 'held'])
    expect(await listed({ eventId: held.event.id, state: 'held' })).toEqual(['held'])
    expect(await listed({ eventId: held.event.id, workflowId: b.id })).toEqual([])
    expect(await listed({ state: 'failed' })).toEqual([])
  },

  async 'a page of runs neither repeats nor skips when rows arrive'(storage) {
    const workflow = await stored(storage)
    for (let n = 0; n < 10; n++) await accepted(storage, workflow)
    for (const filter of [{}, { workflowId: workflow.id }, { state: 'accepted' as const }]) {
      const before = (await storage.runs.list(filter, { limit: 100 })).items.map(({ id }) => id)
      const listed = await pages(
        (page) => storage.runs.list(filter, page),
        3,
        () => accepted(storage, workflow),
      )
      expect(listed.map(({ id }) => id)).toEqual(before)
    }
  },

  async 'a run that nobody holds is cancelled at once'(storage) {
    const workflow = await stored(storage)
    for (const state of ['accepted', 'held'] as const) {
      const { run } = await accepted(storage, workflow, { run: { state } })
      expect(await storage.runs.cancel(run.id, noon + 9)).toMatchObject({
        state: 'cancelled',
        endedAt: noon + 9,
        owner: null,
        dueAt: null,
      })
      expect(await storage.runs.cancel(run.id, noon + 10)).toBeUndefined()
      expect(await storage.runs.get(run.id)).toMatchObject({ endedAt: noon + 9 })
    }
    await expect(storage.runs.cancel(runId(), noon)).rejects.toThrow(NotFound)
  },

  async 'a running run is marked, and its worker ends it'(storage) {
    const run = await claimed(storage, await stored(storage))
    expect(await storage.runs.cancel(run.id, noon)).toMatchObject({
      state: 'running',
      cancelRequested: true,
    })
    await storage.runs.record(run.id, run.fence, {
      steps: [],
      change: { state: 'cancelled', at: noon + 3 },
    })
    expect(await storage.runs.get(run.id)).toMatchObject({ state: 'cancelled', endedAt: noon + 3 })
  },

  async 'a waiting run can be cancelled, and is not claimed afterwards'(storage) {
    const run = await claimed(storage, await stored(storage))
    await storage.runs.record(run.id, run.fence, {
      steps: [],
      change: { state: 'waiting', dueAt: noon + 60_000 },
    })
    expect(await storage.runs.cancel(run.id, noon)).toMatchObject({ state: 'cancelled', dueAt: null })
    expect(await storage.runs.claim(run.id, workerId(), noon)).toBeUndefined()
  },

  async 'a failed run that is resumed is queued without its failed steps, and their attempts stay'(storage) {
    const run = await claimed(storage, await stored(storage))
    const text = aStep()
    const send = aStep({
      id: 'send',
      nodeId: 'send',
      state: 'failed',
      port: null,
      output: null,
      error: failure,
    })
    await storage.runs.record(run.id, run.fence, {
      steps: [text, { ...send, attempts: [anAttempt(1), anAttempt(2)] }],
      change: { state: 'failed', at: noon + 2, error: failure },
    })
    expect(await storage.runs.get(run.id)).toMatchObject({ state: 'failed', error: failure })

    const resumed = await storage.runs.resume(run.id, noon + 3)
    expect(resumed).toMatchObject({ state: 'queued', error: null, endedAt: null, owner: null })
    expect(await storage.runs.steps(run.id)).toEqual([text])

    const again = await storage.runs.claim(run.id, workerId(), noon + 4)
    expect(again).toMatchObject({ state: 'running', fence: run.fence + 1, interruptions: 0 })
    const sent = aStep({ id: 'send', nodeId: 'send', port: 'success' })
    await storage.runs.record(run.id, run.fence + 1, { steps: [{ ...sent, attempts: [anAttempt(3)] }] })
    expect(await storage.runs.steps(run.id)).toEqual([
      text,
      { ...sent, attempts: [anAttempt(1), anAttempt(2), anAttempt(3)] },
    ])
  },

  async 'a cancelled run can be resumed; one that has not ended, or ended well, cannot: Conflict'(storage) {
    const workflow = await stored(storage)
    const { run } = await accepted(storage, workflow)
    await expect(storage.runs.resume(run.id, noon)).rejects.toThrow(Conflict)
    await storage.runs.cancel(run.id, noon)
    expect(await storage.runs.resume(run.id, noon)).toMatchObject({ state: 'queued', cancelRequested: false })
    const good = await claimed(storage, workflow)
    await storage.runs.record(good.id, good.fence, { steps: [], change: { state: 'succeeded', at: noon } })
    await expect(storage.runs.resume(good.id, noon)).rejects.toThrow(Conflict)
    await expect(storage.runs.resume(runId(), noon)).rejects.toThrow(NotFound)
  },

  async 'held runs are released oldest first, a few at a time'(storage) {
    const [workflow, other] = [await stored(storage), await stored(storage)]
    const ids = []
    for (let n = 0; n < 5; n++)
      ids.push((await accepted(storage, workflow, { run: { state: 'held' } })).run.id)
    const apart = await accepted(storage, other, { run: { state: 'held' } })
    expect(await storage.runs.releaseHeld(workflow.id, 3)).toEqual(ids.slice(0, 3))
    expect(await storage.runs.releaseHeld(workflow.id, 3)).toEqual(ids.slice(3))
    expect(await storage.runs.releaseHeld(workflow.id, 3)).toEqual([])
    expect(await storage.runs.get(ids[0] ?? runId())).toMatchObject({ state: 'queued' })
    expect(await storage.runs.get(apart.run.id)).toMatchObject({ state: 'held' })
  },

  async 'pending runs are those of the workflow in production that have not ended, counted no further than asked'(
    storage,
  ) {
    const [workflow, other] = [await stored(storage), await stored(storage)]
    await accepted(storage, other)
    await accepted(storage, workflow, { event: { kind: 'test' } })
    expect(await storage.runs.pending(workflow.id, 10)).toBe(0)
    await accepted(storage, workflow)
    await accepted(storage, workflow, { run: { state: 'held' } })
    const inHand = await claimed(storage, workflow)
    const cancelled = await accepted(storage, workflow)
    await storage.runs.cancel(cancelled.run.id, noon)
    expect(await storage.runs.pending(workflow.id, 10)).toBe(3)
    expect(await storage.runs.pending(workflow.id, 2)).toBe(2)
    await storage.runs.record(inHand.id, inHand.fence, {
      steps: [],
      change: { state: 'succeeded', at: noon },
    })
    expect(await storage.runs.pending(workflow.id, 10)).toBe(2)
  },

  async 'unfinished runs are those that ought to be in the queue, by id'(storage) {
    const workflow = await stored(storage)
    const waiting = await accepted(storage, workflow)
    const fresh = await accepted(storage, workflow)
    const trial = await accepted(storage, workflow, { event: { kind: 'test' } })
    await accepted(storage, workflow, { run: { state: 'held' } })
    const worker = workerId()
    const running = await claimed(storage, workflow, worker)
    const ended = await claimed(storage, workflow, worker)
    await storage.runs.record(ended.id, ended.fence, { steps: [], change: { state: 'filtered', at: noon } })
    await storage.runs.claim(waiting.run.id, worker, noon)
    await storage.runs.record(waiting.run.id, 1, {
      steps: [],
      change: { state: 'waiting', dueAt: noon + 5 },
    })
    const queued = await claimed(storage, workflow, worker)
    await storage.runs.release(queued.id, queued.fence)
    const workflowId = workflow.id
    const all = [
      { id: waiting.run.id, workflowId, state: 'waiting', owner: null, dueAt: noon + 5 },
      { id: fresh.run.id, workflowId, state: 'accepted', owner: null, dueAt: null },
      { id: trial.run.id, workflowId, state: 'accepted', owner: null, dueAt: null },
      { id: running.id, workflowId, state: 'running', owner: worker, dueAt: null },
      { id: queued.id, workflowId, state: 'queued', owner: null, dueAt: null },
    ]
    expect(await storage.runs.unfinished({ limit: 10 })).toEqual(all)
    expect(await storage.runs.unfinished({ limit: 2 })).toEqual(all.slice(0, 2))
    expect(await storage.runs.unfinished({ limit: 10, after: fresh.run.id })).toEqual(all.slice(2))
  },
} satisfies Promises
