import { askingTimeoutMs, soon } from '../redis/connect.ts'
import { Away, type NewJob } from './queue.ts'

/** Jobs that one round trip adds. */
const addedAtOnce = 500
/** Additions that wait for a Redis that is slow; what finds no room is found in the store later. */
const additionsMost = 20_000

interface Addition {
  readonly jobs: readonly NewJob[]
  readonly added: PromiseWithResolvers<void>
}

export interface AdditionsOptions {
  /** Adds the jobs; rejects when Redis did not take them. */
  readonly put: (jobs: readonly NewJob[]) => Promise<void>
  readonly onAnswered: () => void
  /** So many jobs could not be added, for this reason. */
  readonly onMissed: (jobs: number, reason: string) => void
}

/** Jobs on their way to Redis: what comes while a round trip is under way shares the next. */
export class Additions {
  readonly #options: AdditionsOptions
  #waiting: Addition[] = []
  #isAdding = false

  constructor(options: AdditionsOptions) {
    this.#options = options
  }

  /** Throws `Away`. */
  add(jobs: readonly NewJob[]): Promise<void> {
    if (jobs.length === 0) return Promise.resolve()
    if (this.#waiting.length >= additionsMost) {
      return Promise.reject(this.#missed(jobs.length, new Away('Redis does not keep up')))
    }
    const added = Promise.withResolvers<void>()
    this.#waiting.push({ jobs, added })
    void this.#addAll()
    return added.promise
  }

  async #addAll(): Promise<void> {
    if (this.#isAdding) return
    this.#isAdding = true
    while (this.#waiting.length > 0) {
      const batch = this.#takeBatch()
      const jobs = batch.flatMap((addition) => addition.jobs)
      try {
        await soon(this.#options.put(jobs), askingTimeoutMs)
        this.#options.onAnswered()
        for (const { added } of batch) added.resolve()
      } catch (error) {
        const away = this.#missed(jobs.length, error)
        for (const { added } of batch) added.reject(away)
      }
    }
    this.#isAdding = false
  }

  #takeBatch(): readonly Addition[] {
    let count = 0
    const end = this.#waiting.findIndex(({ jobs }) => (count += jobs.length) > addedAtOnce)
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : Math.max(1, end))
  }

  #missed(jobs: number, error: unknown): Away {
    const away = error instanceof Away ? error : new Away(`Redis cannot be used (${String(error)})`)
    this.#options.onMissed(jobs, away.message)
    return away
  }
}
