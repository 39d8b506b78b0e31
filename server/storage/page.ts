import type { Page, Paged } from './storage.ts'

/** Sorts above every id, so that the first page is asked for like any other. */
const aboveAll = '\u{10ffff}'

export const cursorOf = ({ after }: Page): string => after ?? aboveAll

/** A page of `limit` items out of `limit + 1` rows, newest first: the row too many only tells that there is more. */
export function pageOf<Row, T>(
  rows: readonly Row[],
  { limit }: Page,
  read: (row: Row) => T,
  idOf: (row: Row) => string,
): Paged<T> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(read),
    next: rows.length > limit && last !== undefined ? idOf(last) : null,
  }
}
