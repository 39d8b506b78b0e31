import type Database from 'better-sqlite3'
import { standings, stateCodes } from './sqlite-run-row.ts'
import type { Tally } from './storage.ts'

/**
 * Counts, and keeps no counters: a counter would repeat what it was told, a count can find that a run is missing.
 * Each count reads the shortest index that knows the answer, and names it where SQLite would take a longer one. One count
 * for each state, not one `GROUP BY`, which takes twice as long. Measured: 8 ms at 200,000 events, 80 ms at a million.
 * The events are counted apart from the runs.
 * @param unfiled events that are stored elsewhere, each with a run that has not begun
 */
export function openBalance(db: Database.Database, unfiled: { readonly count: number }): () => Tally {
  const events = db.prepare<[], { readonly count: number }>(
    `SELECT (SELECT count(*) FROM events) -
      (SELECT count(*) FROM events INDEXED BY events_test WHERE kind = 1) AS count`,
  )
  const duplicates = db.prepare<[], { readonly count: number | null }>(
    'SELECT sum(count) AS count FROM repeats WHERE kind = 0',
  )
  const runless = db.prepare<[], { readonly count: number }>('SELECT count(*) AS count FROM runless')
  const runs = db.prepare<[number], { readonly count: number }>(
    `SELECT count(*) AS count FROM runs INDEXED BY runs_by_state WHERE standing = ${standings.newest} AND state = ?`,
  )
  const rejected = db.prepare<[], { readonly count: number | null }>(
    'SELECT sum(count) AS count FROM rejected',
  )

  const countOf = (...codes: readonly number[]) =>
    codes.reduce((sum, code) => sum + (runs.get(code)?.count ?? 0), 0)

  return () => {
    const { accepted, queued, running, waiting, held, succeeded, filtered, failed, cancelled } = stateCodes
    return {
      accepted: (events.get()?.count ?? 0) + unfiled.count,
      succeeded: countOf(succeeded),
      filtered: countOf(filtered),
      failed: countOf(failed),
      cancelled: countOf(cancelled),
      held: countOf(held),
      pending: countOf(accepted, queued, running, waiting) + (runless.get()?.count ?? 0) + unfiled.count,
      duplicates: duplicates.get()?.count ?? 0,
      rejected: rejected.get()?.count ?? 0,
    }
  }
}
