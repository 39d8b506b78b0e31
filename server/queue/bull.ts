/**
 * The queue of many processes: BullMQ on Redis. A run is one job whose id is the run's; it carries ids only, and is gone from
 * Redis when it is over. Redis is a hint here as everywhere: what it forgets (`onForgotten`) is put back from the store.
 *
 *   add ─► offer (a turn for each lane's job) ─► prioritized ─► a worker's hands ─► verdict ─► gone
 *                └─(later)─► delayed ─(due)──────────▲                                └─► delayed
 */
import { DelayedError, type Job as BullJob, Queue as BullMQ, Worker as BullWorker } from 'bullmq'
import { readRedisAddress } from '../redis/address.ts'
import { type Connection, connectRedis, isConnected, soon } from '../redis/connect.ts'
import { Hands, parkedMax } from './bull-hands.ts'
import { Additions } from './bull-additions.ts'
import { type Memory, checkPolicy, watchMemory } from './bull-health.ts'
import { type Offer, type Scripts, defineScripts } from './bull-scripts.ts'
import { Away } from './queue.ts'
import type { Counts, Job, NewJob, Queue, Verdict, Worker, WorkOptions } from './queue.ts'
import { thrownWaitMs } from './thrown.ts'

export interface BullQueueOptions {
  readonly url: string
  /** What all keys begin with; in braces, so that a cluster keeps them together. */
  readonly prefix?: string
  readonly now?: () => number
  /** Told in one line that Redis is away, and in one that it came back. */
  readonly onTrouble?: (message: string) => void
  /** Redis was emptied, or was away and may have lost its last writes: what is due has to be added again. */
  readonly onForgotten?: () => void
}

/**
 * A dead worker's jobs are another's after this lock is over and one look: 8 s at most, before the engine knows the worker for
 * dead and its runs can be claimed. A lock that is lost for another reason costs nothing: the store hands out each run once.
 */
const lockMs = 6_000
const renewMs = 2_000
const stalledLookMs = 2_000
/** BullMQ fails a job whose worker died more often than this; how often a run may be interrupted is the engine's to say. */
const stalledMost = 1_000_000_000
/** A job that is sent back because its lane is full comes again after so long, or up to twice that. */
const laneFullMs = 500
/** One that waited too long at a worker, after this at the most: a worker that is idle takes it at once. */
const elsewhereMs = 500
/** Lanes take turns, but not those of jobs that waited: so far behind many of one lane another is found. */
const lookedAtMost = 2_000
/** What BullMQ tells of each job in its stream of events, which nobody reads. */
const eventsKept = 100
/** A worker that stops waits so long for Redis to hear its verdicts; without, its jobs are taken over when their locks end. */
const stopMs = 2_000

interface Carried {
  readonly lane: string
  readonly note?: string
  /** How often in a row its handler gave no verdict. */
  readonly thrown?: number
}

/** Throws an error whose message is one line when the URL, or the Redis behind it, cannot be used as a queue. */
export async function openBullQueue(options: BullQueueOptions): Promise<Queue> {
  const queue = new BullQueue(options)
  try {
    await checkPolicy(queue.connection)
  } catch (error) {
    await queue.close()
    throw error
  }
  return queue
}

class BullQueue implements Queue {
  readonly connection: Connection
  readonly #options: BullQueueOptions
  readonly #prefix: string
  readonly #now: () => number
  readonly #queue: BullMQ<Carried>
  readonly #scripts: Scripts
  readonly #workers = new Map<Worker, Hands>()
  readonly #memory: Memory
  readonly #additions: Additions
  /** Out of hand, with their lanes; not yet asked for marks. */
  #outOfHand = new Map<string, string>()
  #closed = false

