import { type Model, type mongo, trusted } from 'mongoose'

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
