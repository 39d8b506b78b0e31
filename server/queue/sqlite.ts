import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Job, NewJob, Queue, Verdict, Worker, WorkOptions } from './queue.ts'
import { Lanes } from './sqlite-lanes.ts'
import type { InHand } from './sqlite-lanes.ts'
import { openJobs } from './sqlite-jobs.ts'
import type { JobRow, Jobs } from './sqlite-jobs.ts'

export interface SqliteQueueOptions {
  /** Told when the file was thrown away, with the reason in one line. */
  readonly onDiscard?: (reason: string) => void
  readonly now?: () => number
}

/** A handler that throws is a bug: it is asked again soon, then ever more rarely. */
const thrownWaitMsFirst = 1_000
const thrownWaitMsMost = 30_000
/** A timer cannot be set further than 24.8 days, and a clock that is set forward is noticed within this time. */
const timerMsMost = 30_000
/** After a commit that failed (full disk), verdicts are written again this much later. */
const retryMs = 1_000
/** Commits that follow each other closely gather what comes within so long. */
const gatherMs = 5
/** Verdicts that wait for their commit: handlers that never wait would otherwise run through every job in one turn. */
const pendingMax = 1_024

interface Hands {
  readonly handle: (job: Job) => Promise<Verdict>
  readonly options: WorkOptions
  inHand: number
  stopped: PromiseWithResolvers<void> | undefined
}

interface Addition {
  readonly kind: 'add'
  readonly jobs: readonly NewJob[]
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

/** What became of a job, on its way to the table. No `dueAt` = it is over. */
interface Settlement {
  readonly kind: 'settle'
  readonly job: InHand
  readonly dueAt: number | undefined
  readonly thrown: number
}

/**
 * Opens the queue in a file of one process. Additions and verdicts of one turn of the event loop are committed together.
 *
 *   add ─► table ─(due)─► lanes ─► a worker's hands ─► verdict ─► gone from the table, or due again
 *            └─(later)─► one timer for the next that is due ─► lanes
 */
export function openSqliteQueue(path: string, options: SqliteQueueOptions = {}): Queue {
  return new SqliteQueue(openJobs(path, options.onDiscard ?? (() => {})), options.now ?? (() => Date.now()))
}

class SqliteQueue implements Queue {
  readonly #jobs: Jobs
  readonly #now: () => number
  readonly #lanes: Lanes
  readonly #workers = new Set<Hands>()
  #pending: (Addition | Settlement)[] = []
  #flushing = false
  #flushedAt = 0
  /** Every job that is due at this moment or before is in the lanes, or expected there. */
  #seenUntil = -1
  #timer: NodeJS.Timeout | undefined
  #timerAt = Number.POSITIVE_INFINITY
  #retry: NodeJS.Timeout | undefined
  #closed = false

  constructor(jobs: Jobs, now: () => number) {
    this.#jobs = jobs
    this.#now = now
    this.#lanes = new Lanes(jobs)
    this.#look()
  }

  add(jobs: readonly NewJob[]): Promise<void> {
    if (this.#closed) return Promise.reject(new Error('the queue is closed'))
    return new Promise((resolve, reject) => {
      this.#pending.push({ kind: 'add', jobs, resolve, reject })
      this.#schedule()
    })
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
    const active = this.#lanes.inHandCount
    return { due: Math.max(0, all - later - active), waiting: later, active }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#timer)
    clearTimeout(this.#retry)
    await Promise.all([...this.#workers].map((hands) => this.#stop(hands)))
    this.#flush()
    this.#jobs.close()
  }

  async #stop(hands: Hands): Promise<void> {
    this.#workers.delete(hands)
    hands.stopped ??= Promise.withResolvers()
    if (hands.inHand === 0) hands.stopped.resolve()
    await hands.stopped.promise
    // The last verdicts are written in the turn in which they came.
    await nextTurn()
  }

  #handOut(): void {
    for (const hands of this.#workers) {
      while (hands.inHand < hands.options.concurrency && this.#pending.length < pendingMax) {
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
    this.#pending.push(settlement)
    this.#schedule()
    if (hands.inHand === 0) hands.stopped?.resolve()
    this.#handOut()
  }

  async #ask(hands: Hands, job: InHand): Promise<Settlement> {
    try {
      const verdict = await hands.handle({ key: job.key, lane: job.lane })
      const dueAt = verdict.kind === 'again' ? verdict.at : undefined
      return { kind: 'settle', job, dueAt, thrown: 0 }
    } catch {
      // No verdict: who gave the handler reports what it threw; here it only means another time.
      const waitMs = Math.min(thrownWaitMsFirst * 2 ** job.thrown, thrownWaitMsMost)
      return { kind: 'settle', job, dueAt: this.#now() + waitMs, thrown: job.thrown + 1 }
    }
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

  /** Commits what is pending, in the order in which it came; only then is it acted upon. */
  #flush(): void {
    const batch = this.#pending
    if (batch.length === 0) return
    this.#pending = []
    const stored: JobRow[] = []
    try {
      this.#jobs.commit(() => {
        for (const entry of batch) {
          if (entry.kind === 'add') this.#addAll(entry.jobs, stored)
          else this.#settle(entry, stored)
        }
      })
    } catch (error) {
      this.#keep(batch, error)
      return
    }
    for (const entry of batch) {
      if (entry.kind === 'add') entry.resolve()
      else this.#lanes.settled(entry.job)
    }
    for (const job of stored) this.#place(job)
    this.#handOut()
  }

  #addAll(jobs: readonly NewJob[], stored: JobRow[]): void {
    const now = this.#now()
    for (const { key, lane, dueAt = now } of jobs) {
      const inHand = this.#lanes.inHand(key)
      // Its row stays until the verdict, so a crash in between brings it back too.
      if (inHand !== undefined) inHand.addedDueAt = Math.min(dueAt, inHand.addedDueAt ?? dueAt)
      else if (!this.#lanes.isReady(key)) {
        this.#jobs.add({ key, lane, dueAt })
        stored.push({ key, lane, dueAt, thrown: 0 })
      }
    }
  }

  #settle({ job, dueAt, thrown }: Settlement, stored: JobRow[]): void {
    const again = Math.min(dueAt ?? Number.POSITIVE_INFINITY, job.addedDueAt ?? Number.POSITIVE_INFINITY)
    if (again === Number.POSITIVE_INFINITY) {
      this.#jobs.remove(job.key)
      return
    }
    const moved = { key: job.key, lane: job.lane, dueAt: again, thrown }
    this.#jobs.move(moved)
    stored.push(moved)
  }

  /** Nothing of the batch is stored. Additions are refused; verdicts are given, so they are written as soon as that goes. */
  #keep(batch: readonly (Addition | Settlement)[], error: unknown): void {
    for (const entry of batch) if (entry.kind === 'add') entry.reject(error)
    this.#pending = [...batch.filter(({ kind }) => kind === 'settle'), ...this.#pending]
    if (this.#closed || this.#pending.length === 0) return
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined
      this.#schedule()
    }, retryMs).unref()
  }

  /** A stored job goes to its lane when it is due, else the timer is set for it. */
  #place(job: JobRow): void {
    if (job.dueAt <= this.#now()) {
      this.#lanes.offer(job)
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
