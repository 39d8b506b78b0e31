import type Database from 'better-sqlite3'
import type { RunId } from '../../nodes/contract/ids.ts'
import type { StoredAttempt, StoredStep } from './storage.ts'

/**
 * What is known of a run is what its entries add up to. An entry is JSON: the steps that one `record` told, each with the
 * attempts that were new; or `null` where the run was resumed and lost its failed steps. Nothing is ever rewritten, and only
 * who asks for the steps reads them: most runs end without.
 */
type Entry = readonly StoredStep[] | null

export const entryOf = (steps: readonly StoredStep[]): string => JSON.stringify(steps satisfies Entry)

/** In the order in which steps were first recorded; attempts in the order in which they were added. */
export function stepsOf(entries: readonly string[]): readonly StoredStep[] {
  const steps = new Map<string, StoredStep>()
  const attempts = new Map<string, StoredAttempt[]>()
  for (const text of entries) {
    const entry = JSON.parse(text) as Entry
    if (entry === null) {
      for (const { id, state } of steps.values()) if (state === 'failed') steps.delete(id)
      continue
    }
    for (const step of entry) {
      steps.set(step.id, step)
      const made = attempts.get(step.id)
      if (made === undefined) attempts.set(step.id, [...step.attempts])
      else made.push(...step.attempts)
    }
  }
  return Array.from(steps.values(), (step) => ({ ...step, attempts: attempts.get(step.id) ?? [] }))
}

/** The entries of runs. It writes inside a commit that its caller has opened. */
export interface Journal {
  add(run: RunId, entry: string): void
  /** In the order in which they were added. */
  read(run: RunId): readonly string[]
  /** The attempts stay: they were made, whatever becomes of the step. */
  loseFailed(run: RunId): void
  remove(run: RunId): void
}

export function openJournal(db: Database.Database): Journal {
  const add = db.prepare<[string, string]>('INSERT INTO journal (run_id, entry) VALUES (?, ?)')
  const read = db.prepare<[string], string>('SELECT entry FROM journal WHERE run_id = ? ORDER BY seq').pluck()
  const remove = db.prepare<[string]>('DELETE FROM journal WHERE run_id = ?')
  return {
    add: (run, entry) => void add.run(run, entry),
    read: (run) => read.all(run),
    loseFailed: (run) => void add.run(run, 'null'),
    remove: (run) => void remove.run(run),
  }
}
