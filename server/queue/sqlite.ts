import { describeUnknown } from '../../nodes/contract/failure.ts'
import type { Job, NewJob, Queue, Verdict, Worker, WorkOptions } from './queue.ts'
import { Lanes } from './sqlite-lanes.ts'
import type { InHand } from './sqlite-lanes.ts'
import { openJobs } from './sqlite-jobs.ts'
import type { JobRow, Jobs } from './sqlite-jobs.ts'
import { thrownWaitMs } from './thrown.ts'

export interface SqliteQueueOptions {
  /** Told in one line when the file was thrown away, and once when it begins to refuse what is written. */
  readonly onTrouble?: (message: string) => void
  readonly now?: () => number
}

/** A timer cannot be set further than 24.8 days, and a clock that is set forward is noticed within this time. */
const timerMsMost = 30_000
/** After a commit that failed (full disk), what is still to be written is written again this much later. */
const retryMs = 1_000
/** Commits that follow each other closely gather what comes within so long. */
const gatherMs = 10
/** Verdicts that wait for their commit: handlers that never wait would otherwise run through every job in one turn. */
const settlementsMax = 1_024

interface Hands {
  readonly handle: (job: Job) => Promise<Verdict>
  readonly options: WorkOptions
  inHand: number
  stopped: PromiseWithResolvers<void> | undefined
}

/** What became of a job that is in the table. No `dueAt` = it is over. */
interface Settlement {
  readonly job: InHand
  readonly dueAt: number | undefined
  readonly thrown: number
}

/**
 * Opens the queue in a file of one process. What is due goes from hand to hand in memory; the table takes what stays.
 *
 *   add ─(due, and there is room)─► lanes ─► a worker's hands ─► verdict ─► gone, or due again
 *    │                                 ▲
 *    └─(later, or no room)──► table ───┴─(later)─► one timer for the next that is due
 *
 * What a crash takes from memory, the sweep at the next start finds in the store.
 */
export function openSqliteQueue(path: string, options: SqliteQueueOptions = {}): Queue {
  const { onTrouble = () => {}, now = () => Date.now() } = options
  return new SqliteQueue(openJobs(path, onTrouble), now, onTrouble)
}

class SqliteQueue implements Queue {
  readonly #jobs: Jobs
  readonly #now: () => number
  readonly #onTrouble: (message: string) => void
  readonly #lanes: Lanes
  readonly #workers = new Set<Hands>()
  /** On their way to the table. */
  #forTable = new Map<string, JobRow>()
  #settlements: Settlement[] = []
  #flushing = false
  #flushedAt = 0
  /** Every job that is due at this moment or before is in the lanes, or expected there. */
  #seenUntil = -1
  #timer: NodeJS.Timeout | undefined
  #timerAt = Number.POSITIVE_INFINITY
  #again: NodeJS.Timeout | undefined
  #isRefused = false
  #isHandingOut = false
  #closed = false

  constructor(jobs: Jobs, now: () => number, onTrouble: (message: string) => void) {
    this.#jobs = jobs
    this.#now = now
    this.#onTrouble = onTrouble
    this.#lanes = new Lanes(jobs)
    this.#look()
  }

