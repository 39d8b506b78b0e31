import type Database from 'better-sqlite3'
import type { EventId, RunId, WorkflowId } from '../../nodes/contract/ids.ts'
import type { Journal } from './sqlite-journal.ts'

/** Events (with their runs) that one commit removes: a few milliseconds, so that webhooks are taken in between. */
const sliceEvents = 100

/** Removes what belonged to workflows that are gone, slice by slice. */
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

  return {
    reads: {
      departed: () => departed.all(),
    },
    writes: {
      purgeSlice(workflowId: WorkflowId): 'more' | 'all' {
        const events = some.all(workflowId, sliceEvents)
        for (const event of events) {
          for (const run of runs.all(event)) {
            journal.remove(run)
            for (const removal of ofRun) removal.run(run)
          }
          for (const removal of ofEvent) removal.run(event)
        }
        if (events.length === sliceEvents) return 'more'
        for (const removal of rest) removal.run(workflowId)
        return 'all'
      },
    },
  }
}
