import type Database from 'better-sqlite3'
import type { RunId, WorkflowId } from '../../nodes/contract/ids.ts'
import type { Committer } from './sqlite-commit.ts'
import type { Journal } from './sqlite-journal.ts'
import { cursorOf, pageOf } from './sqlite-page.ts'
import { hasEnded, readRun, standingOf, standings, stateCodes, stateOf } from './sqlite-run-row.ts'
import type { RunRow } from './sqlite-run-row.ts'
import { runWork } from './sqlite-run-work.ts'
import { Conflict, NotFound } from './storage.ts'
import type { NewRun, Page, RunFilter, RunStore } from './storage.ts'

const { queued, running, held, failed, cancelled } = stateCodes
const production = [standings.newest, standings.older]
const unfinishedStates = [stateCodes.accepted, queued, running, stateCodes.waiting]

/** Runs, and what a person or the engine does with a run that nobody has in hand. */
export function runStore(
  db: Database.Database,
  committer: Committer,
  journal: Journal,
  insert: (run: NewRun) => void,
): RunStore {
  const event = db.prepare<[string]>('SELECT 1 FROM events WHERE id = ?')
  const outdate = db.prepare<[string]>(
    `UPDATE runs SET standing = ${standings.older} WHERE event_id = ? AND standing = ${standings.newest}`,
  )
  const hasRun = db.prepare<[string]>('UPDATE events SET runless = 0 WHERE id = ? AND runless = 1')
  const byId = db.prepare<[string], RunRow>('SELECT * FROM runs WHERE id = ?')
  const graph = db.prepare<[string], { readonly graph: string }>(
    'SELECT graph FROM run_graphs WHERE run_id = ?',
  )
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
    ...runWork(db, committer, journal),
    create: (run) =>
      committer.write(() => {
        if (event.get(run.eventId) === undefined) throw new NotFound(`there is no event ${run.eventId}`)
        if (byId.get(run.id) !== undefined) throw new Conflict(`there is a run ${run.id} already`)
        if (run.kind === 'production') {
          outdate.run(run.eventId)
          hasRun.run(run.eventId)
        }
        insert(run)
      }, run.graph?.length),
    get: (id) =>
      committer.read(() => {
        const row = byId.get(id)
        return row === undefined ? undefined : readRun(row)
      }),
    graph: (id) => committer.read(() => graph.get(id)?.graph),
    steps: (id) => committer.read(() => journal.read(id)),
    list: (filter, page) => committer.read(() => pageOf(listed(filter, page), page, readRun, ({ id }) => id)),
    cancel: (id, at) =>
      committer.write(() => {
        const { state } = stored(id)
        if (hasEnded(state)) return undefined
        if (state === running) askToEnd.run(id)
        else end.run(at, id)
        return readRun(stored(id))
      }),
    resume: (id) =>
      committer.write(() => {
        const { state } = stored(id)
        if (state !== failed && state !== cancelled) {
          throw new Conflict(`${id} is ${stateOf(state)}; only a failed or cancelled run can be resumed`)
        }
        journal.removeFailed(id)
        again.run(id)
        return readRun(stored(id))
      }),
    releaseHeld: (workflowId, limit) => committer.write(() => releaseHeld(workflowId, limit)),
    unfinished: ({ after = '', limit }) =>
      committer.read(() => {
        const ids = standingsOf(undefined).flatMap((standing) =>
          unfinishedStates.flatMap((state) =>
            oldestIn.all(standing, state, after, limit).map(({ id }) => id),
          ),
        )
        return rowsOf(ids.toSorted(ascending).slice(0, limit)).map((row) => {
          const { id, workflowId, state, owner, dueAt } = readRun(row)
          return { id, workflowId, state, owner, dueAt }
        })
      }),
  }
}

/** Stores a new run inside a commit that its caller has opened: with its event, or for a replay. */
export function runInserter(db: Database.Database): (run: NewRun) => void {
  const insert = db.prepare<[string, string, string, number, number, number | null, number]>(
    `INSERT INTO runs (id, event_id, workflow_id, standing, state, version, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const insertGraph = db.prepare<[string, string]>('INSERT INTO run_graphs (run_id, graph) VALUES (?, ?)')
  return (run) => {
    insert.run(
      run.id,
      run.eventId,
      run.workflowId,
      standingOf(run),
      stateCodes[run.state],
      run.version,
      run.createdAt,
    )
    if (run.graph !== undefined) insertGraph.run(run.id, run.graph)
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
