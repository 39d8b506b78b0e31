import type { ClientSession } from 'mongoose'
import type { EventId } from '../../nodes/contract/ids.ts'
import type { EventRow, Models, RunRow } from './mongo-models.ts'
import { op } from './mongo-query.ts'
import type { Seeds } from './mongo-seeds.ts'
import type { RunState, Tally } from './storage.ts'

/**
 * Counts, and keeps no counters. All counts are of one moment where the server can say what was at a moment (`snapshot`);
 * where it cannot, those under load may be a few events apart.
 */
export function openBalance(
  { events, runs, rejected }: Models,
  seeds: Pick<Seeds, 'unplanted'>,
  snapshot: () => ClientSession | undefined,
): () => Promise<Tally> {
  return async () => {
    const session = snapshot()
    const within = session === undefined ? {} : { session }
    try {
      const standing = 'newest'
      const newestOf = async (
        ids: readonly EventId[],
      ): Promise<readonly Pick<RunRow, 'eventId' | 'state'>[]> =>
        ids.length === 0
          ? []
          : runs.find({ eventId: op({ $in: ids }), standing }, { eventId: 1, state: 1 }, within).lean()
      const states = await runs.aggregate<{ readonly _id: RunState; readonly count: number }>(
        [{ $match: { standing } }, { $group: { _id: '$state', count: { $sum: 1 } } }],
        within,
      )
      // Few, and only while old events are removed: they and their runs count no more.
      const leaving = await events
        .find({ leaving: true, kind: 'production' }, { duplicates: 1 }, within)
        .lean<Pick<EventRow, '_id' | 'duplicates'>[]>()
      const left = await newestOf(leaving.map(({ _id }) => _id))
      const countOf = (...wanted: readonly RunState[]) =>
        states.filter(({ _id }) => wanted.includes(_id)).reduce((sum, { count }) => sum + count, 0) -
        left.filter(({ state }) => wanted.includes(state)).length
      const accepted = (await events.countDocuments({ kind: 'production' }, within)) - leaving.length
      // Of production events only: a test has no dedupe key.
      const repeats = await events.aggregate<{ readonly _id: number; readonly count: number }>(
        [{ $match: { duplicates: { $gt: 0 } } }, { $group: { _id: '$duplicates', count: { $sum: 1 } } }],
        within,
      )
      const refusals = await rejected.find({}, {}, within).lean<{ readonly count: number }[]>()
      let runless = 0
      for await (const ids of seeds.unplanted(within)) {
        runless += ids.length - new Set((await newestOf(ids)).map(({ eventId }) => eventId)).size
      }
      return {
        accepted,
        succeeded: countOf('succeeded'),
        filtered: countOf('filtered'),
        failed: countOf('failed'),
        cancelled: countOf('cancelled'),
        held: countOf('held'),
        pending: countOf('accepted', 'queued', 'running', 'waiting') + runless,
        duplicates:
          repeats.reduce((sum, { _id, count }) => sum + _id * count, 0) -
          leaving.reduce((sum, { duplicates = 0 }) => sum + duplicates, 0),
        rejected: refusals.reduce((sum, { count }) => sum + count, 0),
      }
    } finally {
      await session?.endSession()
    }
  }
}
