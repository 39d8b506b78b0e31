import type { JobRow } from './sqlite-jobs.ts'

interface Entry {
  job: JobRow
  readonly since: number
  /** Nobody holds it in memory: it waits for the table. */
  readonly isUrgent: boolean
  /** For those who asked when it would survive a crash. */
  kept: PromiseWithResolvers<void> | undefined
}

/**
 * The jobs that the table has not: those that are worked on, or are about to be, and those on their way to the table.
 * Most are over before they are written. What is kept here is bounded by what the lanes and the hands take.
 */
export class Unwritten {
  /** Oldest first. */
  readonly #entries = new Map<string, Entry>()
  #urgent = 0

  get size(): number {
    return this.#entries.size
  }

  has(key: string): boolean {
    return this.#entries.has(key)
  }

  put(job: JobRow, since: number, where: 'in memory' | 'for the table'): void {
    const kept = this.#remove(job.key)?.kept
    const isUrgent = where === 'for the table'
    if (isUrgent) this.#urgent += 1
    this.#entries.set(job.key, { job, since, isUrgent, kept })
  }

  /** One that waits for the table is due at the earlier of the two times. */
  hasten(key: string, dueAt: number): void {
    const entry = this.#entries.get(key)
    if (entry?.isUrgent && dueAt < entry.job.dueAt) entry.job = { ...entry.job, dueAt }
  }

  /** Resolves once the job is written or over; `undefined` when that is so already. */
  whenKept(key: string): Promise<void> | undefined {
    const entry = this.#entries.get(key)
    return entry && (entry.kept ??= Promise.withResolvers()).promise
  }

  /** The job is over. */
  end(key: string): void {
    this.#remove(key)?.kept?.resolve()
  }

  /** What has to be written now: what nobody holds, and what has been here since before a moment. */
  due(before: number): readonly Entry[] {
    const entries: Entry[] = []
    let urgentLeft = this.#urgent
    for (const entry of this.#entries.values()) {
      if (entry.since >= before && urgentLeft === 0) break
      if (entry.isUrgent) urgentLeft -= 1
      if (entry.isUrgent || entry.since < before) entries.push(entry)
    }
    return entries
  }

  written(entries: readonly Entry[]): void {
    for (const { job } of entries) this.end(job.key)
  }

  /** They could not be written: who asked is told, and what nobody holds is forgotten. */
  refused(entries: readonly Entry[], error: unknown): void {
    for (const entry of entries) {
      entry.kept?.reject(error)
      entry.kept = undefined
      if (entry.isUrgent) this.#remove(entry.job.key)
    }
  }

  #remove(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    if (entry.isUrgent) this.#urgent -= 1
    return entry
  }
}
