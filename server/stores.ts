/**
 * What the processes of a server share, or one has for itself: the store, the queue, and the word between them. Embedded,
 * that is two files in a data dir; scaled, it is MongoDB and Redis, whose drivers are loaded only then.
 */
import type { Config } from './config.ts'
import { signal } from './engine/signals.ts'
import { type Fleet, type FleetOptions, alone } from './fleet/fleet.ts'
import { openQueue } from './queue/open.ts'
import type { Queue } from './queue/queue.ts'
import { readRedisAddress } from './redis/address.ts'
import type { SharedBuckets } from './redis/buckets.ts'
import type { Endpoint } from './runtime/guard.ts'
import type { SharedTargets } from './runtime/runtime.ts'
import { lockDataDir } from './storage/lock.ts'
import { openStorage } from './storage/open.ts'
import type { Storage } from './storage/storage.ts'

export interface Stores {
  readonly storage: Storage
  readonly queue: Queue
  /** Rates that all processes keep together; undefined where there is one process. */
  readonly rates: SharedBuckets | undefined
  /** Lines before targets, likewise. */
  readonly targets: SharedTargets | undefined
  /** Where they are: no outbound request goes there. */
  readonly endpoints: readonly Endpoint[]
  /** From now on this process hears of the others; called once, when it is put together. */
  join(options: JoinOptions): Fleet
  /** Closes all, the store last. */
  close(): Promise<void>
}

export interface JoinOptions extends FleetOptions {
  /** The queue may have forgotten jobs. */
  readonly onForgotten: () => void
}

/** Throws an error whose message is one line when one of them cannot be had. */
export async function openStores(config: Config): Promise<Stores> {
  const { HOOKLOOM_MONGODB_URL: mongodb, HOOKLOOM_REDIS_URL: redis } = config
  return mongodb === undefined || redis === undefined
    ? openEmbedded(config.HOOKLOOM_DATA_DIR)
    : openShared(mongodb, redis)
}

const tell = (message: string): void => signal('engine.trouble', { where: 'queue', message })

async function openEmbedded(dataDir: string): Promise<Stores> {
  const lock = await lockDataDir(dataDir)
  const storage = await openStorage({ dataDir })
  const queue = openQueue({ dataDir, onTrouble: tell })
  return {
    storage,
    queue,
    rates: undefined,
    targets: undefined,
    endpoints: [],
    join: () => alone,
    async close() {
      await queue.close()
      await storage.close()
      lock.release()
    },
  }
}

async function openShared(mongodb: string, redis: string): Promise<Stores> {
  const address = readRedisAddress(redis)
  if (address === undefined)
    throw new Error('HOOKLOOM_REDIS_URL cannot be used: it looks like redis://host:6379.')
  const [
    { openMongoStorage },
    { openBullQueue },
    { openRedisFleet },
    { openSharedBuckets },
    { openSharedTargets },
  ] = await Promise.all([
    import('./storage/mongo.ts'),
    import('./queue/bull.ts'),
    import('./fleet/redis.ts'),
    import('./redis/buckets.ts'),
    import('./redis/targets.ts'),
  ])
  const storage = await openMongoStorage(mongodb)
  let onForgotten = (): void => undefined
  let fleet = alone
  const queue = await openBullQueue({ url: redis, onTrouble: tell, onForgotten: () => onForgotten() })
  const rates = openSharedBuckets(address)
  const targets = openSharedTargets(address)
  return {
    storage,
    queue,
    rates,
    targets,
    join(options) {
      onForgotten = options.onForgotten
      fleet = openRedisFleet(address, options)
      return fleet
    },
    endpoints: [...address.hosts, ...mongoHosts(mongodb)],
    async close() {
      rates.close()
      targets.close()
      await queue.close()
      await fleet.close()
      await storage.close()
    },
  }
}

/** Those that the URL names: `mongodb://[user:password@]host[:port],host[:port]/…`. */
function mongoHosts(url: string): readonly Endpoint[] {
  const hosts = /^mongodb(?:\+srv)?:\/\/(?:[^@/]*@)?([^/?]+)/.exec(url)?.[1]?.split(',') ?? []
  return hosts.map((text) => {
    const [host = '', port = '27017'] = text.split(/:(?=\d+$)/)
    return { host, port: Number(port) }
  })
}
