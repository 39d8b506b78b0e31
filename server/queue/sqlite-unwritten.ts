import type { JobRow } from './sqlite-jobs.ts'

interface Entry {
  readonly job: JobRow
  readonly since: number
  /** Nobody holds it in memory: it waits for the table. */
  readonly isUrgent: boolean
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
    this.end(job.key)
    const isUrgent = where === 'for the table'
    if (isUrgent) this.#urgent += 1
    this.#entries.set(job.key, { job, since, isUrgent })
  }

  /** One that waits for the table is due at the earlier of the two times. */
  hasten(key: string, dueAt: number): void {
    const entry = this.#entries.get(key)
    if (entry?.isUrgent && dueAt < entry.job.dueAt)
      this.#entries.set(key, { ...entry, job: { ...entry.job, dueAt } })
  }

  /** The job is over, or written. */
  end(key: string): void {
    if (this.#entries.get(key)?.isUrgent) this.#urgent -= 1
    this.#entries.delete(key)
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
}
