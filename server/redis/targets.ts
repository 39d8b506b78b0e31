import type { Entrance, SharedTargets } from '../runtime/runtime.ts'
import type { RedisAddress } from './address.ts'
import { connectRedis, isConnected, soon } from './connect.ts'

/** A run waits no longer for Redis than this: then the lines of its own process hold. */
const patienceMs = 1_000
/** A place that nobody says to be held any more is free after this time: its holder's process died. */
const leaseMs = 15_000
const keepMs = 5_000

/**
 * The line before a target as `runtime/targets.ts` keeps and explains it; here by Redis's clock, the only one that all
 * processes share. KEYS: moments at which requests were let in, moments at which those who wait come back, places held by
 * whom until when, how long they are held lately.
 */
const enter = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + time[2] / 1000
  local sent, booked, held, lately = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
  local id, looks, requests = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
  local period, concurrent, soon = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
  local heldAtFirst, gapLeast, gapMost = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
  local look, sentMost, leaseMs = tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12])
  local function nthLast(n, key) return tonumber(redis.call('LINDEX', key, -n) or '0') end
  local function keep(key, untilMs)
    local left = math.max(redis.call('PTTL', key), math.ceil(untilMs - now) + 1000)
    redis.call('PEXPIRE', key, left)
  end
  while true do
    local first = redis.call('LINDEX', booked, 0)
    if not first or tonumber(first) > now then break end
    redis.call('LPOP', booked)
  end
  redis.call('ZREMRANGEBYSCORE', held, '-inf', now)

  local waiting = redis.call('LLEN', booked)
  local others = redis.call('ZCARD', held)
  if redis.call('ZSCORE', held, id) then others = others - 1 end
  local hasRoom = concurrent == 0 or others < concurrent
  local free = math.max(now, nthLast(1, sent))
  if requests > 0 then free = math.max(free, nthLast(requests, sent) + period) end
  if (looks > 0 or waiting == 0) and hasRoom and free - now <= soon then
    redis.call('RPUSH', sent, string.format('%.3f', free))
    redis.call('LTRIM', sent, -sentMost, -1)
    keep(sent, free + period)
    local lease = free + leaseMs
    redis.call('ZADD', held, string.format('%.3f', lease), id)
    keep(held, lease)
    return {1, string.format('%.3f', free - now)}
  end

  local last = math.max(now, nthLast(1, booked))
  local place = last
  if requests > 0 then
    local before = waiting >= requests and nthLast(requests, booked) or nthLast(requests - waiting, sent)
    place = math.max(place, before + period)
  end
  if concurrent > 0 and not (hasRoom and waiting == 0) then
    local took = tonumber(redis.call('GET', lately) or heldAtFirst)
    place = math.max(place, last + math.min(gapMost, math.max(gapLeast, took / concurrent)))
  end
  if not hasRoom then place = math.max(place, now + look) end
  redis.call('RPUSH', booked, string.format('%.3f', place))
  keep(booked, place)
  return {0, string.format('%.3f', place - now)}`

/** KEYS: places, how long they are held lately. ARGV: whose, for how long it was held, what is taken for usual at first. */
const leave = `
  if redis.call('ZREM', KEYS[1], ARGV[1]) == 0 then return 0 end
  local before = tonumber(redis.call('GET', KEYS[2]) or ARGV[3])
  redis.call('SET', KEYS[2], string.format('%.3f', before * 0.8 + ARGV[2] * 0.2), 'PX', 3600000)
  return 1`

/** KEYS: places. ARGV: for how long, and whose. One that was lost meanwhile stays lost. */
const renew = `
  local time = redis.call('TIME')
  local lease = time[1] * 1000 + time[2] / 1000 + ARGV[1]
  for at = 2, #ARGV do redis.call('ZADD', KEYS[1], 'XX', string.format('%.3f', lease), ARGV[at]) end
  redis.call('PEXPIRE', KEYS[1], ARGV[1] + 1000)
  return #ARGV - 1`

/** Lines that all processes share. */
export function openSharedTargets(
  address: RedisAddress,
  { prefix = '{hookloom}:target:', leaseMs: lease = leaseMs, keepMs: every = keepMs } = {},
): SharedTargets {
  // Told by the queue, which watches the same server.
  const connection = connectRedis(address, 'asking', () => undefined)
  connection.defineCommand('hookloomEnter', { numberOfKeys: 4, lua: enter })
  connection.defineCommand('hookloomLeave', { numberOfKeys: 2, lua: leave })
  connection.defineCommand('hookloomRenew', { numberOfKeys: 1, lua: renew })
  // Commands that were defined are methods of the connection, which its type cannot know.
  const asking = connection as unknown as {
    hookloomEnter(
      keys: readonly string[],
      figures: readonly (string | number)[],
    ): Promise<readonly [isIn: number, waitMs: string]>
    hookloomLeave(...args: readonly (string | number)[]): Promise<number>
    hookloomRenew(...args: readonly (string | number)[]): Promise<number>
  }
  const ignore = () => undefined
  /** Places of this process, by the key that they are kept under. */
  const places = new Map<string, Set<string>>()
  const renewing = setInterval(() => {
    if (!isConnected(connection)) return
    for (const [key, ids] of places) asking.hookloomRenew(key, lease, ...ids).catch(ignore)
  }, every).unref()

  return {
    enter({ target, id, looks, requests = 0, periodMs, concurrent = 0, ...asked }) {
      if (!isConnected(connection)) return undefined
      const { soonMs, heldMsAtFirst, gapMsLeast, gapMsMost, lookMs, sentMax } = asked
      const keyOf = (what: string) => `${prefix}${target}:${what}`
      const [held, lately] = [keyOf('held'), keyOf('lately')]
      const keys = [keyOf('sent'), keyOf('booked'), held, lately]
      const figures = [
        id,
        looks,
        requests,
        periodMs,
        concurrent,
        soonMs,
        heldMsAtFirst,
        gapMsLeast,
        gapMsMost,
      ]
      const entered = asking.hookloomEnter(keys, [...figures, lookMs, sentMax, lease])
      const answered = ([isIn, text]: readonly [number, string]): Entrance => {
        const waitMs = Number(text)
        if (isIn === 0) return { kind: 'later', waitMs }
        const from = performance.now() + waitMs
        const ids = places.get(held) ?? new Set()
        places.set(held, ids.add(id))
        return {
          kind: 'in',
          waitMs,
          leave() {
            ids.delete(id)
            if (ids.size === 0) places.delete(held)
            // What is not told now comes free by itself.
            if (!isConnected(connection)) return
            const tookMs = Math.max(0, performance.now() - from)
            asking.hookloomLeave(held, lately, id, tookMs, heldMsAtFirst).catch(ignore)
          },
        }
      }
      return soon(entered, patienceMs).then(answered, ignore)
    },
    close() {
      clearInterval(renewing)
      connection.disconnect()
    },
  }
}
