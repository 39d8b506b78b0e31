import type Database from 'better-sqlite3'
import type { EventId } from '../../nodes/contract/ids.ts'
import type { AcceptArgs } from './sqlite-accepts.ts'
import { kindCodes, readEvent } from './sqlite-event-row.ts'
import type { EventMarks, EventRow } from './sqlite-event-row.ts'
import { type FiledKeys, hashOf } from './sqlite-keys.ts'
import { cursorOf, pageOf } from './page.ts'
import { standings } from './sqlite-run-row.ts'
import type { RunValues } from './sqlite-run-row.ts'
import { NotFound } from './storage.ts'
import type { Accepted, EventFilter, Page } from './storage.ts'

/** Everything but the body. */
const columns = `events.id, workflow_id, events.kind, type, received_at, verified, dedupe_key, method, path, ip, headers,
  body_bytes, coalesce((SELECT count FROM repeats WHERE event_id = events.id), 0) AS duplicates,
  (SELECT answer FROM answers WHERE event_id = events.id) AS answer,
  (SELECT rejection_id FROM by_hand WHERE event_id = events.id) AS rejection_id,
  EXISTS (SELECT 1 FROM sent_again WHERE event_id = events.id) AS is_retry`

/** Where new events go, inside a commit that the caller has opened. */
export interface EventFile {
  /** Whether there is such a workflow. */
  isKnown(workflowId: string): boolean
  /** Whether an event with a dedupe key of one of these hashes was ever filed. */
  mayHold(hashes: readonly number[]): boolean
  /** Without a look for duplicates. @param hash of its dedupe key */
  insert(args: AcceptArgs, hash: number | null): void
}

/** @param insertRun stores the run that comes with an event, inside the event's own commit */
export function openEventFile(
  db: Database.Database,
  keys: FiledKeys,
  insertRun: (run: RunValues, graph: string | null) => void,
): EventFile {
  const workflow = db.prepare<[string]>('SELECT 1 FROM workflows WHERE id = ?')
  const insert =
    db.prepare(`INSERT INTO events (id, workflow_id, kind, type, received_at, verified, dedupe_key,
    dedupe_until, method, path, ip, headers, dedupe_hash, body_bytes, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const answer = db.prepare<[string, string]>('INSERT INTO answers (event_id, answer) VALUES (?, ?)')
  const byHand = db.prepare<[string, string]>('INSERT INTO by_hand (event_id, rejection_id) VALUES (?, ?)')
  const sentAgain = db.prepare<[string]>('INSERT INTO sent_again (event_id) VALUES (?)')
  const waits = db.prepare<[string]>('INSERT INTO runless (event_id) VALUES (?)')
  const mark = (id: EventId, { answer: answered, acceptedFrom, isRetry }: EventMarks) => {
    if (answered !== null) answer.run(id, answered)
    if (acceptedFrom !== null) byHand.run(id, acceptedFrom)
    if (isRetry) sentAgain.run(id)
  }
  return {
    isKnown: (id) => workflow.get(id) !== undefined,
    mayHold: (hashes) => keys.mayHold(hashes),
    insert([event, bytes, marks, run, graph], hash) {
      const [id, workflowId, kind, type, receivedAt, verified, key, until, method, path, ip, rawHeaders] =
        event
      const headers = JSON.stringify(rawHeaders)
      insert.run(
        id,
        workflowId,
        kind,
        type,
        receivedAt,
        verified,
        key,
        until,
        method,
        path,
        ip,
        headers,
        hash,
        bytes.byteLength,
        bytes,
      )
      if (hash !== null) keys.add(hash)
      if (marks !== null) mark(id, marks)
      if (run !== null) insertRun(run, graph)
      const hasRun = run !== null && run[3] !== standings.test
      if (kind === kindCodes.production && !hasRun) waits.run(id)
    },
  }
}

/** Stores an event, inside a commit that the caller has opened, unless it is one that is there: that is returned. */
export function openAccept(
  db: Database.Database,
  file: EventFile,
): (args: AcceptArgs) => Extract<Accepted, { readonly kind: 'duplicate' }> | undefined {
  // Without ORDER BY, which would make SQLite plan the query anew at each call (measured: 32 µs against 3 µs): there is
  // hardly ever more than one holder whose window is open, and any of them makes the event a duplicate.
  const holder = db.prepare<[number, string, string, number], EventRow>(
    `SELECT ${columns} FROM events
     WHERE dedupe_hash = ? AND workflow_id = ? AND dedupe_key = ? AND dedupe_until > ? LIMIT 1`,
  )
  const repeat = db.prepare<[string, number]>(`INSERT INTO repeats (event_id, kind, count) VALUES (?, ?, 1)
    ON CONFLICT (event_id) DO UPDATE SET count = count + 1`)
  return (args) => {
    const [event] = args
    const [, workflowId, , , receivedAt, , dedupeKey] = event
    if (!file.isKnown(workflowId)) throw new NotFound(`there is no workflow ${workflowId}`)
    const hash = hashOf(event)
    const first =
      hash !== null && dedupeKey !== null && file.mayHold([hash])
        ? holder.get(hash, workflowId, dedupeKey, receivedAt)
        : undefined
    if (first === undefined) {
      file.insert(args, hash)
      return undefined
    }
    repeat.run(first.id, first.kind)
    return { kind: 'duplicate', of: readEvent({ ...first, duplicates: first.duplicates + 1 }) }
  }
}

export function eventCalls(db: Database.Database) {
  const keepAnswer = db.prepare<[string, string]>(
    'INSERT OR IGNORE INTO answers (event_id, answer) SELECT id, ? FROM events WHERE id = ?',
  )
  const byId = db.prepare<[string], EventRow>(`SELECT ${columns} FROM events WHERE id = ?`)
  const body = db.prepare<[string], Buffer>('SELECT body FROM events WHERE id = ?').pluck()

  return {
    reads: {
      event: (id: EventId) => {
        const row = byId.get(id)
        return row === undefined ? undefined : readEvent(row)
      },
      body: (id: EventId): Uint8Array | undefined => body.get(id),
      events: (filter: EventFilter, page: Page) => {
        const { sql, values } = listQuery(filter, page)
        const rows = db.prepare<(string | number)[], EventRow>(sql).all(...values)
        return pageOf(rows, page, readEvent, ({ id }) => id)
      },
    },
    writes: {
      keepAnswer: (id: EventId, text: string) => void keepAnswer.run(text, id),
    },
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
  // Written out, because SQLite takes a partial index only for a condition that it can read.
  if (kind !== undefined) conditions.push(`kind = ${kindCodes[kind]}`)
  if (workflowId !== undefined) restrict('workflow_id = ?', workflowId)
  if (type !== undefined) restrict('type = ?', type)
  values.push(page.limit + 1)
  return {
    sql: `SELECT ${columns} FROM
      (SELECT id AS found FROM events ${index === undefined ? '' : `INDEXED BY ${index}`} WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT ?)
      CROSS JOIN events ON events.id = found ORDER BY found DESC`,
    values,
  }
}