  async add(jobs: readonly NewJob[]): Promise<void> {
    if (this.#closed) throw new Error('the queue is closed')
    for (const job of jobs) this.#add(job)
    this.#handOutSoon()
  }

  work(handle: (job: Job) => Promise<Verdict>, options: WorkOptions): Worker {
    const hands: Hands = { handle, options, inHand: 0, stopped: undefined }
    this.#workers.add(hands)
    this.#handOut()
    return { stop: () => this.#stop(hands) }
  }

  async counts(): Promise<{ due: number; waiting: number; active: number }> {
    this.#flush()
    const { all, later } = this.#jobs.counts(this.#now())
    const due = all - later - this.#lanes.storedInHandCount + this.#lanes.unstoredCount
    return { due: Math.max(0, due), waiting: later, active: this.#lanes.inHandCount }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await Promise.all([...this.#workers].map((hands) => this.#stop(hands)))
    clearTimeout(this.#timer)
    clearTimeout(this.#again)
    for (const job of this.#lanes.unstored()) this.#forTable.set(job.key, job)
    this.#flush()
    this.#jobs.close()
  }

  async #stop(hands: Hands): Promise<void> {
    this.#workers.delete(hands)
    hands.stopped ??= Promise.withResolvers()
    if (hands.inHand === 0) hands.stopped.resolve()
    await hands.stopped.promise
  }

  /** In the next turn, when who adds has given its own answer. */
  #handOutSoon(): void {
    if (this.#isHandingOut) return
    this.#isHandingOut = true
    setImmediate(() => {
      this.#isHandingOut = false
      this.#handOut()
    })
  }

  #handOut(): void {
    for (const hands of this.#workers) {
      while (hands.inHand < hands.options.concurrency && this.#settlements.length < settlementsMax) {
        const job = this.#lanes.take(hands.options.laneConcurrency, this.#now())
        if (job === undefined) break
        hands.inHand += 1
        void this.#handle(hands, job)
      }
    }
  }

  async #handle(hands: Hands, job: InHand): Promise<void> {
    const settlement = await this.#ask(hands, job)
    hands.inHand -= 1
    this.#lanes.returned(job)
    this.#settle(settlement)
    if (hands.inHand === 0) hands.stopped?.resolve()
    this.#handOut()
  }

  async #ask(hands: Hands, job: InHand): Promise<Settlement> {
    try {
      const verdict = await hands.handle({ key: job.key, lane: job.lane })
      const dueAt = verdict.kind === 'again' ? Math.ceil(verdict.at) : undefined
      return { job, dueAt, thrown: 0 }
    } catch {
      // No verdict: who gave the handler reports what it threw; here it only means another time.
      return { job, dueAt: this.#now() + thrownWaitMs(job.thrown), thrown: job.thrown + 1 }
    }
  }

  #add({ key, lane, dueAt: asked = this.#now() }: NewJob): void {
    const dueAt = Math.ceil(asked)
    const inHand = this.#lanes.inHand(key)
    const forTable = this.#forTable.get(key)
    if (inHand !== undefined) inHand.addedDueAt = Math.min(dueAt, inHand.addedDueAt ?? dueAt)
    else if (forTable !== undefined)
      this.#forTable.set(key, { ...forTable, dueAt: Math.min(dueAt, forTable.dueAt) })
    else if (!this.#lanes.isReady(key)) this.#begin({ key, lane, dueAt, thrown: 0 }, !this.#jobs.has(key))
  }

  /** Where a job goes that is not in memory: to its lane, or to the table when it is due later, finds no room, or has a row. */
  #begin(job: JobRow, isNew: boolean): void {
    if (isNew && job.dueAt <= this.#now() && this.#lanes.offer(job, false)) return
    this.#forTable.set(job.key, job)
    this.#schedule()
  }

  #settle(settlement: Settlement): void {
    const { job, thrown } = settlement
    if (job.isStored) {
      this.#settlements.push(settlement)
      this.#schedule()
      return
    }
    this.#lanes.settled(job)
    const dueAt = againAt(settlement)
    if (dueAt !== undefined) this.#begin({ key: job.key, lane: job.lane, dueAt, thrown }, true)
  }

  #schedule(): void {
    if (this.#flushing) return
    this.#flushing = true
    const run = () => {
      this.#flushing = false
      this.#flushedAt = performance.now()
      this.#flush()
    }
    // At once when little is going on; else together with what comes within the next moment.
    if (performance.now() - this.#flushedAt > gatherMs) setImmediate(run)
    else setTimeout(run, gatherMs)
  }

  /** Commits what is to be written; only then is it acted upon. */
  #flush(): void {
    const settlements = this.#settlements
    const jobs = [...this.#forTable.values()]
    const moved: JobRow[] = []
    if (settlements.length > 0 || jobs.length > 0) {
      try {
        this.#jobs.commit(() => {
          for (const settlement of settlements) this.#write(settlement, moved)
          for (const job of jobs) this.#jobs.add(job)
        })
      } catch (error) {
        // Nothing is stored. Verdicts are given, and what is in memory goes on: both are written as soon as that goes.
        if (!this.#isRefused) this.#onTrouble(refusal(error))
        this.#isRefused = true
        return this.#flushAgain()
      }
      this.#isRefused = false
    }
    this.#settlements = []
    this.#forTable = new Map()
    for (const { job } of settlements) this.#lanes.settled(job)
    for (const job of [...moved, ...jobs]) this.#place(job)
    this.#handOut()
  }

  #flushAgain(): void {
    if (this.#closed) return
    this.#again ??= setTimeout(() => {
      this.#again = undefined
      this.#flush()
    }, retryMs).unref()
  }

  #write(settlement: Settlement, moved: JobRow[]): void {
    const { job, thrown } = settlement
    const dueAt = againAt(settlement)
    if (dueAt === undefined) return this.#jobs.remove(job.key)
    const row = { key: job.key, lane: job.lane, dueAt, thrown }
    this.#jobs.move(row)
    moved.push(row)
  }

  /** A stored job goes to its lane when it is due, else the timer is set for it. */
  #place(job: JobRow): void {
    if (job.dueAt <= this.#now()) {
      this.#lanes.offer(job, true)
      return
    }
    // A clock that was set back: this moment was seen already, and is to come.
    this.#seenUntil = Math.min(this.#seenUntil, job.dueAt - 1)
    this.#wakeAt(job.dueAt)
  }

  /** Finds what came due since the last look, and when to look next. */
  #look(): void {
    const now = this.#now()
    if (now > this.#seenUntil) {
      for (const lane of this.#jobs.lanesDue(this.#seenUntil, now)) this.#lanes.expect(lane)
      this.#seenUntil = now
    }
    this.#timerAt = Number.POSITIVE_INFINITY
    const next = this.#jobs.nextDue(this.#seenUntil)
    if (next !== undefined) this.#wakeAt(next)
    this.#handOut()
  }

  #wakeAt(at: number): void {
    if (at >= this.#timerAt || this.#closed) return
    this.#timerAt = at
    clearTimeout(this.#timer)
    const waitMs = Math.min(Math.max(at - this.#now(), 1), timerMsMost)
    this.#timer = setTimeout(() => this.#look(), waitMs).unref()
  }
}

/** When the job is due again, by its verdict or because its key was added meanwhile; `undefined` = it is over. */
function againAt({ dueAt, job: { addedDueAt } }: Settlement): number | undefined {
  return addedDueAt === undefined ? dueAt : Math.min(addedDueAt, dueAt ?? addedDueAt)
}

const refusal = (error: unknown): string =>
  `queue.db cannot be written now (${describeUnknown(error)}), and runs may be late until it can: ` +
  'look at the space and the rights of its disk, and for another program that holds it'
