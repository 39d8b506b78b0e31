import { randomUUID } from 'node:crypto'
import { type Connection, askingTimeoutMs, isConnected, whenConnected } from '../redis/connect.ts'

/** How often it is looked whether Redis still knows what it was told. */
const lookMs = 2_000

/**
 * A Redis that may throw keys away when its memory is full would lose jobs silently: it is refused. One that cannot be reached
 * yet is not: events are stored meanwhile, and put into the queue when it comes.
 */
export async function checkPolicy(connection: Connection): Promise<void> {
  if (!(await whenConnected(connection, askingTimeoutMs))) return
  const policy = /^maxmemory_policy:(\S+)/m.exec(await connection.info('memory'))?.[1]
  if (policy === undefined || policy === 'noeviction') return
  throw new Error(
    `Redis may throw jobs away when its memory is full: its maxmemory-policy is ${policy}, and has to be noeviction. ` +
      'Set it in redis.conf, or by CONFIG SET maxmemory-policy noeviction.',
  )
}

export interface Memory {
  /** So many jobs could not be added, for this reason. */
  missed(jobs: number, reason: string): void
  /** Redis has answered. */
  answered(): void
  close(): void
}

export interface MemoryOptions {
  /** What is due has to be added again. */
  readonly onForgotten: () => void
  /** Told in one line when an outage begins, and in one when it is over. */
  readonly onTrouble: (message: string) => void
}

/**
 * Sees that Redis has lost what it was told: a word is kept in it, which is gone when it was emptied. After a connection broke
 * nobody can know, so it is taken for lost too; and so is what was not told while Redis was away, or did not keep up.
 */
export function watchMemory(
  connection: Connection,
  key: string,
  { onForgotten, onTrouble }: MemoryOptions,
): Memory {
  let known: string | null = null
  let isAway = false
  let missed = 0
  const look = async () => {
    if (!isConnected(connection)) return
    try {
      await connection.set(key, randomUUID(), 'NX')
      const found = await connection.get(key)
      if (known !== null && found !== known) onForgotten()
      known = found
    } catch {
      // Told by the connection; the next look sees more.
    }
  }
  const begin = (reason: string) => {
    if (isAway) return
    isAway = true
    onTrouble(`${reason}: runs wait in the store`)
  }
  const end = () => {
    if (!isAway) return
    isAway = false
    onTrouble(`Redis is back: ${missed} additions to it were put off, and are made from the store`)
    missed = 0
    onForgotten()
  }
  const away = (error?: Error) =>
    begin(`Redis cannot be reached${error?.message ? ` (${error.message})` : ''}`)
  const back = () => {
    void look()
    end()
  }
  connection.on('error', away).on('close', away).on('ready', back)
  const timer = setInterval(() => void look(), lookMs).unref()
  return {
    missed(jobs, reason) {
      begin(reason)
      missed += jobs
    },
    answered: end,
    close() {
      clearInterval(timer)
      connection.off('error', away).off('close', away).off('ready', back)
    },
  }
}
