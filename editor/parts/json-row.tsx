import { ChevronRight, CornerDownLeft } from 'lucide-react'
import { memo } from 'react'
import type { Json } from '../../nodes/contract/json.ts'
import { classes } from './classes.ts'
import { itemsAtOnce, type MoreRow, someNames, type ValueRow } from './json-rows.ts'
import { LongText } from './long-text.tsx'
import { cut, quoted, visible } from './visible-text.ts'
import { count, plural } from './words.ts'

export const textShown = 120
const nameShown = 60
const namesShown = 3

const indent = (depth: number) => ({ paddingLeft: depth * 14 })

interface JsonRowProps {
  readonly row: ValueRow
  readonly id: string
  readonly isActive: boolean
  /** A long text that is shown as a whole. */
  readonly isUnfolded: boolean
  /** What a click on the value does; absent when it does nothing. */
  readonly pickTitle?: string
}

/** One line of a JSON tree. What a click on it means is told by `data-act` and read by the tree. */
export const JsonRow = memo(({ row, id, isActive, isUnfolded, pickTitle }: JsonRowProps) => {
  const { value, steps, size, isOpen, depth } = row
  const name = steps.at(-1)
  const isLong = typeof value === 'string' && value.length > textShown
  const opens = (size !== undefined && size > 0) || isLong
  return (
    <div
      id={id}
      role="treeitem"
      aria-level={depth + 1}
      aria-setsize={row.setSize}
      aria-posinset={row.position}
      aria-selected={isActive}
      {...(opens && { 'aria-expanded': isOpen || isUnfolded })}
      style={indent(depth)}
      className={classes(
        'group relative flex min-h-5 items-start rounded-sm pr-1 font-mono text-xs leading-5',
        (opens || pickTitle !== undefined) && 'cursor-pointer hover:bg-surface-2',
        isActive && 'group-focus-visible/tree:bg-accent-soft',
      )}
    >
      <span data-act="toggle" className="flex h-5 w-4 shrink-0 items-center justify-center text-text-3">
        {opens && (
          <ChevronRight
            className={classes(
              'size-3 transition-transform duration-120',
              (isOpen || isUnfolded) && 'rotate-90',
            )}
            aria-hidden
          />
        )}
      </span>
      <span className="min-w-0 grow">
        {name !== undefined && (
          <span className={typeof name === 'number' ? 'text-text-3' : 'text-text-2'}>
            {typeof name === 'number' ? name : visible(cut(name, nameShown))}
            {': '}
          </span>
        )}
        <Value value={value} size={size} isOpen={isOpen} isUnfolded={isUnfolded} />
      </span>
      {pickTitle !== undefined && (
        <span
          data-act="pick"
          title={pickTitle}
          className="absolute top-0 right-1 hidden size-5 items-center justify-center rounded-sm bg-surface-2 text-text-3 group-hover:flex hover:bg-surface-3 hover:text-text-1"
        >
          <CornerDownLeft className="size-3" aria-hidden />
        </span>
      )}
    </div>
  )
})

interface ValueProps extends Pick<ValueRow, 'value' | 'size' | 'isOpen'> {
  readonly isUnfolded: boolean
}

function Value({ value, size, isOpen, isUnfolded }: ValueProps) {
  if (typeof value === 'string') return <Text text={value} isUnfolded={isUnfolded} />
  if (size === undefined) {
    return (
      <span className={typeof value === 'number' ? 'text-logic' : 'text-trigger'}>
        {JSON.stringify(value)}
      </span>
    )
  }
  if (size === 0) return <span className="text-text-3">{Array.isArray(value) ? '[]' : '{}'}</span>
  return (
    <span className="text-text-3">
      {isOpen ? '' : summary(value)}
      <span className={isOpen ? '' : 'pl-2'}>{plural(size, Array.isArray(value) ? 'item' : 'key')}</span>
    </span>
  )
}

/** The names inside, so that a closed object can be told from its neighbour. */
function summary(value: Json): string {
  if (Array.isArray(value)) return '[…]'
  const names = someNames(value, namesShown + 1).map((name) => visible(cut(name, 16)))
  return `{ ${names.slice(0, namesShown).join(', ')}${names.length > namesShown ? ', …' : ''} }`
}

function Text({ text, isUnfolded }: { readonly text: string; readonly isUnfolded: boolean }) {
  if (isUnfolded) return <LongText text={text} className="rounded-sm bg-surface-2 px-2 py-1 text-shape" />
  // A hash or a URL stays beside its name; prose breaks between words.
  const breaks = text.includes(' ') ? 'break-words text-shape' : 'break-all text-shape'
  if (text.length <= textShown) return <span className={breaks}>{quoted(text)}</span>
  return (
    <span className={breaks}>
      {quoted(cut(text, textShown)).slice(0, -1)}…
      <span data-act="toggle" className="pl-2 font-sans text-accent hover:underline">
        show more
      </span>
      <span className="pl-2 font-sans text-text-3">{plural(text.length, 'character')}</span>
    </span>
  )
}

interface MoreProps {
  readonly row: MoreRow
  readonly id: string
  readonly isActive: boolean
}

export const JsonMore = memo(({ row, id, isActive }: MoreProps) => (
  <div
    id={id}
    role="treeitem"
    aria-level={row.depth + 1}
    aria-selected={isActive}
    style={indent(row.depth)}
    className={classes(
      'flex h-6 cursor-pointer items-center gap-2 rounded-sm text-xs hover:bg-surface-2',
      isActive && 'group-focus-visible/tree:bg-accent-soft',
    )}
  >
    <span className="pl-4 text-accent">Show {count(Math.min(row.left, itemsAtOnce))} more</span>
    <span className="text-text-3">{count(row.left)} left</span>
  </div>
))
