import type Database from 'better-sqlite3'
import { standings, stateCodes } from './sqlite-run-row.ts'
import type { Tally } from './storage.ts'

/**
 * Counts, and keeps no counters: a counter would repeat what it was told, a count can find that a run is missing.
 * Each count reads an index only, so that no row is touched. The events are counted apart from the runs.
 */
export function openBalance(db: Database.Database): () => Tally {
  const events = db.prepare<[], { readonly all: number; readonly test: number }>(
    `SELECT (SELECT count(*) FROM events) AS "all", (SELECT count(*) FROM events WHERE kind = 1) AS test`,
  )
  const duplicates = db.prepare<[], { readonly count: number | null }>(
    'SELECT sum(duplicates) AS count FROM events WHERE kind = 0 AND duplicates > 0',
  )
  const runless = db.prepare<[], { readonly count: number }>(
    'SELECT count(*) AS count FROM events WHERE kind = 0 AND runless = 1',
  )
  const runs = db.prepare<[], { readonly state: number; readonly count: number }>(
    `SELECT state, count(*) AS count FROM runs WHERE standing = ${standings.newest} GROUP BY state`,
  )
  const rejected = db.prepare<[], { readonly count: number | null }>(
    'SELECT sum(count) AS count FROM rejected',
  )

  return () => {
    const states = new Map(runs.all().map(({ state, count }) => [state, count]))
    const countOf = (...codes: readonly number[]) =>
      codes.reduce((sum, code) => sum + (states.get(code) ?? 0), 0)
    const { accepted, queued, running, waiting, held, succeeded, filtered, failed, cancelled } = stateCodes
    const { all, test } = events.get() ?? { all: 0, test: 0 }
    return {
      accepted: all - test,
      succeeded: countOf(succeeded),
      filtered: countOf(filtered),
      failed: countOf(failed),
      cancelled: countOf(cancelled),
      held: countOf(held),
      pending: countOf(accepted, queued, running, waiting) + (runless.get()?.count ?? 0),
      duplicates: duplicates.get()?.count ?? 0,
      rejected: rejected.get()?.count ?? 0,
    }
  }
}
