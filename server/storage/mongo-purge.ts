import type { WorkflowId } from '../../nodes/contract/ids.ts'
import type { Chunks } from './mongo-bytes.ts'
import type { EventRow, Models, RunRow } from './mongo-models.ts'
import { op } from './mongo-query.ts'

/** Events (with their runs) that are removed in one go. */
const sliceEvents = 100
/** An event that another process was about to store when its workflow was deleted is stored by then. */
const againAfterMs = 60_000

/** Removes what belonged to workflows that are gone, slice by slice. */
export function openPurge(
  models: Models,
  chunks: Chunks,
): { readonly purge: (id: WorkflowId) => Promise<void>; readonly finish: (now: number) => Promise<void> } {
  const { workflows, versions, departed, events, runs, rejections, rejected } = models

  async function slice(workflowId: WorkflowId): Promise<'more' | 'all'> {
    const some = await events
      .find({ workflowId }, { chunks: 1 })
      .limit(sliceEvents)
      .lean<Pick<EventRow, '_id' | 'chunks'>[]>()
    if (some.length === 0) return 'all'
    const eventIds = some.map(({ _id }) => _id)
    const theirs = await runs
      .find({ eventId: op({ $in: eventIds }) }, { 'journal.chunked': 1, 'journal.chunks': 1 })
      .lean<Pick<RunRow, '_id' | 'journal'>[]>()
    await chunks.remove([
      ...some.map(({ _id, chunks: count }) => ({ name: _id, count })),
      ...theirs.flatMap(({ journal }) =>
        journal.map(({ chunked = '', chunks: count = 0 }) => ({ name: chunked, count })),
      ),
    ])
    await runs.deleteMany({ _id: op({ $in: theirs.map(({ _id }) => _id) }) })
    await events.deleteMany({ _id: op({ $in: eventIds }) })
    return 'more'
  }

  async function purge(workflowId: WorkflowId): Promise<void> {
    while ((await slice(workflowId)) === 'more');
    await rejections.deleteMany({ workflowId })
    await rejected.deleteOne({ _id: workflowId })
    await versions.deleteMany({ workflowId })
  }

  return {
    purge,
    /** What is left of workflows that were deleted a while ago, by whomever. */
    async finish(now: number): Promise<void> {
      const gone = await departed
        .find({ at: op({ $lt: now - againAfterMs }) })
        .lean<{ readonly _id: WorkflowId }[]>()
      for (const { _id } of gone) {
        await workflows.deleteOne({ _id })
        await purge(_id)
        await departed.deleteOne({ _id })
      }
    },
  }
}
