import type Database from 'better-sqlite3'
import type { RunId } from '../../nodes/contract/ids.ts'

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
