import { expect } from 'vitest'
import type { RunId } from '../../../nodes/contract/ids.ts'
import { Conflict, type Progress } from '../../../server/storage/storage.ts'
import { accepted, anAttempt, aStep, claimed, noon, runId, stored, workerId } from './world.ts'
import type { Promises } from './world.ts'

export const work = {
  async 'a run that is claimed is running, in one pair of hands'(storage) {
    const { run } = await accepted(storage, await stored(storage))
    const [a, b] = [workerId(), workerId()]
    const [first, second] = await Promise.all([
      storage.runs.claim(run.id, a, noon + 1),
      storage.runs.claim(run.id, b, noon + 1),
    ])
    expect(first).toMatchObject({
      state: 'running',
      owner: a,
      fence: 1,
      startedAt: noon + 1,
      interruptions: 0,
    })
    expect(second).toBeUndefined()
    expect(await storage.runs.get(run.id)).toEqual(first)
    expect(await storage.runs.claim(runId(), a, noon)).toBeUndefined()
  },

  async 'a run that is begun is claimed and recorded in one, by one worker'(storage) {
    const { run } = await accepted(storage, await stored(storage))
    const [a, b] = [workerId(), workerId()]
    const [step, late] = [aStep(), aStep()]
    const fences = await Promise.all([
      storage.runs.begin(run.id, a, noon + 1, { steps: [step] }),
      storage.runs.begin(run.id, b, noon + 2, {
        steps: [late],
        change: { state: 'succeeded', at: noon + 2 },
      }),
    ])
    expect(fences).toEqual([1, undefined])
    const begun = await storage.runs.get(run.id)
    expect(begun).toMatchObject({ state: 'running', owner: a, fence: 1, startedAt: noon + 1 })
    expect(await storage.runs.steps(run.id)).toEqual([step])
    await storage.runs.record(run.id, 1, { steps: [], change: { state: 'succeeded', at: noon + 7 } })
    expect(await storage.runs.begin(run.id, a, noon + 8, { steps: [late] })).toBeUndefined()
    expect(await storage.runs.begin(runId(), a, noon, { steps: [late] })).toBeUndefined()
    expect(await storage.runs.steps(run.id)).toEqual([step])
  },

  async 'a run may begin, and end or wait, in one write; held or cancelled it does not'(storage) {
    const workflow = await stored(storage)
    const [ended, waits, cancelled] = [
      await accepted(storage, workflow),
      await accepted(storage, workflow),
      await accepted(storage, workflow),
    ]
    const held = await accepted(storage, workflow, { run: { state: 'held' } })
    const begin = (id: RunId, change: Progress['change']) =>
      storage.runs.begin(id, workerId(), noon + 1, { steps: [aStep()], ...(change && { change }) })
    const end = { state: 'succeeded', at: noon + 2 } as const
    expect(await begin(ended.run.id, end)).toBe(1)
    expect(await storage.runs.get(ended.run.id)).toMatchObject({
      state: 'succeeded',
      startedAt: noon + 1,
      endedAt: noon + 2,
      owner: null,
    })
    expect(await begin(waits.run.id, { state: 'waiting', dueAt: noon + 9 })).toBe(1)
    expect(await storage.runs.get(waits.run.id)).toMatchObject({
      state: 'waiting',
      dueAt: noon + 9,
      owner: null,
    })
    await storage.runs.cancel(cancelled.run.id, noon)
    expect(await begin(cancelled.run.id, end)).toBeUndefined()
    expect(await begin(held.run.id, end)).toBeUndefined()
  },

  async 'a run that was in hands before is not begun: what was learnt of it is not lost on who comes next'(
    storage,
  ) {
    const worker = workerId()
    const given = await claimed(storage, await stored(storage), worker)
    await storage.runs.release(given.id, given.fence)
    const waits = await claimed(storage, await stored(storage), worker)
    await storage.runs.record(waits.id, waits.fence, {
      steps: [aStep()],
      change: { state: 'waiting', dueAt: noon },
    })
    for (const { id } of [given, waits]) {
      const before = await storage.runs.get(id)
      expect(await storage.runs.begin(id, worker, noon + 9, { steps: [aStep()] })).toBeUndefined()
      expect(await storage.runs.get(id)).toEqual(before)
    }
  },

  async 'a run of a dead worker is taken over: a higher fence, one more interruption, the same start'(
    storage,
  ) {
    const [dead, living] = [workerId(), workerId()]
    const run = await claimed(storage, await stored(storage), dead)
    expect(await storage.runs.claim(run.id, living, noon + 98)).toBeUndefined()
    await storage.workers.remove(dead)
    const taken = await storage.runs.claim(run.id, living, noon + 99)
    expect(taken).toEqual({ ...run, owner: living, fence: run.fence + 1, interruptions: 1 })
    await expect(storage.runs.record(run.id, run.fence, { steps: [aStep()] })).rejects.toThrow(Conflict)
    expect(await storage.runs.steps(run.id)).toEqual([])
  },

  async 'a worker that claims its own run again gets it without an interruption'(storage) {
    const worker = workerId()
    const run = await claimed(storage, await stored(storage), worker)
    const again = await storage.runs.claim(run.id, worker, noon + 9)
    expect(again).toEqual({ ...run, fence: run.fence + 1 })
  },

  async 'interruptions are counted until a step is recorded'(storage) {
    let owner = workerId()
    const run = await claimed(storage, await stored(storage), owner)
    for (let n = 1; n <= 3; n++) {
      await storage.workers.remove(owner)
      owner = workerId()
      expect(await storage.runs.claim(run.id, owner, noon)).toMatchObject({ interruptions: n })
    }
    await storage.runs.record(run.id, run.fence + 3, { steps: [] })
    expect(await storage.runs.get(run.id)).toMatchObject({ interruptions: 3 })
    await storage.runs.record(run.id, run.fence + 3, { steps: [aStep()] })
    expect(await storage.runs.get(run.id)).toMatchObject({ interruptions: 0, state: 'running' })
  },

  async 'a held run and a run that has ended are not claimed'(storage) {
    const workflow = await stored(storage)
    const held = await accepted(storage, workflow, { run: { state: 'held' } })
    expect(await storage.runs.claim(held.run.id, workerId(), noon)).toBeUndefined()
    for (const state of ['succeeded', 'filtered', 'cancelled'] as const) {
      const run = await claimed(storage, workflow)
      await storage.runs.record(run.id, run.fence, { steps: [], change: { state, at: noon + 7 } })
      expect(await storage.runs.get(run.id)).toMatchObject({ state, endedAt: noon + 7, owner: null })
      expect(await storage.runs.claim(run.id, workerId(), noon)).toBeUndefined()
    }
  },

  async 'a waiting run belongs to nobody, and goes on where it stood'(storage) {
    const run = await claimed(storage, await stored(storage))
    const step = aStep({ state: 'waiting', output: null, port: null, resumeAt: noon + 5_000 })
    await storage.runs.record(run.id, run.fence, {
      steps: [{ ...step, attempts: [anAttempt(1)] }],
      change: { state: 'waiting', dueAt: noon + 5_000 },
    })
    expect(await storage.runs.get(run.id)).toMatchObject({
      state: 'waiting',
      dueAt: noon + 5_000,
      owner: null,
    })
    await expect(storage.runs.record(run.id, run.fence, { steps: [] })).rejects.toThrow(Conflict)
    const again = await storage.runs.claim(run.id, workerId(), noon + 5_000)
    expect(again).toMatchObject({ state: 'running', dueAt: null, interruptions: 0, startedAt: noon + 1 })
    expect(await storage.runs.steps(run.id)).toEqual([{ ...step, attempts: [anAttempt(1)] }])
  },

  async 'a stopping worker gives a run back without an interruption; too late is ignored'(storage) {
    const run = await claimed(storage, await stored(storage))
    await storage.runs.release(run.id, run.fence)
    expect(await storage.runs.get(run.id)).toMatchObject({ state: 'queued', owner: null, interruptions: 0 })
    const taken = await storage.runs.claim(run.id, workerId(), noon)
    expect(taken).toMatchObject({ interruptions: 0, fence: run.fence + 1 })
    await storage.runs.release(run.id, run.fence)
    await storage.runs.release(runId(), 1)
    expect(await storage.runs.get(run.id)).toEqual(taken)
  },

  async 'a late write is refused whole, and its neighbours are not'(storage) {
    const workflow = await stored(storage)
    const worker = workerId()
    const [late, good] = [await claimed(storage, workflow, worker), await claimed(storage, workflow, worker)]
    const outcomes = await Promise.allSettled([
      storage.runs.record(late.id, late.fence - 1, {
        steps: [aStep()],
        change: { state: 'succeeded', at: noon },
      }),
      storage.runs.record(good.id, good.fence, { steps: [aStep()] }),
      accepted(storage, workflow),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
    expect(outcomes[0]).toMatchObject({ reason: expect.any(Conflict) })
    expect(await storage.runs.get(late.id)).toEqual(late)
    expect(await storage.runs.steps(late.id)).toEqual([])
    expect(await storage.runs.steps(good.id)).toHaveLength(1)
  },

  async 'a step comes back equal: any output, errors, logs, attempts'(storage, { reopen }) {
    const run = await claimed(storage, await stored(storage))
    const deep = `${'['.repeat(5_000)}-0${']'.repeat(5_000)}`
    const steps = [
      aStep({ id: 'a', output: { kind: 'value', json: deep } }),
      aStep({ id: 'b#0.items[1]', nodeId: 'b', output: { kind: 'same' } }),
      aStep({
        id: 'c',
        output: { kind: 'value', json: 'null' },
        logs: [{ level: 'warn', text: 'é\u0000🪝' }],
      }),
      aStep({ id: 'd', output: { kind: 'value', json: `"${'x'.repeat(1024 * 1024)}"` } }),
      aStep({
        id: 'e',
        state: 'failed',
        port: null,
        output: null,
        error: { code: 'status', message: 'no', response: { $a: { 'b.c': [null, 1.5, '\ud83e'] } } },
        attempts: [anAttempt(1)],
      }),
      aStep({ id: 'f', output: { kind: 'value', json: '{"$set":{"a.b":-0},"__proto__":1, "n":1e400}' } }),
    ]
    await storage.runs.record(run.id, run.fence, { steps })
    expect(JSON.stringify(await (await reopen()).runs.steps(run.id))).toBe(JSON.stringify(steps))
  },

  async 'a step that is recorded again replaces itself, and its attempts are added'(storage) {
    const run = await claimed(storage, await stored(storage))
    const waiting = aStep({ id: 'send', state: 'waiting', output: null, port: null, resumeAt: noon + 5 })
    await storage.runs.record(run.id, run.fence, { steps: [{ ...waiting, attempts: [anAttempt(1)] }] })
    await storage.runs.record(run.id, run.fence, { steps: [aStep({ id: 'other' })] })
    const sent = aStep({ id: 'send', port: 'success' })
    await storage.runs.record(run.id, run.fence, {
      steps: [{ ...sent, attempts: [anAttempt(2), anAttempt(3)] }],
    })
    expect(await storage.runs.steps(run.id)).toEqual([
      { ...sent, attempts: [anAttempt(1), anAttempt(2), anAttempt(3)] },
      aStep({ id: 'other' }),
    ])
  },

  async 'what a worker learnt is written together with where the run goes'(storage, { reopen }) {
    const run = await claimed(storage, await stored(storage))
    await storage.runs.record(run.id, run.fence, {
      steps: [aStep(), aStep({ id: 'send' })],
      change: { state: 'succeeded', at: noon + 8 },
    })
    const again = await reopen()
    expect(await again.runs.steps(run.id)).toHaveLength(2)
    expect(await again.runs.get(run.id)).toMatchObject({ state: 'succeeded', endedAt: noon + 8 })
  },
} satisfies Promises
