/**
 * A list that lives: its newest page follows the server; whoever asks for older rows gets a list that stands still, with
 * a word about what came meanwhile. Ids sort by age, so rows are told apart and put together by them alone.
 */
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { List, Page } from '../api/client.ts'

const rowsOfPage = 50

interface LiveListOptions<T, F> {
  readonly name: 'events' | 'rejections' | 'runs'
  readonly filter: F
  readonly read: (filter: F & Page) => Promise<List<T>>
}

export interface LiveList<T> {
  /** `undefined` while nothing was read yet. */
  readonly items: readonly T[] | undefined
  readonly error: unknown
  readonly retry: () => void
  /** Rows of another filter are shown until those of this one are there. */
  readonly isStale: boolean
  /** Rows that came since older ones were asked for; they are shown by `showNewest`. */
  readonly fresh: number
  readonly showNewest: () => void
  readonly hasMore: boolean
  readonly isLoadingMore: boolean
  readonly more: () => void
}

/** The first page as it was when older rows were asked for: those follow on it without a gap. */
interface Frozen<T> {
  readonly of: string
  readonly page: List<T>
}

export function useLiveList<T extends { readonly id: string }, F extends object>({
  name,
  filter,
  read,
}: LiveListOptions<T, F>): LiveList<T> {
  const of = JSON.stringify(filter)
  const [kept, setKept] = useState<Frozen<T>>()
  const frozen = kept?.of === of ? kept.page : undefined
  const newest = useQuery({
    queryKey: [name, 'newest', filter],
    queryFn: () => read({ ...filter, limit: rowsOfPage }),
    placeholderData: keepPreviousData,
  })
  const older = useInfiniteQuery({
    queryKey: [`older-${name}`, filter, frozen?.nextCursor],
    queryFn: ({ pageParam }) => read({ ...filter, cursor: pageParam, limit: rowsOfPage }),
    enabled: typeof frozen?.nextCursor === 'string',
    initialPageParam: frozen?.nextCursor ?? '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })

  const items = useMemo(() => {
    if (frozen === undefined) return newest.data?.items
    const now = new Map(newest.data?.items.map((item) => [item.id, item]))
    const pages = [frozen.items, ...(older.data?.pages ?? []).map((page) => page.items)]
    return pages.flat().map((item) => now.get(item.id) ?? item)
  }, [frozen, newest.data, older.data])

  const first = frozen?.items[0]?.id ?? ''
  const error: unknown = newest.error ?? older.error
  return {
    items,
    error,
    retry: () => void (newest.error === null ? older.refetch() : newest.refetch()),
    isStale: newest.isPlaceholderData,
    fresh: frozen === undefined ? 0 : (newest.data?.items.filter(({ id }) => id > first).length ?? 0),
    showNewest: () => setKept(undefined),
    hasMore:
      frozen === undefined
        ? newest.data != null && newest.data.nextCursor !== null
        : older.isPending || older.hasNextPage,
    isLoadingMore: older.isFetching,
    more() {
      if (frozen !== undefined) void older.fetchNextPage()
      else if (newest.data !== undefined) setKept({ of, page: newest.data })
    },
  }
}
