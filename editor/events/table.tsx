/** The table of a list page: the same rows, states and keys for events, rejections and runs. */
import { ArrowUp } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { Button } from '../parts/button.tsx'
import { classes } from '../parts/classes.ts'
import { Failed, Skeleton, Trouble } from '../parts/states.tsx'
import { plural } from '../parts/words.ts'
import type { LiveList } from './live-list.ts'
import { useRowKeys } from './rows.ts'

export interface Column {
  readonly label: string
  /** Of the column: `w-40`, and from which width of the window on it is shown. */
  readonly look?: string
  readonly isNumber?: boolean
}

interface ListTableProps<T> {
  readonly label: string
  /** In the singular: what came newly. */
  readonly noun: string
  readonly columns: readonly Column[]
  readonly list: LiveList<T>
  readonly row: (item: T) => ReactNode
  /** Stands in place of the table when there is nothing. */
  readonly empty: ReactNode
}

export function ListTable<T>({ label, noun, columns, list, row, empty }: ListTableProps<T>) {
  const rows = useRowKeys<HTMLTableElement>()
  const { items, error, retry, isStale, fresh, showNewest } = list
  if (items === undefined)
    return error == null ? <Skeleton rows={10} /> : <Failed error={error} onRetry={retry} />
  if (items.length === 0) return empty
  return (
    <>
      {fresh > 0 && (
        <div className="sticky top-2 z-10 flex h-0 justify-center overflow-visible">
          <Button
            look="primary"
            size="sm"
            icon={<ArrowUp className="size-3.5" aria-hidden />}
            className="shadow-float"
            onClick={() => {
              showNewest()
              rows.current?.scrollIntoView({ block: 'start' })
            }}
          >
            {plural(fresh, `new ${noun}`)}
          </Button>
        </div>
      )}
      <table
        ref={rows}
        aria-label={label}
        aria-busy={isStale || undefined}
        className={classes('w-full table-fixed border-collapse text-sm', isStale && 'opacity-60')}
      >
        <thead>
          <tr className="text-left text-xs text-text-3">
            {columns.map(({ label, look, isNumber = false }) => (
              <th
                key={label}
                scope="col"
                className={classes(
                  'sticky top-0 z-[2] h-8 bg-surface-0 px-3 font-medium shadow-[inset_0_-1px_var(--line)] first:pl-6 last:pr-6',
                  look,
                  isNumber && 'text-right',
                )}
              >
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{items.map(row)}</tbody>
      </table>
      <div className="flex flex-col items-center gap-2 py-4">
        <Trouble error={error} />
        <More list={list} />
      </div>
    </>
  )
}

export const rowLook =
  'relative border-b transition-colors duration-150 hover:bg-surface-2 focus-within:bg-surface-2'
export const cellLook = 'h-10 truncate px-3 first:pl-6 last:pr-6'
/** The link of a row covers all of it, and so does its focus; what else can be clicked lies above. */
export const rowLink =
  'outline-none after:absolute after:inset-0 after:-outline-offset-2 after:outline-accent after:content-[""] focus-visible:outline-none focus-visible:after:outline-2'
export const aboveRow = 'relative z-[1]'

/** Older rows come when the end is seen, or when they are asked for. */
function More<T>({ list: { hasMore, isLoadingMore, more } }: { readonly list: LiveList<T> }) {
  const end = useRef<HTMLDivElement>(null)
  const latest = useRef(more)
  useEffect(() => {
    latest.current = more
  })
  useEffect(() => {
    const observer = new IntersectionObserver((seen) => {
      if (seen.some(({ isIntersecting }) => isIntersecting)) latest.current()
    })
    if (end.current !== null && !isLoadingMore) observer.observe(end.current)
    return () => observer.disconnect()
  }, [hasMore, isLoadingMore])
  if (!hasMore) return null
  return (
    <div ref={end}>
      <Button look="quiet" size="sm" busy={isLoadingMore} onClick={more}>
        Show older
      </Button>
    </div>
  )
}
