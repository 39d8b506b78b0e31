import type Database from 'better-sqlite3'
import type { RunId, WorkerId } from '../../nodes/contract/ids.ts'
import type { Journal } from './sqlite-journal.ts'
import { hasEnded, readRun, stateCodes } from './sqlite-run-row.ts'
import type { ChangeValues, RunRow } from './sqlite-run-row.ts'
import { Conflict } from './storage.ts'
import type { Run } from './storage.ts'

const { queued, running, waiting, held, cancelled } = stateCodes
/** Of a run's first claim. */
const firstFence = 1

/** What a worker does with a run in its hands: the path that every webhook takes, so one statement where one will do. */
export function runWorkCalls(db: Database.Database, journal: Journal) {
  const byId = db.prepare<[string], RunRow>('SELECT * FROM runs WHERE id = ?')
  const grip = db.prepare<
    [string],
    {
      readonly fence: number
      readonly state: number
      readonly interruptions: number
      readonly cancel_requested: number
    }
  >('SELECT fence, state, interruptions, cancel_requested FROM runs WHERE id = ?')
  const isKnown = db.prepare<[string]>('SELECT 1 FROM workers WHERE id = ?')
  const know = db.prepare<[string]>('INSERT OR IGNORE INTO workers (id, beat) VALUES (?, 0)')
  const take = db.prepare<[string, number, number, number, string]>(
    `UPDATE runs SET state = ${running}, owner = ?, fence = ?, started_at = ?, interruptions = ?, due_at = NULL
     WHERE id = ?`,
  )
  const settle = db.prepare<
    [number, number, number, number, number | null, number | null, string | null, string]
  >(
    `UPDATE runs SET state = ?, owner = NULL, fence = ?, started_at = ?, interruptions = ?, due_at = ?, ended_at = ?,
     error = ? WHERE id = ?`,
  )
  const calm = db.prepare<[string]>('UPDATE runs SET interruptions = 0 WHERE id = ?')
  const leave = db.prepare<[number, number | null, number | null, string | null, number, string]>(
    'UPDATE runs SET state = ?, due_at = ?, ended_at = ?, error = ?, interruptions = ?, owner = NULL WHERE id = ?',
  )
  const giveBack = db.prepare<[string, number]>(
    `UPDATE runs SET state = ${queued}, owner = NULL WHERE id = ? AND fence = ? AND state = ${running}`,
  )

  // A worker that claims is alive, also before its first beat. One that is not in the table was removed, or lived in a
  // process that is gone: opening the file empties the table.
  const claimed = (
    id: RunId,
    worker: WorkerId,
    at: number,
  ): (RunRow & { readonly started_at: number }) | undefined => {
    const row = byId.get(id)
    if (row === undefined || row.state === held || hasEnded(row.state)) return undefined
    const taken = row.owner !== null && row.owner !== worker
    if (taken && isKnown.get(row.owner) !== undefined) return undefined
    know.run(worker)
    return {
      ...row,
      state: running,
      owner: worker,
      fence: row.fence + 1,
      started_at: row.started_at ?? at,
      interruptions: row.interruptions + (taken ? 1 : 0),
      due_at: null,
    }
  }

  return {
    claim(id: RunId, worker: WorkerId, at: number): Run | undefined {
      const row = claimed(id, worker, at)
      if (row === undefined) return undefined
      take.run(worker, row.fence, row.started_at, row.interruptions, id)
      return readRun(row)
    },

    begin(
      id: RunId,
      worker: WorkerId,
      at: number,
      entry: string | undefined,
      change: ChangeValues | undefined,
    ): number | undefined {
      const row = claimed(id, worker, at)
      if (row === undefined || row.fence !== firstFence) return undefined
      if (entry !== undefined) journal.add(id, entry)
      const interruptions = entry === undefined ? row.interruptions : 0
      if (change === undefined) take.run(worker, row.fence, row.started_at, interruptions, id)
      else {
        const [state, dueAt, endedAt, error] = change
        settle.run(state, row.fence, row.started_at, interruptions, dueAt, endedAt, error, id)
      }
      return row.fence
    },

    record(id: RunId, fence: number, entry: string | undefined, change: ChangeValues | undefined) {
      const found = grip.get(id)
      if (found === undefined || found.fence !== fence || found.state !== running) {
        throw new Conflict(`${id} is not in these hands any more: somebody else holds it, or it has ended`)
      }
      if (entry !== undefined) journal.add(id, entry)
      const interruptions = entry === undefined ? found.interruptions : 0
      if (change !== undefined) {
        const [state, dueAt, endedAt, error, learntAt] = change
        // Cancelled while this was on its way here: there is nothing to wait for.
        if (state === waiting && found.cancel_requested === 1) {
          leave.run(cancelled, null, learntAt, null, interruptions, id)
        } else leave.run(state, dueAt, endedAt, error, interruptions, id)
      } else if (interruptions !== found.interruptions) calm.run(id)
    },

    release: (id: RunId, fence: number) => void giveBack.run(id, fence),
  }
}
