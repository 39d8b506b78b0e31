import type Database from 'better-sqlite3'
import type { RunId, WorkerId } from '../../nodes/contract/ids.ts'
import type { Committer } from './sqlite-commit.ts'
import { weightOf } from './sqlite-journal.ts'
import type { Journal } from './sqlite-journal.ts'
import { hasEnded, readRun, stateCodes } from './sqlite-run-row.ts'
import type { RunRow } from './sqlite-run-row.ts'
import { Conflict } from './storage.ts'
import type { Progress, Run, RunStore } from './storage.ts'

const { queued, running, held } = stateCodes

/** What a worker does with a run in its hands: the path that every webhook takes, so one statement where one will do. */
export function runWork(
  db: Database.Database,
  committer: Committer,
  journal: Journal,
): Pick<RunStore, 'claim' | 'record' | 'release'> {
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
  const calm = db.prepare<[string]>('UPDATE runs SET interruptions = 0 WHERE id = ?')
  const leave = db.prepare<[number, number | null, number | null, string | null, number, string]>(
    'UPDATE runs SET state = ?, due_at = ?, ended_at = ?, error = ?, interruptions = ?, owner = NULL WHERE id = ?',
  )
  const giveBack = db.prepare<[string, number]>(
    `UPDATE runs SET state = ${queued}, owner = NULL WHERE id = ? AND fence = ? AND state = ${running}`,
  )

  // A worker that claims is alive, also before its first beat. One that is not in the table was removed, or lived in a
  // process that is gone: opening the file empties the table.
  const claim = (
    id: RunId,
    worker: WorkerId,
    at: number,
    isDead: (owner: WorkerId) => boolean,
  ): Run | undefined => {
    const row = byId.get(id)
    if (row === undefined || row.state === held || hasEnded(row.state)) return undefined
    const taken = row.owner !== null && row.owner !== worker
    if (taken && isKnown.get(row.owner) !== undefined && !isDead(row.owner)) return undefined
    const claimed: RunRow = {
      ...row,
      state: running,
      owner: worker,
      fence: row.fence + 1,
      started_at: row.started_at ?? at,
      interruptions: row.interruptions + (taken ? 1 : 0),
      due_at: null,
    }
    know.run(worker)
    take.run(worker, claimed.fence, claimed.started_at ?? at, claimed.interruptions, id)
    return readRun(claimed)
  }

  const record = (id: RunId, fence: number, { steps, change }: Progress) => {
    const held = grip.get(id)
    if (held === undefined || held.fence !== fence || held.state !== running) {
      throw new Conflict(`${id} is not in these hands any more: somebody else holds it, or it has ended`)
    }
    for (const step of steps) journal.write(id, step)
    const interruptions = steps.length > 0 ? 0 : held.interruptions
    if (change?.state === 'waiting' && held.cancel_requested === 1) {
      // Cancelled while this was on its way here: there is nothing to wait for.
      const at = steps.at(-1)?.endedAt ?? change.dueAt
      leave.run(stateCodes.cancelled, null, at, null, interruptions, id)
    } else if (change !== undefined) leave.run(...outcomeOf(change), interruptions, id)
    else if (interruptions !== held.interruptions) calm.run(id)
  }

  return {
    claim: (id, worker, at, isDead) => committer.write(() => claim(id, worker, at, isDead)),
    record: (id, fence, progress) =>
      committer.write(
        () => record(id, fence, progress),
        progress.steps.reduce((sum, step) => sum + weightOf(step), 0),
      ),
    release: async (id, fence) => {
      await committer.write(() => giveBack.run(id, fence))
    },
  }
}

/** state, due_at, ended_at, error */
function outcomeOf(
  change: NonNullable<Progress['change']>,
): [number, number | null, number | null, string | null] {
  if (change.state === 'waiting') return [stateCodes.waiting, change.dueAt, null, null]
  const error = change.state === 'failed' ? JSON.stringify(change.error) : null
  return [stateCodes[change.state], null, change.at, error]
}
