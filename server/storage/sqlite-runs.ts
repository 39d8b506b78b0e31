import type Database from 'better-sqlite3'
import type { RunId, WorkflowId } from '../../nodes/contract/ids.ts'
import type { Journal } from './sqlite-journal.ts'
import { cursorOf, pageOf } from './page.ts'
import { hasEnded, readRun, standings, stateCodes, stateOf } from './sqlite-run-row.ts'
import type { RunRow, RunValues } from './sqlite-run-row.ts'
import { runWorkCalls } from './sqlite-run-work.ts'
import { Conflict, NotFound } from './storage.ts'
import type { Page, Run, RunFilter } from './storage.ts'

const { queued, running, held, failed, cancelled } = stateCodes
const production = [standings.newest, standings.older]
const unfinishedStates = [stateCodes.accepted, queued, running, stateCodes.waiting]

/**
 * Runs, and what a person or the engine does with a run that nobody has in hand.
 * @param unfiled events that are stored elsewhere, each with a run that has not begun
 */
export function runCalls(
  db: Database.Database,
  journal: Journal,
  insert: (run: RunValues, graph: string | null) => void,
  unfiled: { countOf(workflowId: string): number },
) {
  const event = db.prepare<[string]>('SELECT 1 FROM events WHERE id = ?')
  const outdate = db.prepare<[string]>(
    `UPDATE runs SET standing = ${standings.older} WHERE event_id = ? AND standing = ${standings.newest}`,
  )
  const hasRun = db.prepare<[string]>('DELETE FROM runless WHERE event_id = ?')
  const byId = db.prepare<[string], RunRow>('SELECT * FROM runs WHERE id = ?')
  const graph = db.prepare<[string], string>('SELECT graph FROM run_graphs WHERE run_id = ?').pluck()
  const end = db.prepare<[number, string]>(
    `UPDATE runs SET state = ${cancelled}, ended_at = ?, due_at = NULL, cancel_requested = 1 WHERE id = ?`,
  )
  const askToEnd = db.prepare<[string]>('UPDATE runs SET cancel_requested = 1 WHERE id = ?')
  const again = db.prepare<[string]>(
    `UPDATE runs SET state = ${queued}, ended_at = NULL, due_at = NULL, error = NULL, interruptions = 0,
     cancel_requested = 0 WHERE id = ?`,
  )
  const enqueue = db.prepare<[string]>(`UPDATE runs SET state = ${queued} WHERE id = ?`)

  const newest = db.prepare<[string, number], RunRow>(
    'SELECT * FROM runs WHERE id < ? ORDER BY id DESC LIMIT ?',
  )
  const ofEvent = db.prepare<[string, string], RunRow>(
    'SELECT * FROM runs WHERE event_id = ? AND id < ? ORDER BY id DESC',
  )
  const newestIn = db.prepare<[number, number, string, number], { readonly id: string }>(
    'SELECT id FROM runs WHERE standing = ? AND state = ? AND id < ? ORDER BY id DESC LIMIT ?',
  )
  const newestOf = db.prepare<[string, number, number, string, number], { readonly id: string }>(
    `SELECT id FROM runs WHERE workflow_id = ? AND standing = ? AND state = ? AND id < ? ORDER BY id DESC LIMIT ?`,
  )
  const oldestIn = db.prepare<[number, number, string, number], { readonly id: string }>(
    'SELECT id FROM runs WHERE standing = ? AND state = ? AND id > ? ORDER BY id LIMIT ?',
  )
  const oldestHeld = db.prepare<[string, number, number], { readonly id: RunId }>(
    `SELECT id FROM runs WHERE workflow_id = ? AND standing = ? AND state = ${held} ORDER BY id LIMIT ?`,
  )
  const pending = db
    .prepare<[string, number], number>(
      `SELECT count(*) FROM (SELECT 1 FROM runs INDEXED BY runs_by_workflow WHERE workflow_id = ?
       AND standing IN (${production.join()}) AND state IN (${[...unfinishedStates, held].join()}) LIMIT ?)`,
    )
    .pluck()

  const stored = (id: RunId): RunRow => {
    const row = byId.get(id)
    if (row === undefined) throw new NotFound(`there is no run ${id}`)
    return row
  }
  const rowsOf = (ids: readonly string[]) => ids.flatMap((id) => byId.get(id) ?? [])

  /**
   * An index keeps one list per (standing, state), sorted by id; any filter is some of those lists, merged. So a page of
   * failed runs costs the same among a hundred runs and among a million.
   */
  const listed = (filter: RunFilter, page: Page): readonly RunRow[] => {
    const { workflowId, eventId, state, kind } = filter
    const count = page.limit + 1
    if (eventId !== undefined) {
      return ofEvent
        .all(eventId, cursorOf(page))
        .filter((row) => matches(filter, row))
        .slice(0, count)
    }
    if (workflowId === undefined && state === undefined && kind === undefined)
      return newest.all(cursorOf(page), count)
    const ids: string[] = []
    for (const standing of standingsOf(kind)) {
      for (const code of state === undefined ? Object.values(stateCodes) : [stateCodes[state]]) {
        const some =
          workflowId === undefined
            ? newestIn.all(standing, code, cursorOf(page), count)
            : newestOf.all(workflowId, standing, code, cursorOf(page), count)
        for (const { id } of some) ids.push(id)
      }
    }
    return rowsOf(ids.toSorted(descending).slice(0, count))
  }

  const releaseHeld = (workflowId: WorkflowId, limit: number): readonly RunId[] => {
    const ids = production
      .flatMap((standing) => oldestHeld.all(workflowId, standing, limit).map(({ id }) => id))
      .toSorted(ascending)
      .slice(0, limit)
    for (const id of ids) enqueue.run(id)
    return ids
  }

  return {
    reads: {
      run: (id: RunId) => {
        const row = byId.get(id)
        return row === undefined ? undefined : readRun(row)
      },
      graph: (id: RunId) => graph.get(id),
      /** See `stepsOf`. */
      entries: (id: RunId) => journal.read(id),
      runs: (filter: RunFilter, page: Page) => pageOf(listed(filter, page), page, readRun, ({ id }) => id),
      pending: (workflowId: WorkflowId, atMost: number) =>
        Math.min(atMost, (pending.get(workflowId, atMost) ?? 0) + unfiled.countOf(workflowId)),
      unfinished: ({ after = '', limit }: { readonly after?: RunId | ''; readonly limit: number }) => {
        const ids = standingsOf(undefined).flatMap((standing) =>
          unfinishedStates.flatMap((state) =>
            oldestIn.all(standing, state, after, limit).map(({ id }) => id),
          ),
        )
        return rowsOf(ids.toSorted(ascending).slice(0, limit)).map((row) => {
          const { id, workflowId, state, owner, dueAt } = readRun(row)
          return { id, workflowId, state, owner, dueAt }
        })
      },
    },
    writes: {
      ...runWorkCalls(db, journal),
      createRun(run: RunValues, carried: string | null) {
        const [id, eventId, , standing] = run
        if (event.get(eventId) === undefined) throw new NotFound(`there is no event ${eventId}`)
        if (byId.get(id) !== undefined) throw new Conflict(`there is a run ${id} already`)
        if (standing !== standings.test) {
          outdate.run(eventId)
          hasRun.run(eventId)
        }
        insert(run, carried)
      },
      cancel(id: RunId, at: number): Run | undefined {
        const { state } = stored(id)
        if (hasEnded(state)) return undefined
        if (state === running) askToEnd.run(id)
        else end.run(at, id)
        return readRun(stored(id))
      },
      resume(id: RunId): Run {
        const { state } = stored(id)
        if (state !== failed && state !== cancelled) {
          throw new Conflict(`${id} is ${stateOf(state)}; only a failed or cancelled run can be resumed`)
        }
        journal.loseFailed(id)
        again.run(id)
        return readRun(stored(id))
      },
      releaseHeld,
    },
  }
}

/** Stores a new run inside a commit that its caller has opened: with its event, or for a replay. */
export function runInserter(db: Database.Database): (run: RunValues, graph: string | null) => void {
  const insert = db.prepare<[...RunValues]>(
    `INSERT INTO runs (id, event_id, workflow_id, standing, state, version, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const insertGraph = db.prepare<[string, string]>('INSERT INTO run_graphs (run_id, graph) VALUES (?, ?)')
  return (run, graph) => {
    insert.run(...run)
    if (graph !== null) insertGraph.run(run[0], graph)
  }
}

const ascending = (a: string, b: string): number => (a < b ? -1 : 1)
const descending = (a: string, b: string): number => (a > b ? -1 : 1)

const standingsOf = (kind: RunFilter['kind']): readonly number[] => {
  if (kind === undefined) return [...production, standings.test]
  return kind === 'test' ? [standings.test] : production
}

const matches = ({ workflowId, state, kind }: RunFilter, row: RunRow): boolean =>
  (workflowId === undefined || row.workflow_id === workflowId) &&
  (state === undefined || row.state === stateCodes[state]) &&
  standingsOf(kind).includes(row.standing)
