import type Database from 'better-sqlite3'
import type { EventId, WorkflowId } from '../../nodes/contract/ids.ts'
import type { Committer } from './sqlite-commit.ts'
import { cursorOf, pageOf } from './sqlite-page.ts'
import { NotFound } from './storage.ts'
import type { EventFilter, EventStore, NewEvent, NewRun, Page, StoredEvent } from './storage.ts'

interface EventRow {
  readonly seq: number
  readonly id: EventId
  readonly workflow_id: WorkflowId
  readonly kind: number
  readonly duplicates: number
  readonly received_at: number
  readonly method: string
  readonly path: string
  readonly ip: string
  readonly type: string | null
  readonly verified: number
  readonly dedupe_key: string | null
  readonly body_bytes: number
  readonly answer: string | null
  readonly headers: string
}

const kindCodes = { production: 0, test: 1 } as const

/** @param insertRun stores the run that comes with an event, inside the event's own commit */
export function eventStore(
  db: Database.Database,
  committer: Committer,
  insertRun: (run: NewRun) => void,
): EventStore {
  const workflow = db.prepare<[string]>('SELECT 1 FROM workflows WHERE id = ?')
  // Without ORDER BY, which would make SQLite plan the query anew at each call (measured: 32 µs against 3 µs): there is
  // hardly ever more than one holder whose window is open, and any of them makes the event a duplicate.
  const holder = db.prepare<[string, string, number], EventRow>(
    'SELECT * FROM events WHERE workflow_id = ? AND dedupe_key = ? AND dedupe_until > ? LIMIT 1',
  )
  const repeat = db.prepare<[number]>('UPDATE events SET duplicates = duplicates + 1 WHERE seq = ?')
  const insert =
    db.prepare(`INSERT INTO events (id, workflow_id, kind, runless, received_at, method, path, ip, type,
    verified, dedupe_key, dedupe_until, body_bytes, answer, headers)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const insertBody = db.prepare<[number | bigint, Uint8Array]>('INSERT INTO bodies (seq, body) VALUES (?, ?)')
  const answered = db.prepare<[string, string]>(
    'UPDATE events SET answer = ? WHERE id = ? AND answer IS NULL',
  )
  const byId = db.prepare<[string], EventRow>('SELECT * FROM events WHERE id = ?')
  const body = db.prepare<[string], { readonly body: Buffer }>(
    'SELECT body FROM bodies WHERE seq = (SELECT seq FROM events WHERE id = ?)',
  )

  const accept = (event: NewEvent, run: NewRun | undefined) => {
    if (workflow.get(event.workflowId) === undefined) {
      throw new NotFound(`there is no workflow ${event.workflowId}`)
    }
    if (event.dedupeKey !== null) {
      const first = holder.get(event.workflowId, event.dedupeKey, event.receivedAt)
      if (first !== undefined) {
        repeat.run(first.seq)
        return {
          kind: 'duplicate',
          of: { ...readEvent(first), duplicates: first.duplicates + 1 },
        } as const
      }
    }
    const { lastInsertRowid } = insert.run(
      event.id,
      event.workflowId,
      kindCodes[event.kind],
      run?.kind === 'production' ? 0 : 1,
      event.receivedAt,
      event.method,
      event.path,
      event.ip,
      event.type,
      event.verified ? 1 : 0,
      event.dedupeKey,
      event.dedupeKey === null ? null : event.receivedAt + event.dedupeWindowMs,
      event.body.byteLength,
      event.answer,
      JSON.stringify(event.rawHeaders),
    )
    insertBody.run(lastInsertRowid, event.body)
    if (run !== undefined) insertRun(run)
    return { kind: 'new' } as const
  }

  return {
    accept: (event, run) => committer.write(() => accept(event, run), event.body.byteLength),
    keepAnswer: async (id, answer) => {
      await committer.write(() => answered.run(answer, id), answer.length)
    },
    get: (id) =>
      committer.read(() => {
        const row = byId.get(id)
        return row === undefined ? undefined : readEvent(row)
      }),
    body: (id) => committer.read(() => body.get(id)?.body),
    list: (filter, page) =>
      committer.read(() => {
        const { sql, values } = listQuery(filter, page)
        const rows = db.prepare<(string | number)[], EventRow>(sql).all(...values)
        return pageOf(rows, page, readEvent, ({ id }) => id)
      }),
  }
}

/**
 * The ids are found within an index, so that only the rows that are shown are read. A type that is asked for across all
 * workflows has no index of its own, as nobody looks for that: it reads the by-workflow index (a million entries: about
 * 0.2 s) instead of making every event dearer.
 */
export function listQuery(
  { workflowId, kind, type }: EventFilter,
  page: Page,
): { readonly sql: string; readonly values: (string | number)[] } {
  const conditions = ['id < ?']
  const values: (string | number)[] = [cursorOf(page)]
  const restrict = (condition: string, value: string | number) => {
    conditions.push(condition)
    values.push(value)
  }
  const index =
    workflowId === undefined && kind === 'test'
      ? 'events_test'
      : workflowId === undefined && type === undefined
        ? undefined
        : 'events_by_workflow'
  // Written out, because SQLite takes a partial index only for a condition that it can read; with a plus elsewhere, so
  // that it does not take the index by kind and sort.
  if (kind !== undefined) conditions.push(`${index === 'events_test' ? '' : '+'}kind = ${kindCodes[kind]}`)
  if (workflowId !== undefined) restrict('workflow_id = ?', workflowId)
  if (type !== undefined) restrict('type = ?', type)
  values.push(page.limit + 1)
  return {
    sql: `SELECT events.* FROM
      (SELECT id AS found FROM events ${index === undefined ? '' : `INDEXED BY ${index}`} WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT ?)
      CROSS JOIN events ON events.id = found ORDER BY found DESC`,
    values,
  }
}

const readEvent = (row: EventRow): StoredEvent => ({
  id: row.id,
  workflowId: row.workflow_id,
  kind: row.kind === kindCodes.test ? 'test' : 'production',
  receivedAt: row.received_at,
  method: row.method,
  path: row.path,
  rawHeaders: JSON.parse(row.headers) as string[],
  ip: row.ip,
  type: row.type,
  verified: row.verified === 1,
  dedupeKey: row.dedupe_key,
  bodyBytes: row.body_bytes,
  duplicates: row.duplicates,
  answer: row.answer,
})
