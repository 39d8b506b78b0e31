import type Database from 'better-sqlite3'
import type { EventId, RejectionId, WorkflowId } from '../../nodes/contract/ids.ts'
import { kindCodes } from './sqlite-event-row.ts'
import { cursorOf, pageOf } from './sqlite-page.ts'
import { Conflict, NotFound } from './storage.ts'
import type { Page, Rejection, RejectionFilter, RejectionsKept } from './storage.ts'

interface RejectionRow {
  readonly id: RejectionId
  readonly workflow_id: WorkflowId
  readonly kind: number
  readonly at: number
  readonly status: number
  readonly reason: string
  readonly detail: string
  readonly method: string
  readonly path: string
  readonly ip: string
  readonly body_bytes: number
  readonly accepted_as: EventId | null
  readonly headers: string
  readonly fingerprints: string
  readonly times: number
}

/** Few by design: each workflow keeps its last ones only. */
export function rejectionCalls(db: Database.Database) {
  const workflow = db.prepare<[string]>('SELECT 1 FROM workflows WHERE id = ?')
  const insert =
    db.prepare(`INSERT INTO rejections (id, workflow_id, at, status, reason, detail, method, path, ip,
    body_bytes, accepted_as, headers, kind, fingerprints, times, bytes)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const insertBody = db.prepare('INSERT INTO rejection_bodies (seq, body) VALUES (?, ?)')
  const count = db.prepare<[string, number, number, number]>(
    `INSERT INTO rejected (workflow_id, count, kept, kept_bytes) VALUES (?, ?, ?, ?)
    ON CONFLICT (workflow_id) DO UPDATE SET count = count + excluded.count, kept = kept + excluded.kept,
      kept_bytes = kept_bytes + excluded.kept_bytes`,
  )
  const kept = db.prepare<[string], { readonly kept: number; readonly kept_bytes: number }>(
    'SELECT kept, kept_bytes FROM rejected WHERE workflow_id = ?',
  )
  const eldest = db.prepare<
    [string],
    { readonly seq: number; readonly id: RejectionId; readonly bytes: number }
  >('SELECT seq, id, bytes FROM rejections WHERE workflow_id = ? ORDER BY id LIMIT 1')
  const repeat = db.prepare<[number, string]>('UPDATE rejections SET times = times + ? WHERE id = ?')
  const remove = db.prepare<[number]>('DELETE FROM rejections WHERE seq = ?')
  const removeBody = db.prepare<[number]>('DELETE FROM rejection_bodies WHERE seq = ?')
  const byId = db.prepare<[string], RejectionRow>('SELECT * FROM rejections WHERE id = ?')
  const body = db
    .prepare<[string], Buffer>(
      'SELECT body FROM rejection_bodies WHERE seq = (SELECT seq FROM rejections WHERE id = ?)',
    )
    .pluck()
  const mark = db.prepare<[string, string]>('UPDATE rejections SET accepted_as = ? WHERE id = ?')

  /** Removes the oldest of its workflow until the rest fits; never the newest. */
  const makeRoom = ({ id, workflowId }: Rejection, keep: RejectionsKept): void => {
    for (;;) {
      const now = kept.get(workflowId)
      if (now === undefined || (now.kept <= keep.count && now.kept_bytes <= keep.bytes)) return
      const first = eldest.get(workflowId)
      if (first === undefined || first.id === id) return
      remove.run(first.seq)
      removeBody.run(first.seq)
      count.run(workflowId, 0, -1, -first.bytes)
    }
  }

  return {
    reads: {
      rejection: (id: RejectionId) => {
        const row = byId.get(id)
        return row === undefined ? undefined : readRejection(row)
      },
      rejectionBody: (id: RejectionId): Uint8Array | undefined => body.get(id),
      rejections: ({ workflowId, reason, status, ip, isAccepted }: RejectionFilter, page: Page) => {
        const conditions = ['id < ?']
        const values: (string | number)[] = [cursorOf(page)]
        for (const [column, value] of Object.entries({ workflow_id: workflowId, reason, status, ip })) {
          if (value === undefined) continue
          conditions.push(`${column} = ?`)
          values.push(value)
        }
        if (isAccepted !== undefined) conditions.push(`accepted_as IS ${isAccepted ? 'NOT ' : ''}NULL`)
        const rows = db
          .prepare<(string | number)[], RejectionRow>(
            `SELECT * FROM rejections WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT ?`,
          )
          .all(...values, page.limit + 1)
        return pageOf(rows, page, readRejection, (row) => row.id)
      },
    },
    writes: {
      addRejection(rejection: Rejection, bytes: Uint8Array, keep: RejectionsKept) {
        const { workflowId } = rejection
        if (workflow.get(workflowId) === undefined) throw new NotFound(`there is no workflow ${workflowId}`)
        const headers = JSON.stringify(rejection.rawHeaders)
        const size = bytes.byteLength + headers.length + rejection.path.length
        const { lastInsertRowid } = insert.run(
          rejection.id,
          workflowId,
          rejection.at,
          rejection.status,
          rejection.reason,
          rejection.detail,
          rejection.method,
          rejection.path,
          rejection.ip,
          rejection.bodyBytes,
          rejection.acceptedAs,
          headers,
          kindCodes[rejection.kind],
          JSON.stringify(rejection.fingerprints),
          rejection.times,
          size,
        )
        insertBody.run(lastInsertRowid, bytes)
        count.run(workflowId, rejection.times, 1, size)
        makeRoom(rejection, keep)
      },
      repeatRejection(id: RejectionId, workflowId: WorkflowId, times: number) {
        if (workflow.get(workflowId) === undefined) return
        repeat.run(times, id)
        count.run(workflowId, times, 0, 0)
      },
      markAccepted(id: RejectionId, as: EventId) {
        const row = byId.get(id)
        if (row === undefined) throw new NotFound(`there is no rejection ${id}`)
        if (row.accepted_as !== null) throw new Conflict(`${id} was accepted already, as ${row.accepted_as}`)
        mark.run(as, id)
      },
    },
  }
}

const readRejection = (row: RejectionRow): Rejection => ({
  id: row.id,
  workflowId: row.workflow_id,
  kind: row.kind === kindCodes.test ? 'test' : 'production',
  at: row.at,
  status: row.status,
  reason: row.reason,
  detail: row.detail,
  method: row.method,
  path: row.path,
  rawHeaders: JSON.parse(row.headers) as string[],
  fingerprints: JSON.parse(row.fingerprints) as Rejection['fingerprints'],
  ip: row.ip,
  bodyBytes: row.body_bytes,
  acceptedAs: row.accepted_as,
  times: row.times,
})
