import type Database from 'better-sqlite3'
import type { EventId, RunId, WorkflowId } from '../../nodes/contract/ids.ts'
import type { Journal } from './sqlite-journal.ts'
import { hasEnded } from './sqlite-run-row.ts'
import type { Forgotten, Old } from './storage.ts'

/** Events (with their runs) that one commit removes: a few milliseconds, so that webhooks are taken in between. */
const sliceEvents = 100

interface Aged {
  readonly id: EventId
  readonly received_at: number
  readonly dedupe_until: number | null
}

/** Removes what belonged to workflows that are gone, and what is old, slice by slice. */
export function purgeCalls(db: Database.Database, journal: Journal) {
  const departed = db.prepare<[], WorkflowId>('SELECT workflow_id FROM departed').pluck()
  const some = db
    .prepare<[string, number], EventId>('SELECT id FROM events WHERE workflow_id = ? LIMIT ?')
    .pluck()
  const runs = db.prepare<[string], RunId>('SELECT id FROM runs WHERE event_id = ?').pluck()
  const ofRun = ['DELETE FROM run_graphs WHERE run_id = ?', 'DELETE FROM runs WHERE id = ?'].map((sql) =>
    db.prepare<[string]>(sql),
  )
  const ofEvent = [
    'DELETE FROM repeats WHERE event_id = ?',
    'DELETE FROM answers WHERE event_id = ?',
    'DELETE FROM runless WHERE event_id = ?',
    'DELETE FROM by_hand WHERE event_id = ?',
    'DELETE FROM sent_again WHERE event_id = ?',
    'DELETE FROM events WHERE id = ?',
  ].map((sql) => db.prepare<[string]>(sql))
  const rest = [
    'DELETE FROM rejection_bodies WHERE seq IN (SELECT seq FROM rejections WHERE workflow_id = ?)',
    'DELETE FROM rejections WHERE workflow_id = ?',
    'DELETE FROM rejected WHERE workflow_id = ?',
    'DELETE FROM versions WHERE workflow_id = ?',
    'DELETE FROM departed WHERE workflow_id = ?',
  ].map((sql) => db.prepare<[string]>(sql))

  const aged = db.prepare<[string, number], Aged>(
    'SELECT id, received_at, dedupe_until FROM events WHERE id > ? ORDER BY id LIMIT ?',
  )
  const endings = db.prepare<[string], { readonly state: number; readonly ended_at: number | null }>(
    'SELECT state, ended_at FROM runs WHERE event_id = ?',
  )
  const pages = db.prepare<[], number>(
    `SELECT (pages.page_count - free.freelist_count) * size.page_size
     FROM pragma_page_count pages, pragma_freelist_count free, pragma_page_size size`,
  )

  const remove = (event: EventId) => {
    for (const run of runs.all(event)) {
      journal.remove(run)
      for (const removal of ofRun) removal.run(run)
    }
    for (const removal of ofEvent) removal.run(event)
  }

  /** Whether nothing of it is needed since a moment. */
  const isOver = ({ id, received_at, dedupe_until }: Aged, before: number): boolean => {
    if (received_at >= before || (dedupe_until ?? 0) >= before) return false
    const its = endings.all(id)
    return (
      its.length > 0 && its.every(({ state, ended_at }) => hasEnded(state) && (ended_at ?? before) < before)
    )
  }

  return {
    reads: {
      departed: () => departed.all(),
      size: () => pages.pluck().get() ?? 0,
    },
    writes: {
      purgeSlice(workflowId: WorkflowId): 'more' | 'all' {
        const events = some.all(workflowId, sliceEvents)
        for (const event of events) remove(event)
        if (events.length === sliceEvents) return 'more'
        for (const removal of rest) removal.run(workflowId)
        return 'all'
      },
      forgetEvents({ before, limit, after }: Old): Forgotten {
        const found = aged.all(after ?? '', limit)
        const old = found.filter((event) => isOver(event, before))
        for (const { id } of old) remove(id)
        const last = found.at(-1)
        const isMore = found.length === limit && last !== undefined && last.received_at < before
        return { events: old.length, next: isMore ? last.id : null }
      },
    },
  }
}
