import type { EventId } from '../../nodes/contract/ids.ts'
import type { Chunks } from './mongo-bytes.ts'
import type { EventRow, Models, RunRow } from './mongo-models.ts'
import { op } from './mongo-query.ts'
import { endStates } from './mongo-run-row.ts'
import type { Seeds } from './mongo-seeds.ts'
import type { Forgotten, Old } from './storage.ts'

type Aged = Pick<EventRow, '_id' | 'receivedAt' | 'dedupeUntil'>
type Ended = Pick<RunRow, '_id' | 'eventId' | 'state' | 'endedAt' | 'journal'>

/**
 * Removes old events without a transaction. One that is to go is marked in one change, which counts it out of the books and
 * lets no run of it be made; its runs go only as long as each has ended, and the event when it has none. Whoever dies in
 * between leaves the mark, and the next slice goes on from it.
 *
 *   event ─► leaving ─► its runs that have ended go ─┬─► none is left: gone
 *                                                    └─► one began again a moment ago: it stays, with its event
 */
export function openForget({ events, runs }: Models, chunks: Chunks, seeds: Pick<Seeds, 'standBack'>) {
  const runsOf = (ids: readonly EventId[]) =>
    runs
      .find(
        { eventId: op({ $in: ids }) },
        { eventId: 1, state: 1, endedAt: 1, 'journal.chunked': 1, 'journal.chunks': 1 },
      )
      .lean<Ended[]>()

  /** Those of some events of which nothing is needed since a moment. */
  async function over(found: readonly Aged[], before: number): Promise<readonly EventId[]> {
    const ids = found
      .filter(({ receivedAt, dedupeUntil }) => receivedAt < before && (dedupeUntil ?? 0) < before)
      .map(({ _id }) => _id)
    const isOver = new Map<EventId, boolean>()
    for (const { eventId, state, endedAt } of ids.length === 0 ? [] : await runsOf(ids)) {
      const hasEnded = endStates.has(state) && (endedAt ?? before) < before
      isOver.set(eventId, hasEnded && isOver.get(eventId) !== false)
    }
    return ids.filter((id) => isOver.get(id) === true)
  }

  async function remove(limit: number): Promise<number> {
    const leaving = await events
      .find({ leaving: true }, { chunks: 1 })
      .limit(limit)
      .lean<Pick<EventRow, '_id' | 'chunks'>[]>()
    if (leaving.length === 0) return 0
    const ids = leaving.map(({ _id }) => _id)
    const known = await runsOf(ids)
    await runs.deleteMany({ eventId: op({ $in: ids }), state: op({ $in: [...endStates] }) })
    const left = await runsOf(ids)
    const leftIds = new Set(left.map(({ _id }) => _id))
    const stays = new Set(left.map(({ eventId }) => eventId))
    for (const id of stays) {
      await seeds.standBack(id)
      await events.updateOne({ _id: id }, { $unset: { leaving: '' } })
    }
    const gone = leaving.filter(({ _id }) => !stays.has(_id))
    await chunks.remove([
      ...gone.map(({ _id, chunks: count }) => ({ name: _id, count })),
      ...known
        .filter(({ _id }) => !leftIds.has(_id))
        .flatMap(({ journal }) => journal)
        .map(({ chunked = '', chunks: count = 0 }) => ({ name: chunked, count })),
    ])
    const { deletedCount } = await events.deleteMany({ _id: op({ $in: gone.map(({ _id }) => _id) }) })
    return deletedCount
  }

  return async ({ before, limit, after }: Old): Promise<Forgotten> => {
    const found = await events
      .find(after === undefined ? {} : { _id: op({ $gt: after }) }, { receivedAt: 1, dedupeUntil: 1 })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<Aged[]>()
    const old = await over(found, before)
    if (old.length > 0) {
      await events.updateMany({ _id: op({ $in: old }), open: null }, { $set: { leaving: true } })
    }
    const last = found.at(-1)
    const isMore = found.length === limit && last !== undefined && last.receivedAt < before
    return { events: await remove(limit), next: isMore ? last._id : null }
  }
}
