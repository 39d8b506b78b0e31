import { Error as MongooseError, mongo } from 'mongoose'
import { inTime } from './mongo-patience.ts'
import { Conflict, NotFound, Unavailable } from './storage.ts'

const duplicateKey = 11_000
/** A document has outgrown the 16 MB that it may have; the driver's number, and the server's. */
const tooLarge: ReadonlySet<unknown> = new Set([10_334, 17_419, 17_420])

/** FerretDB has no number for an update that meets a unique index, only SQLite's words. */
export const isDuplicate = (error: unknown): boolean =>
  error instanceof mongo.MongoServerError &&
  (error.code === duplicateKey || error.message.includes('UNIQUE constraint failed'))

export const isTooLarge = (error: unknown): boolean =>
  error instanceof mongo.MongoServerError && tooLarge.has(error.code)

/**
 * What of a bulk write was refused, each with the error that it would have had alone, and what became of the rest. Throws where
 * the rest is not durable, or was never tried.
 */
export function brokenBulk(error: unknown): {
  readonly refused: readonly { readonly index: number; readonly error: mongo.MongoServerError }[]
  readonly result: mongo.BulkWriteResult
} {
  if (!(error instanceof mongo.MongoBulkWriteError)) throw error
  const { result } = error
  const refused = [error.writeErrors].flat().map(({ index, code, errmsg = '' }) => {
    return { index, error: new mongo.MongoServerError({ code, errmsg }) }
  })
  const undurable = result.getWriteConcernError()
  if (undurable !== undefined)
    throw new Unavailable(`MongoDB did not keep a write: ${undurable.errmsg ?? 'no majority has it'}`)
  if (refused.length === 0) throw error
  return { refused, result }
}

/** Codes with which a server says that it cannot write now, whatever it is asked. */
const unavailable: ReadonlySet<unknown> = new Set(
  Object.values({
    away: [6, 7, 89, 9_001],
    steppingDown: [91, 189, 10_107, 11_600, 11_602, 13_435, 13_436],
    fullDisk: [14_031],
    late: [50, 64, 79, 100, 262],
  }).flat(),
)

/** The driver's error in the words of the port. */
export function told(error: unknown): Error {
  if (error instanceof Conflict || error instanceof NotFound || error instanceof Unavailable) return error
  // A bulk write that was broken off carries the reason inside.
  if (error instanceof mongo.MongoBulkWriteError && error.errorResponse instanceof Error)
    return told(error.errorResponse)
  if (isDuplicate(error) && error instanceof Error)
    return new Conflict(`${error.message}: it is there already`)
  const isAway =
    error instanceof mongo.MongoNetworkError ||
    error instanceof mongo.MongoServerSelectionError ||
    error instanceof mongo.MongoWriteConcernError ||
    error instanceof mongo.MongoNotConnectedError ||
    error instanceof mongo.MongoTopologyClosedError ||
    (error instanceof Error && error.name === 'MongoPoolClosedError') ||
    // Of the socket itself, where the driver passes it on as it is.
    (error instanceof Error && 'code' in error && (error.code === 'EPIPE' || error.code === 'ECONNRESET')) ||
    error instanceof mongo.MongoOperationTimeoutError ||
    error instanceof MongooseError.MongooseServerSelectionError ||
    (error instanceof mongo.MongoServerError && unavailable.has(error.code)) ||
    (error instanceof mongo.MongoError && error.hasErrorLabel('RetryableWriteError'))
  if (isAway) return new Unavailable(`MongoDB cannot be used now: ${error.message}`)
  return error instanceof Error ? error : new Error(String(error))
}

/**
 * The same store, whose methods reject in the words of the port.
 * @param patient those that may take longer than an answer does, by how long in milliseconds
 */
export function explained<T extends object>(
  store: T,
  patient: { readonly [name in keyof T]?: number } = {},
): T {
  return new Proxy(store, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      return async (...args: unknown[]): Promise<unknown> => {
        try {
          return await inTime(Reflect.apply(method, target, args), patient[name as keyof T])
        } catch (error) {
          throw told(error)
        }
      }
    },
  })
}
