import { Cluster, Redis } from 'ioredis'
import type { RedisAddress } from './address.ts'

export type Connection = Redis | Cluster

/**
 * `asking`: an answer or an error within seconds, also while Redis is away. `working`: waits for Redis as long as it takes,
 * as BullMQ's workers and subscriptions want it.
 */
export type Purpose = 'asking' | 'working'

/** A Redis that does not answer is taken for away after this time. */
export const askingTimeoutMs = 5_000
const connectTimeoutMs = 5_000
/** A connection on which nothing comes back is broken, though nobody said so: longer than any command blocks. */
const silenceMs = { asking: 10_000, working: 30_000 } as const
const retryMsMost = 1_000

/**
 * A connection that is made in the background and made again whenever it breaks. Errors of the connection itself are told to
 * `onError`; a command that cannot be sent rejects (asking) or waits (working).
 */
export function connectRedis(
  address: RedisAddress,
  purpose: Purpose,
  onError: (error: Error) => void,
): Connection {
  const { kind, hosts, username, password, database, name, isEncrypted } = address
  const shared = {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(isEncrypted && { tls: {} }),
    connectTimeout: connectTimeoutMs,
    socketTimeout: silenceMs[purpose],
    enableOfflineQueue: purpose === 'working',
    maxRetriesPerRequest: purpose === 'working' ? null : 0,
    // A server that became a replica (a failover) answers READONLY: what asks is sent to whoever leads now.
    reconnectOnError: (error: Error) => (error.message.startsWith('READONLY') ? 2 : false),
    ...(purpose === 'asking' && { commandTimeout: askingTimeoutMs }),
  } as const
  const retryStrategy = (times: number) => Math.min(times * 100, retryMsMost)
  const [first = { host: '127.0.0.1', port: 6379 }] = hosts
  const connection =
    kind === 'cluster'
      ? new Cluster([...hosts], {
          redisOptions: shared,
          clusterRetryStrategy: retryStrategy,
          enableOfflineQueue: shared.enableOfflineQueue,
        })
      : new Redis({
          ...shared,
          retryStrategy,
          db: database,
          ...(kind === 'sentinel'
            ? {
                sentinels: [...hosts],
                name,
                ...(isEncrypted && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
              }
            : first),
        })
  connection.on('error', onError)
  return connection
}

/** Whether a command would be sent now. A cluster says `connect` or `ready`, a single server `ready`. */
export const isConnected = ({ status }: Connection): boolean => status === 'ready'

/** Resolves once it is connected, or with `false` after a while. */
export function whenConnected(connection: Connection, timeoutMs: number): Promise<boolean> {
  if (isConnected(connection)) return Promise.resolve(true)
  return new Promise((resolve) => {
    const done = (connected: boolean) => {
      clearTimeout(timer)
      connection.off('ready', ready)
      resolve(connected)
    }
    const ready = () => done(true)
    const timer = setTimeout(() => done(false), timeoutMs)
    connection.on('ready', ready)
  })
}

/** What was asked of Redis, or an error when it takes longer. */
export async function soon<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Redis did not answer within ${timeoutMs} ms`)), timeoutMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
