/** Headers as rows: an object has no place for a name that is not written yet, nor for one that stands twice. */
import { isJsonObject } from '../../../nodes/contract/json.ts'

export interface HeaderRow {
  readonly name: string
  readonly value: unknown
}

export const rowsOf = (value: unknown): readonly HeaderRow[] =>
  isJsonObject(value) ? Object.entries(value).map(([name, value]) => ({ name, value })) : []

/** `undefined` when there is none; of two rows with one name the last holds, as in the object. */
export function headersOf(rows: readonly HeaderRow[]): Readonly<Record<string, unknown>> | undefined {
  const named = rows.filter(({ name }) => name !== '')
  return named.length === 0 ? undefined : Object.fromEntries(named.map(({ name, value }) => [name, value]))
}

/** Names that differ only in their case are one header. */
export const standsTwice = (rows: readonly HeaderRow[], at: number): boolean => {
  const name = rows[at]?.name.toLowerCase() ?? ''
  return name !== '' && rows.some((row, other) => other < at && row.name.toLowerCase() === name)
}

/** Offered while a name is written. */
export const usualHeaders = [
  'Accept',
  'Authorization',
  'Cache-Control',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'User-Agent',
  'X-Api-Key',
  'X-Request-Id',
]
