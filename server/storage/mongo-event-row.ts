import { hash } from 'node:crypto'
import { bufferOf } from './mongo-bytes.ts'
import type { EventRow } from './mongo-models.ts'
import { seedOf } from './mongo-seeds.ts'
import type { NewEvent, NewRun, StoredEvent } from './storage.ts'

/** An event with its body, without what the store keeps for itself. */
export const wholeEventFields = { seed: 0, claim: 0, dedupeUntil: 0, open: 0 } as const
/** The same without its body, which only who asks for it needs. */
export const eventFields = { ...wholeEventFields, body: 0 } as const

/** @param chunks of its body, which lies beside it; 0 = the event holds its body itself */
export function rowOf(event: NewEvent, run: NewRun | undefined, chunks: number): EventRow {
  const { id, rawHeaders, body, dedupeWindowMs, acceptedFrom, isRetry, ...plain } = event
  return {
    ...plain,
    _id: id,
    headers: JSON.stringify(rawHeaders),
    claim: claimOf(event),
    dedupeUntil: event.dedupeKey === null ? null : event.receivedAt + dedupeWindowMs,
    bodyBytes: body.byteLength,
    body: chunks > 0 ? null : bufferOf(body),
    chunks,
    ...(run === undefined && { open: true as const }),
    ...(acceptedFrom !== null && { acceptedFrom }),
    ...(isRetry && { isRetry }),
    ...(run !== undefined && { seed: seedOf(run) }),
  }
}

/** Cryptographic, so that no sender can make keys that share one. */
export const claimOf = ({ id, workflowId, dedupeKey }: NewEvent): string =>
  dedupeKey === null ? id : hash('sha256', `${workflowId} ${dedupeKey}`, 'base64url')

export const readEvent = (row: Omit<EventRow, 'body' | 'claim' | 'dedupeUntil'>): StoredEvent => ({
  id: row._id,
  workflowId: row.workflowId,
  kind: row.kind,
  receivedAt: row.receivedAt,
  method: row.method,
  path: row.path,
  rawHeaders: JSON.parse(row.headers) as string[],
  ip: row.ip,
  type: row.type,
  verified: row.verified,
  dedupeKey: row.dedupeKey,
  bodyBytes: row.bodyBytes,
  duplicates: row.duplicates ?? 0,
  answer: row.answer,
  acceptedFrom: row.acceptedFrom ?? null,
  isRetry: row.isRetry ?? false,
})
