import type Database from 'better-sqlite3'
import type { EventId, RunId, WorkflowId } from '../../nodes/contract/ids.ts'
import type { Committer } from './sqlite-commit.ts'
import type { Journal } from './sqlite-journal.ts'

/** Events (with their runs) that one commit removes: a few milliseconds, so that webhooks are taken in between. */
const sliceEvents = 100

export interface Purge {
  /** Removes what belonged to a workflow that is gone, slice by slice. */
  purge(id: WorkflowId): Promise<void>
  /** Goes on with what a process that ended could not finish. */
  finish(): Promise<void>
}

export function openPurge(db: Database.Database, committer: Committer, journal: Journal): Purge {
  const departed = db.prepare<[], { readonly workflow_id: WorkflowId }>('SELECT workflow_id FROM departed')
  const some = db.prepare<[string, number], { readonly seq: number; readonly id: EventId }>(
    'SELECT seq, id FROM events WHERE workflow_id = ? LIMIT ?',
  )
  const runs = db.prepare<[string], { readonly id: RunId }>('SELECT id FROM runs WHERE event_id = ?')
  const removals = {
    event: db.prepare<[number]>('DELETE FROM events WHERE seq = ?'),
    body: db.prepare<[number]>('DELETE FROM bodies WHERE seq = ?'),
    run: db.prepare<[string]>('DELETE FROM runs WHERE id = ?'),
    graph: db.prepare<[string]>('DELETE FROM run_graphs WHERE run_id = ?'),
  }
  const rest = [
    'DELETE FROM rejection_bodies WHERE seq IN (SELECT seq FROM rejections WHERE workflow_id = ?)',
    'DELETE FROM rejections WHERE workflow_id = ?',
    'DELETE FROM rejected WHERE workflow_id = ?',
    'DELETE FROM versions WHERE workflow_id = ?',
    'DELETE FROM departed WHERE workflow_id = ?',
  ].map((sql) => db.prepare<[string]>(sql))

  const removeSlice = (workflowId: WorkflowId): 'more' | 'all' => {
    const events = some.all(workflowId, sliceEvents)
    for (const { seq, id } of events) {
      for (const run of runs.all(id)) {
        journal.remove(run.id)
        removals.graph.run(run.id)
        removals.run.run(run.id)
      }
      removals.body.run(seq)
      removals.event.run(seq)
    }
    if (events.length === sliceEvents) return 'more'
    for (const removal of rest) removal.run(workflowId)
    return 'all'
  }

  const purge = async (id: WorkflowId) => {
    while ((await committer.write(() => removeSlice(id))) === 'more');
  }
  return {
    purge,
    finish: async () => {
      for (const row of await committer.read(() => departed.all())) await purge(row.workflow_id)
    },
  }
}
