import type { QueryFilter } from 'mongoose'
import type { RunId } from '../../nodes/contract/ids.ts'
import { stepsOf } from './journal.ts'
import type { Chunks } from './mongo-bytes.ts'
import type { Entry, Models, RunRow, Standing } from './mongo-models.ts'
import { type Shown, hasEnded, readRun, runFields } from './mongo-run-row.ts'
import { openRunWork } from './mongo-run-work.ts'
import { type Seeds, seedOf } from './mongo-seeds.ts'
import { op, openReads } from './mongo-query.ts'
import { pageOf } from './page.ts'
import { Conflict, NotFound } from './storage.ts'
import type { Page, Run, RunFilter, RunState, RunStore } from './storage.ts'

const states = [
  ...(['accepted', 'queued', 'running', 'waiting', 'held'] as const),
  ...(['succeeded', 'filtered', 'failed', 'cancelled'] as const),
] satisfies readonly RunState[]
const unfinished = ['accepted', 'queued', 'running', 'waiting'] as const
const production = ['newest', 'older'] as const

/** Runs, and what a person or the engine does with a run that nobody has in hand. */
export function openRuns(models: Models, chunks: Chunks, seeds: Seeds): RunStore {
  const { events, runs } = models
  const read = openReads<Shown, RunRow>(runs, () => runFields)
  const get = async (id: RunId) => {
    const row = await read(id)
    return row && readRun(row)
  }
  const stored = async (id: RunId): Promise<Run> => {
    const run = await get(id)
    if (run === undefined) throw new NotFound(`there is no run ${id}`)
    return run
  }
  /** Changes the run if it still is what it was when it was read. */
  const change = async ({ id, state, fence }: Run, update: object): Promise<boolean> =>
    (await runs.updateOne({ _id: id, state, fence }, update)).matchedCount > 0

  return {
    ...openRunWork(models, chunks, read),
    async create(run) {
      if ((await runs.exists({ _id: run.id })) !== null)
        throw new Conflict(`there is a run ${run.id} already`)
      const seed = seedOf(run)
      const { matchedCount } = await events.updateOne(
        { _id: run.eventId, leaving: null },
        { $set: { open: true, seed } },
      )
      if (matchedCount === 0) throw new NotFound(`there is no event ${run.eventId}`)
      await seeds.plant({ eventId: run.eventId, workflowId: run.workflowId, seed })
    },
    get,
    async graph(id) {
      const row = await runs.findOne({ _id: id }, { graph: 1 }).lean<Pick<RunRow, 'graph'>>()
      return row?.graph?.toString()
    },
    async steps(id) {
      const row = await runs.findOne({ _id: id }, { journal: 1 }).lean<Pick<RunRow, 'journal'>>()
      return stepsOf(await Promise.all((row?.journal ?? []).map((entry) => textOf(entry, chunks))))
    },
    async list(filter, page) {
      const rows = await runs
        .find(runQuery(filter, page), runFields)
        .sort({ _id: -1 })
        .limit(page.limit + 1)
        .lean<Shown[]>()
      return pageOf(rows, page, readRun, ({ _id }) => _id)
    },
    async cancel(id, at) {
      for (;;) {
        const run = await stored(id)
        if (hasEnded(run.state)) return undefined
        const fields =
          run.state === 'running'
            ? { cancelRequested: true }
            : { state: 'cancelled' as const, endedAt: at, dueAt: null, cancelRequested: true }
        if (await change(run, { $set: fields })) return { ...run, ...fields }
      }
    },
    async resume(id) {
      const run = await stored(id)
      if (run.state !== 'failed' && run.state !== 'cancelled') {
        throw new Conflict(`${id} is ${run.state}; only a failed or cancelled run can be resumed`)
      }
      const fields = {
        state: 'queued' as const,
        endedAt: null,
        dueAt: null,
        error: null,
        cancelRequested: false,
      }
      const lost: Entry = { bytes: Buffer.from('null') }
      const update = { $set: { ...fields, interruptions: 0 }, $push: { journal: lost } }
      if (await change(run, update)) return { ...run, ...fields, interruptions: 0 }
      throw new Conflict(`${id} was resumed by somebody else a moment ago`)
    },
    async releaseHeld(workflowId, limit) {
      const rows = await runs
        .find({ workflowId, standing: op({ $in: production }), state: 'held' }, { _id: 1 })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<Pick<RunRow, '_id'>[]>()
      const ids = rows.map(({ _id }) => _id)
      if (ids.length === 0) return ids
      await runs.updateMany({ _id: op({ $in: ids }), state: 'held' }, { $set: { state: 'queued' } })
      return ids
    },
    pending: (workflowId, atMost) =>
      runs.countDocuments(
        { workflowId, standing: op({ $in: production }), state: op({ $in: [...unfinished, 'held'] }) },
        { limit: atMost },
      ),
    async unfinished({ after = '', limit }) {
      // Whoever begins to look for what was forgotten finds the runs too that were never made.
      if (after === '') await seeds.plantAll()
      const rows = await runs
        .find(
          {
            standing: op({ $in: [...production, 'test'] }),
            state: op({ $in: unfinished }),
            ...(after !== '' && { _id: op({ $gt: after }) }),
          },
          { workflowId: 1, state: 1, owner: 1, dueAt: 1 },
        )
        .sort({ _id: 1 })
        .limit(limit)
        .lean<Pick<RunRow, '_id' | 'workflowId' | 'state' | 'owner' | 'dueAt'>[]>()
      return rows.map(({ _id, workflowId, state, owner, dueAt }) => ({
        id: _id,
        workflowId,
        state,
        owner,
        dueAt,
      }))
    },
  }
}

async function textOf({ bytes, chunked = '', chunks: count = 0 }: Entry, chunks: Chunks): Promise<string> {
  const found = bytes ?? (await chunks.get(chunked, count))
  if (found === undefined) throw new Error(`the part ${chunked} of a run's journal is gone`)
  return found.toString()
}

/** Standings and states are always named, so that any filter is some of an index's lists by id, merged. */
function runQuery({ workflowId, eventId, state, kind }: RunFilter, { after }: Page): QueryFilter<RunRow> {
  const below = after === undefined ? {} : { _id: op({ $lt: after }) }
  if (workflowId === undefined && eventId === undefined && state === undefined && kind === undefined)
    return below
  const standings: readonly Standing[] =
    kind === undefined ? [...production, 'test'] : kind === 'test' ? ['test'] : production
  return {
    ...(workflowId !== undefined && { workflowId }),
    ...(eventId !== undefined && { eventId }),
    standing: op({ $in: standings }),
    state: state ?? op({ $in: states }),
    ...below,
  }
}
