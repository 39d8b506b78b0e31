import type { Connection } from '../redis/connect.ts'

/**
 * What this queue needs of Redis beside BullMQ: scripts, so that each looks and acts in one go.
 *
 * `again` (hash): keys that were added while their job was in hand, with when they are due.
 * `turns` (hash): by lane, the number of the turn that its last job waits for.
 */
export interface Scripts {
  /**
   * What is to be done with each job, in order: a number > 0 = add it with this priority; 0 = nothing, it is there (or due
   * again after its verdict); -1 = it waits for a later time than this one: hasten it.
   */
  offer(jobs: readonly Offer[]): Promise<readonly number[]>
  /** Takes the marks of jobs that were in hand: when each is due again. */
  takeMarks(keys: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** The lanes of jobs that are due and in nobody's hand, each once; of the first so many. */
  lanesOfNext(most: number): Promise<readonly string[]>
}

export interface Offer {
  readonly key: string
  readonly lane: string
  readonly dueAt: number
}

/** BullMQ's priorities: the lowest number is next, equal ones in order. */
const priorityMost = 2 ** 21 - 1
/** A mark whose job's worker died is of no use to anyone; recovery finds the run in the store. */
const markMsKept = 3_600_000

/**
 * Lanes take turns, as in fair queuing: a job waits for the turn after that of its lane's last job, or for the one that is on
 * when its lane had none. The turn that is on is the priority of the job that is next (BullMQ keeps it in the upper half of
 * its score). When nothing is due the turns begin anew. After 2 million turns without such a moment, new jobs are taken in
 * the order in which they come until there is one.
 */
const offer = `
  local head = redis.call('ZRANGE', KEYS[3], 0, 0, 'WITHSCORES')
  local turn = 1
  if head[2] then turn = math.max(1, math.floor(tonumber(head[2]) / 4294967296))
  else redis.call('DEL', KEYS[4]) end
  local answers = {}
  for i = 3, #ARGV, 3 do
    local key, lane, due = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2])
    local job = ARGV[1] .. key
    local answer = 0
    if redis.call('EXISTS', job) == 0 then
      local last = tonumber(redis.call('HGET', KEYS[4], lane) or '0')
      answer = math.min(math.max(turn, last + 1), ${priorityMost})
      if due <= tonumber(ARGV[2]) then redis.call('HSET', KEYS[4], lane, answer) end
    elseif redis.call('EXISTS', job .. ':lock') == 1 then
      local known = redis.call('HGET', KEYS[1], key)
      if not known or tonumber(known) > due then
        redis.call('HSET', KEYS[1], key, ARGV[i + 2])
        redis.call('PEXPIRE', KEYS[1], ${markMsKept})
      end
    else
      local score = redis.call('ZSCORE', KEYS[2], key)
      if score and tonumber(score) >= (due + 1) * 4096 then answer = -1 end
    end
    answers[#answers + 1] = answer
  end
  return answers`

const takeMarks = `
  if redis.call('EXISTS', KEYS[1]) == 0 then return {} end
  local marks = redis.call('HMGET', KEYS[1], unpack(ARGV))
  redis.call('HDEL', KEYS[1], unpack(ARGV))
  return marks`

/**
 * A dead worker's jobs come back into the list `wait`, whose end is next. What is overdue among the delayed is moved by BullMQ
 * only when a worker asks for its next job.
 */
const lanesOfNext = `
  local prefix, most, now = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
  local known, lanes = {}, {}
  local function look(keys)
    for _, key in ipairs(keys) do
      local data = redis.call('HGET', prefix .. key, 'data')
      local lane = data and cjson.decode(data).lane
      if lane and not known[lane] then
        known[lane] = true
        lanes[#lanes + 1] = lane
      end
    end
  end
  look(redis.call('LRANGE', KEYS[3], -most, -1))
  look(redis.call('ZRANGE', KEYS[1], 0, most - 1))
  look(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', (now + 1) * 4096 - 1, 'LIMIT', 0, most))
  return lanes`

/** @param keyOf the name in Redis of a part of the queue; '' = what jobs' names begin with */
export function defineScripts(
  connection: Connection,
  keyOf: (part: string) => string,
  now: () => number,
): Scripts {
  connection.defineCommand('hookloomOffer', { numberOfKeys: 4, lua: offer })
  connection.defineCommand('hookloomTakeMarks', { numberOfKeys: 1, lua: takeMarks })
  connection.defineCommand('hookloomLanesOfNext', { numberOfKeys: 3, lua: lanesOfNext })
  // A command that was defined is a method of the connection, which its type cannot know.
  const call = (name: string, ...values: readonly (string | number)[]): Promise<unknown> =>
    (connection as unknown as { readonly [name: string]: (...values: unknown[]) => Promise<unknown> })[
      name
    ]?.(...values) ?? Promise.reject(new Error(`Redis does not know ${name}`))
  return {
    async offer(jobs) {
      const values = jobs.flatMap(({ key, lane, dueAt }) => [key, lane, dueAt])
      const keys = [keyOf('again'), keyOf('delayed'), keyOf('prioritized'), keyOf('turns')]
      return (await call('hookloomOffer', ...keys, keyOf(''), now(), ...values)) as readonly number[]
    },
    async takeMarks(keys) {
      const found = (await call('hookloomTakeMarks', keyOf('again'), ...keys)) as readonly (string | null)[]
      return new Map(
        found.flatMap((dueAt, at) => {
          const key = keys[at]
          return dueAt === null || key === undefined ? [] : [[key, Number(dueAt)]]
        }),
      )
    },
    lanesOfNext: async (most) =>
      (await call(
        'hookloomLanesOfNext',
        keyOf('prioritized'),
        keyOf('delayed'),
        keyOf('wait'),
        keyOf(''),
        most,
        now(),
      )) as readonly string[],
  }
}
