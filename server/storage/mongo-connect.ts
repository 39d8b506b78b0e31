import { type Connection, type ClientSession, Mongoose } from 'mongoose'
import { told } from './mongo-errors.ts'
import { type Models, openModels } from './mongo-models.ts'
import { Unavailable } from './storage.ts'

/** A server that is away is noticed within this time, and its return within the next. */
const serverSelectionTimeoutMs = 3_000
const heartbeatMs = 2_000
/** A server that is there and does not answer (frozen, cut off) is given up. */
const socketTimeoutMs = 15_000
const connectionsMost = 50
/** A start waits so long for a server that is starting too, and begins anew after one that did not answer. */
const startMs = 20_000
/** Grows with what the collections hold. */
const version = 2

export interface Opened {
  readonly models: Models
  /** A session whose reads are all of one moment; `undefined` where the server cannot. */
  readonly snapshot: () => ClientSession | undefined
  /** What the database holds and its indexes take, in bytes, before the server compresses it. */
  readonly size: () => Promise<number>
  readonly close: () => Promise<void>
}

/**
 * Connects, sees that the server will do, and makes the indexes. Whatever the URL says, a write is acknowledged by a majority
 * and in the journal, and a value never becomes an operator (`sanitizeFilter`). Throws an error of one line.
 */
export async function openMongo(url: string): Promise<Opened> {
  const until = performance.now() + startMs
  for (;;) {
    try {
      return await openOnce(url)
    } catch (error) {
      const reason = told(error instanceof Unconnected ? error.cause : error)
      if (reason instanceof Unavailable && performance.now() < until) continue
      throw error instanceof Unconnected ? error : reason
    }
  }
}

async function openOnce(url: string): Promise<Opened> {
  const mongoose = new Mongoose()
  mongoose.set('sanitizeFilter', true)
  const connection = mongoose.createConnection(url, {
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
    promoteBuffers: true,
    serverSelectionTimeoutMS: serverSelectionTimeoutMs,
    heartbeatFrequencyMS: heartbeatMs,
    socketTimeoutMS: socketTimeoutMs,
    maxPoolSize: connectionsMost,
    writeConcern: { w: 'majority', journal: true },
    // From the primary, as it is now: what is read here is shown, or followed by a write of the same document, which a
    // majority acknowledges together with all that came before it.
    readPreference: 'primary',
    readConcernLevel: 'local',
    retryWrites: true,
    appName: 'hookloom',
  })
  try {
    await connection.asPromise().catch((error: unknown) => {
      throw new Unconnected(error)
    })
    const models = openModels(connection)
    const { isReplicaSet } = await lookAt(connection)
    await checkVersion(models)
    for (const model of Object.values(models)) {
      if (model.schema.indexes().length > 0) await model.createIndexes()
    }
    const client = connection.getClient()
    return {
      models,
      snapshot: () => (isReplicaSet ? client.startSession({ snapshot: true }) : undefined),
      async size() {
        const { dataSize = 0, indexSize = 0 } = (await connection.db?.stats()) ?? {}
        return Number(dataSize) + Number(indexSize)
      },
      close: () => connection.close(),
    }
  } catch (error) {
    await connection.close().catch(() => undefined)
    throw error
  }
}

class Unconnected extends Error {
  override readonly name = 'Unconnected'

  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`MongoDB cannot be used (${reason}). Check HOOKLOOM_MONGODB_URL, and that the server runs.`, {
      cause,
    })
  }
}

async function lookAt(connection: Connection): Promise<{ readonly isReplicaSet: boolean }> {
  const hello = await connection.db?.admin().command({ hello: 1 })
  return { isReplicaSet: typeof hello?.['setName'] === 'string' }
}

async function checkVersion({ settings }: Models): Promise<void> {
  const row = await settings.findOne({ _id: 'schema' }).lean<{ readonly value: string }>()
  const found = Number(row?.value ?? version)
  if (found > version) {
    throw new Error(
      `the database was written by a newer Hookloom (its schema is ${found}, this program knows ${version}). Start that version again.`,
    )
  }
  await settings.updateOne({ _id: 'schema' }, { $set: { value: String(version) } }, { upsert: true })
}
