import type { RedisAddress } from './address.ts'
import { connectRedis, isConnected, soon } from './connect.ts'

/** A caller at the door waits no longer for Redis than this: then the limits of its own process hold. */
const patienceMs = 250

/**
 * A bucket as the moment at which it is full again (GCRA), as `inbound/buckets.ts` keeps it; here by Redis's clock, the only
 * one that all processes share. A library of fixed windows would let twice as much through where two windows meet, and
 * the same limit would mean something else with one process.
 */
const take = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + time[2] / 1000
  local token, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
  local full = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
  local wait = full - (burst - 1) * token - now
  if wait > 0 then return math.ceil(wait) end
  redis.call('SET', KEYS[1], string.format('%.3f', full + token), 'PX', math.ceil(full + token - now))
  return 0`

export interface SharedBuckets {
  /** Takes a token; milliseconds until there is one, 0 = it was there. `undefined`: Redis cannot be asked now. */
  take(
    key: string,
    rate: { readonly perSecond: number; readonly burst: number },
  ): Promise<number | undefined> | undefined
  close(): void
}

/** Token buckets that all processes share. */
export function openSharedBuckets(address: RedisAddress, prefix = '{hookloom}:rate:'): SharedBuckets {
  // Told by the queue, which watches the same server.
  const connection = connectRedis(address, 'asking', () => undefined)
  connection.defineCommand('hookloomTake', { numberOfKeys: 1, lua: take })
  // A command that was defined is a method of the connection, which its type cannot know.
  const asking = connection as unknown as {
    readonly hookloomTake: (key: string, tokenMs: number, burst: number) => Promise<number>
  }
  return {
    take(key, { perSecond, burst }) {
      if (!isConnected(connection)) return undefined
      const asked = asking.hookloomTake(`${prefix}${key}`, 1_000 / perSecond, burst)
      return soon(asked, patienceMs).catch(() => undefined)
    },
    close: () => connection.disconnect(),
  }
}
