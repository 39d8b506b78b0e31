import type Database from 'better-sqlite3'
import type { EventId, RejectionId, WorkflowId } from '../../nodes/contract/ids.ts'
import { cursorOf, pageOf } from './page.ts'
import { Conflict, NotFound } from './storage.ts'
import type { Page, Rejection } from './storage.ts'

interface RejectionRow {
  readonly id: RejectionId
  readonly workflow_id: WorkflowId
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
}

/** Few by design: each workflow keeps its last ones only. */
export function rejectionCalls(db: Database.Database) {
  const workflow = db.prepare<[string]>('SELECT 1 FROM workflows WHERE id = ?')
  const insert =
    db.prepare(`INSERT INTO rejections (id, workflow_id, at, status, reason, detail, method, path, ip,
    body_bytes, accepted_as, headers) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const insertBody = db.prepare('INSERT INTO rejection_bodies (seq, body) VALUES (?, ?)')
  const count = db.prepare<[string]>(`INSERT INTO rejected (workflow_id, count) VALUES (?, 1)
    ON CONFLICT (workflow_id) DO UPDATE SET count = count + 1`)
  const beyond = db.prepare<[string, number], { readonly seq: number }>(
    `SELECT seq FROM rejections WHERE workflow_id = ? ORDER BY id DESC LIMIT -1 OFFSET ?`,
  )
  const remove = db.prepare<[number]>('DELETE FROM rejections WHERE seq = ?')
  const removeBody = db.prepare<[number]>('DELETE FROM rejection_bodies WHERE seq = ?')
  const byId = db.prepare<[string], RejectionRow>('SELECT * FROM rejections WHERE id = ?')
  const body = db
    .prepare<[string], Buffer>(
      'SELECT body FROM rejection_bodies WHERE seq = (SELECT seq FROM rejections WHERE id = ?)',
    )
    .pluck()
  const mark = db.prepare<[string, string]>('UPDATE rejections SET accepted_as = ? WHERE id = ?')

  return {
    reads: {
      rejection: (id: RejectionId) => {
        const row = byId.get(id)
        return row === undefined ? undefined : readRejection(row)
      },
      rejectionBody: (id: RejectionId): Uint8Array | undefined => body.get(id),
      rejections: (
        { workflowId, reason }: { readonly workflowId?: WorkflowId; readonly reason?: string },
        page: Page,
      ) => {
        const conditions = ['id < ?']
        const values: (string | number)[] = [cursorOf(page)]
        if (workflowId !== undefined) {
          conditions.push('workflow_id = ?')
          values.push(workflowId)
        }
        if (reason !== undefined) {
          conditions.push('reason = ?')
          values.push(reason)
        }
        const rows = db
          .prepare<(string | number)[], RejectionRow>(
            `SELECT * FROM rejections WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT ?`,
          )
          .all(...values, page.limit + 1)
        return pageOf(rows, page, readRejection, (row) => row.id)
      },
    },
    writes: {
      addRejection(rejection: Rejection, bytes: Uint8Array, keep: number) {
        const { workflowId } = rejection
        if (workflow.get(workflowId) === undefined) throw new NotFound(`there is no workflow ${workflowId}`)
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
          JSON.stringify(rejection.rawHeaders),
        )
        insertBody.run(lastInsertRowid, bytes)
        count.run(workflowId)
        for (const { seq } of beyond.all(workflowId, keep)) {
          remove.run(seq)
          removeBody.run(seq)
        }
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
  at: row.at,
  status: row.status,
  reason: row.reason,
  detail: row.detail,
  method: row.method,
  path: row.path,
  rawHeaders: JSON.parse(row.headers) as string[],
  ip: row.ip,
  bodyBytes: row.body_bytes,
  acceptedAs: row.accepted_as,
})
