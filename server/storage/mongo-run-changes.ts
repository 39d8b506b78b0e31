import { randomInt } from 'node:crypto'
import type { mongo } from 'mongoose'
import { brokenBulk } from './mongo-errors.ts'
import type { Models, RunRow } from './mongo-models.ts'
import { op } from './mongo-query.ts'
import { together } from './mongo-together.ts'

/** A change of one run, made if the run is still as it was when it was decided on. */
export interface RunChange {
  readonly was: Pick<RunRow, '_id' | 'state' | 'fence'> & Partial<Pick<RunRow, 'cancelRequested'>>
  readonly set: Partial<RunRow>
  readonly push?: { readonly journal: RunRow['journal'][number] }
}

const markMost = 2 ** 47

/**
 * Changes runs, many in one command: all that are asked for while one is under way go in the next. Resolves with whether the
 * change was made, once it is durable. A bulk says only how many of its changes were made: where that is not all of them,
 * which ones is read from the mark that each leaves on its run. One that somebody has changed again by then counts as not
 * made: who asked holds the run no longer.
 */
export function openRunChanges({ runs }: Models): (change: RunChange) => Promise<boolean> {
  return together(async (changes: readonly RunChange[]) => {
    const marked = changes.map((change) => ({ ...change, mark: randomInt(markMost) }))
    const { made, failed } = await writeAll(runs, marked)
    if (made + failed.size === changes.length) return changes.map((_, at) => failed.get(at) ?? true)
    const ids = changes.map(({ was }) => was._id)
    const rows = await runs
      .find({ _id: op({ $in: ids }) }, { mark: 1 })
      .lean<Pick<RunRow, '_id' | 'mark'>[]>()
    const marks = new Map(rows.map(({ _id, mark }) => [_id, mark]))
    return marked.map(({ was, mark }, at) => failed.get(at) ?? marks.get(was._id) === mark)
  })
}

interface Written {
  /** How many runs were as they were expected. */
  readonly made: number
  /** Changes that could not be made, by their places. */
  readonly failed: ReadonlyMap<number, Error>
}

async function writeAll(
  runs: Models['runs'],
  changes: readonly (RunChange & { readonly mark: number })[],
): Promise<Written> {
  const operations = changes.map(({ was, set, push, mark }) => ({
    updateOne: { filter: was, update: { $set: { ...set, mark }, ...(push && { $push: push }) } },
  }))
  // Past the library's documents, like the other writes that every webhook makes; its own type says that every `_id` is an ObjectId.
  const bulk = operations as unknown as mongo.AnyBulkWriteOperation[]
  try {
    const { matchedCount } = await runs.collection.bulkWrite(bulk, { ordered: false })
    return { made: matchedCount, failed: new Map() }
  } catch (error) {
    const { refused, result } = brokenBulk(error)
    return { made: result.matchedCount, failed: new Map(refused.map(({ index, error }) => [index, error])) }
  }
}