  constructor(options: BullQueueOptions) {
    this.#options = options
    this.#prefix = options.prefix ?? '{hookloom}'
    this.#now = options.now ?? (() => Date.now())
    this.connection = this.#connect('asking')
    this.#queue = new BullMQ('runs', {
      connection: this.connection,
      prefix: this.#prefix,
      streams: { events: { maxLen: eventsKept } },
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    })
    // The connection tells its errors itself.
    this.#queue.on('error', () => undefined)
    const keyOf = (part: string) => this.#queue.toKey(part)
    this.#scripts = defineScripts(this.connection, keyOf, this.#now)
    this.#memory = watchMemory(this.connection, keyOf('memory'), {
      onForgotten: () => this.#options.onForgotten?.(),
      onTrouble: (message) => this.#options.onTrouble?.(message),
    })
    this.#additions = new Additions({
      put: (jobs) => this.#put(jobs),
      onAnswered: () => this.#memory.answered(),
      onMissed: (jobs, reason) => this.#memory.missed(jobs, reason),
    })
  }

  add(jobs: readonly NewJob[]): Promise<void> {
    if (this.#closed) return Promise.reject(new Error('the queue is closed'))
    return this.#additions.add(jobs)
  }

  work(handle: (job: Job) => Promise<Verdict>, options: WorkOptions): Worker {
    const hands = new Hands({ ...options, lanesBehind: () => this.#lanesBehind() })
    const connection = this.#connect('working')
    const working = new BullWorker<Carried>('runs', (job, token) => this.#handle(job, token, hands, handle), {
      connection,
      prefix: this.#prefix,
      concurrency: options.concurrency + parkedMax(options),
      lockDuration: lockMs,
      lockRenewTime: renewMs,
      stalledInterval: stalledLookMs,
      maxStalledCount: stalledMost,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    })
    // Lost locks and lost connections: the first cost nothing, the second are told by the connection.
    working.on('error', () => undefined)
    working.on('completed', ({ id = '', data }) => this.#over(id, data.lane))
    const worker: Worker = {
      stop: async () => {
        if (!this.#workers.delete(worker)) return
        await hands.stop()
        await soon(working.close(), stopMs).catch(() =>
          soon(working.disconnect(), stopMs).catch(() => undefined),
        )
        connection.disconnect()
      },
    }
    this.#workers.set(worker, hands)
    return worker
  }

  async counts(): Promise<Counts> {
    this.#mustBeConnected()
    const key = (part: string) => this.#queue.toKey(part)
    const c = this.connection
    const [wait, prioritized, delayed, overdue, active] = await Promise.all([
      c.llen(key('wait')),
      c.zcard(key('prioritized')),
      c.zcard(key('delayed')),
      c.zcount(key('delayed'), '-inf', (this.#now() + 1) * 4_096 - 1),
      c.llen(key('active')),
    ])
    let parked = 0
    for (const hands of this.#workers.values()) parked += hands.parked
    return {
      due: wait + prioritized + overdue + parked,
      waiting: delayed - overdue,
      active: Math.max(0, active - parked),
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#memory.close()
    await Promise.all([...this.#workers.keys()].map((worker) => worker.stop()))
    await soon(this.#queue.close(), stopMs).catch(() => undefined)
    this.connection.disconnect()
  }

  #connect(purpose: 'asking' | 'working'): Connection {
    const address = readRedisAddress(this.#options.url)
    if (address === undefined)
      throw new Error('HOOKLOOM_REDIS_URL cannot be used: it looks like redis://host:6379.')
    return connectRedis(address, purpose, () => undefined)
  }

  #mustBeConnected(): void {
    if (!isConnected(this.connection)) throw new Away('Redis cannot be reached')
  }

  async #lanesBehind(): Promise<ReadonlySet<string>> {
    this.#mustBeConnected()
    return new Set(await this.#scripts.lanesOfNext(lookedAtMost))
  }

  async #handle(
    job: BullJob<Carried>,
    token: string | undefined,
    hands: Hands,
    handle: (job: Job) => Promise<Verdict>,
  ): Promise<void> {
    const { id: key = '', data } = job
    const turn = await hands.enter(data.lane)
    if (turn === 'stopping') return this.#later(job, token, this.#now())
    if (turn === 'elsewhere') return this.#later(job, token, this.#now() + elsewhereMs * Math.random())
    if (turn === 'later') return this.#later(job, token, this.#now() + laneFullMs * (1 + Math.random()))
    const { lane, note, thrown = 0 } = data
    const isFirst = job.attemptsStarted === 1 && note !== undefined
    let verdict: Verdict | undefined
    try {
      verdict = await handle({ key, lane, ...(isFirst && { note }) })
    } catch {
      // No verdict: who gave the handler reports what it threw; here it only means another time.
    } finally {
      // Before Redis is told, which may be away: whoever stops waits for hands.
      hands.leave(lane)
    }
    if (verdict === undefined) await job.updateData({ ...data, thrown: thrown + 1 }).catch(() => undefined)
    else if (verdict.kind !== 'again') return
    await this.#later(job, token, verdict?.at ?? this.#now() + thrownWaitMs(thrown))
  }

  /** Never returns: BullMQ takes the error for the sign that the job is not over. */
  async #later(job: BullJob<Carried>, token: string | undefined, dueAt: number): Promise<never> {
    const { id: key = '', data } = job
    try {
      await job.moveToDelayed(Math.ceil(dueAt), token)
      this.#over(key, data.lane)
    } catch {
      // Its lock is lost, or Redis was emptied: it may be there no more. Adding it is harmless if it is.
      this.add([{ key, lane: data.lane, dueAt }]).catch(() => undefined)
    }
    throw new DelayedError()
  }

  /** A job is out of hand: if its key was added meanwhile, it is due again. Asked for many at once. */
  #over(key: string, lane: string): void {
    if (this.#outOfHand.size === 0) setImmediate(() => void this.#bringBack())
    this.#outOfHand.set(key, lane)
  }

  async #bringBack(): Promise<void> {
    const lanes = this.#outOfHand
    this.#outOfHand = new Map()
    try {
      const marks = await this.#scripts.takeMarks([...lanes.keys()])
      const jobs = Array.from(marks, ([key, dueAt]) => ({ key, lane: lanes.get(key) ?? '', dueAt }))
      if (!this.#closed) await this.add(jobs)
    } catch {
      // Redis is away: recovery finds the run in the store.
    }
  }

  async #put(jobs: readonly NewJob[]): Promise<void> {
    this.#mustBeConnected()
    const now = this.#now()
    const offers = new Map<string, Offer & Pick<NewJob, 'note'>>()
    for (const { key, lane, note, dueAt = now } of jobs) {
      const before = offers.get(key)?.dueAt ?? Infinity
      const offer = { key, lane, dueAt: Math.ceil(Math.min(dueAt, before)) }
      offers.set(key, note === undefined ? offer : { ...offer, note })
    }
    const wanted = [...offers.values()]
    const answers = await this.#scripts.offer(wanted)
    const fresh = wanted.flatMap(({ key, lane, note, dueAt }, at) => {
      const priority = answers[at] ?? 0
      if (priority <= 0) return []
      const delay = dueAt - now
      const data = { lane, ...(note !== undefined && { note }) }
      return [{ name: 'run', data, opts: { jobId: key, priority, ...(delay > 0 && { delay }) } }]
    })
    if (fresh.length > 0) await this.#queue.addBulk(fresh)
    for (const [at, { key, dueAt }] of wanted.entries()) {
      if (answers[at] === -1) await this.#hasten(key, dueAt)
    }
  }

  async #hasten(key: string, dueAt: number): Promise<void> {
    const job = await this.#queue.getJob(key)
    // Between the look and now it may have become due, or be over: then there is nothing to hasten.
    await job?.changeDelay(Math.max(0, dueAt - this.#now())).catch(() => undefined)
  }
}
