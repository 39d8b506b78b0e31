import type { EventId, RejectionId, WorkflowId } from '../../nodes/contract/ids.ts'
import type { NewEvent, StoredEvent } from './storage.ts'

/** An event as its row: the parser between the file and the port. */
export interface EventRow {
  readonly id: EventId
  readonly workflow_id: WorkflowId
  readonly kind: number
  readonly type: string | null
  readonly received_at: number
  readonly verified: number
  readonly dedupe_key: string | null
  readonly method: string
  readonly path: string
  readonly ip: string
  readonly headers: string
  readonly body_bytes: number
  /** From `repeats`, `answers`, `by_hand` and `sent_again`. */
  readonly duplicates: number
  readonly answer: string | null
  readonly rejection_id: RejectionId | null
  readonly is_retry: number
}

/** What is true of few events, and stands in tables of its own. */
export type EventMarks = Pick<NewEvent, 'answer' | 'acceptedFrom' | 'isRetry'>

/** `null`: nothing of it is true. */
export const eventMarks = ({ answer, acceptedFrom, isRetry }: NewEvent): EventMarks | null =>
  answer === null && acceptedFrom === null && !isRetry ? null : { answer, acceptedFrom, isRetry }

export const kindCodes = { production: 0, test: 1 } as const

/** A new event as flat values; its body goes beside it. */
export type EventValues = readonly [
  id: EventId,
  workflowId: WorkflowId,
  kind: number,
  type: string | null,
  receivedAt: number,
  verified: number,
  dedupeKey: string | null,
  dedupeUntil: number | null,
  method: string,
  path: string,
  ip: string,
  rawHeaders: readonly string[],
]

export const eventValues = (event: NewEvent): EventValues => [
  event.id,
  event.workflowId,
  kindCodes[event.kind],
  event.type,
  event.receivedAt,
  event.verified ? 1 : 0,
  event.dedupeKey,
  event.dedupeKey === null ? null : event.receivedAt + event.dedupeWindowMs,
  event.method,
  event.path,
  event.ip,
  event.rawHeaders,
]

export const readEvent = (row: EventRow): StoredEvent => ({
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
  acceptedFrom: row.rejection_id,
  isRetry: row.is_retry === 1,
})
