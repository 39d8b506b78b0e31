import { type Model, type mongo, trusted } from 'mongoose'
import { together } from './mongo-together.ts'

interface Operators {
  readonly $lt?: unknown
  readonly $gt?: unknown
  readonly $ne?: unknown
  readonly $in?: readonly unknown[]
}

/**
 * An operator in a filter. What is not made here is compared as a value, whatever it holds (`sanitizeFilter`): nothing that
 * came from outside becomes an operator. Its type fits every field, as the library's own types know no branded ids.
 */
export const op = (operators: Operators): never => trusted({ ...operators }) as never

/** Inserts rows as they are, past the library's documents: these are the writes that every webhook makes. */
export async function insertAll<Row>(
  model: Model<Row>,
  rows: readonly Row[],
  options: Pick<mongo.BulkWriteOptions, 'writeConcern'> = {},
): Promise<void> {
  if (rows.length === 0) return
  // Its own type says that every `_id` is an ObjectId.
  const documents = rows as readonly unknown[] as mongo.OptionalId<mongo.Document>[]
  await model.collection.insertMany(documents, { ordered: false, ...options })
}

/**
 * Reads rows by id as they are when it is asked, many in one command: all that are asked for while one is under way are read by
 * the next, so that the event and the body of a run that begins are one read with those of others.
 * @param fieldsOf the fields that are read; `isWhole`: somebody asked for all that is in a row
 */
export function openReads<Row extends { readonly _id: string }, Stored>(
  model: Model<Stored>,
  fieldsOf: (isWhole: boolean) => { readonly [name in keyof Stored]?: 0 },
): (id: Row['_id'], isWhole?: boolean) => Promise<Row | undefined> {
  const read = together(async (asked: readonly { readonly id: Row['_id']; readonly isWhole: boolean }[]) => {
    const ids = [...new Set(asked.map(({ id }) => id))]
    const fields = fieldsOf(asked.some(({ isWhole }) => isWhole))
    const rows = await model.find({ _id: op({ $in: ids }) }, fields).lean<Row[]>()
    const found = new Map(rows.map((row) => [row._id, row]))
    return asked.map(({ id }) => found.get(id))
  })
  return (id, isWhole = false) => read({ id, isWhole })
}
