/** A JSON value as a person reads it: a tree that opens where they look, or its text. */
import { Braces, ListTree } from 'lucide-react'
import { type KeyboardEvent, type MouseEvent, type ReactNode, useId, useMemo, useState } from 'react'
import type { Json } from '../../nodes/contract/json.ts'
import { IconButton } from './button.tsx'
import { Copy } from './copy.tsx'
import { copyText } from './copy-text.ts'
import { jsonataPath } from './json-path.ts'
import { itemsAtOnce, nothingUnfolded, openAtFirst, type Row, rowsOf } from './json-rows.ts'
import { JsonMore, JsonRow, textShown } from './json-row.tsx'
import { LongText } from './long-text.tsx'

interface JsonTreeProps {
  readonly value: Json
  /** Told the JSONata path of the value that was clicked, or on which Enter was pressed. */
  readonly onPick?: (path: string) => void
  /** What paths begin with when the value is not the message itself: `$steps.text`. */
  readonly root?: string
  /** What this is: read aloud, and shown above the tree. */
  readonly label?: string
  /** Stands beside the label. */
  readonly aside?: ReactNode
}

export function JsonTree({ value, onPick, root, label, aside }: JsonTreeProps) {
  const [isRaw, setRaw] = useState(false)
  return (
    <div role="group" aria-label={label ?? 'JSON'} className="flex min-w-0 flex-col">
      <header className="flex h-8 items-center gap-2">
        {label !== undefined && <h3 className="text-xs font-medium text-text-2">{label}</h3>}
        {aside}
        <span className="ml-auto flex [&_button]:!size-6 [&_svg]:!size-3.5">
          <IconButton
            label={isRaw ? 'Show as a tree' : 'Show as text'}
            pressed={isRaw}
            onClick={() => setRaw(!isRaw)}
          >
            {isRaw ? <ListTree /> : <Braces />}
          </IconButton>
          <Copy text={() => textOf(value)} label="Copy JSON" />
        </span>
      </header>
      {isRaw ? (
        <Raw value={value} />
      ) : (
        <Tree
          value={value}
          {...(onPick && { onPick })}
          {...(root !== undefined && { root })}
          label={label ?? 'JSON'}
        />
      )}
    </div>
  )
}

const textOf = (value: Json): string => JSON.stringify(value, undefined, 2)

function Raw({ value }: { readonly value: Json }) {
  const text = useMemo(() => textOf(value), [value])
  return <LongText text={text} className="text-text-1" />
}

interface TreeProps extends JsonTreeProps {
  readonly label: string
}

/**
 * The focus stays on the tree and the active line is told to it: a line that is gone takes no focus with it.
 * Arrows move and open, Enter picks, Space opens, `c` with the command key copies the value of the line.
 */
function Tree({ value, onPick, root, label }: TreeProps) {
  const [unfolded, setUnfolded] = useState(nothingUnfolded)
  const [activeId, setActiveId] = useState('[]')
  const base = useId()
  const openFirst = useMemo(() => openAtFirst(value), [value])
  const rows = useMemo(() => rowsOf(value, unfolded, openFirst), [value, unfolded, openFirst])
  const found = rows.findIndex(({ id }) => id === activeId)
  const at = found === -1 ? 0 : found
  const active = rows[at]

  const elementId = (row: Row) => `${base}${row.id}`
  const activate = (row: Row | undefined) => {
    if (row === undefined) return
    setActiveId(row.id)
    document.getElementById(elementId(row))?.scrollIntoView({ block: 'nearest' })
  }
  const showMore = (list: string) => {
    const shown = new Map(unfolded.shown).set(list, (unfolded.shown.get(list) ?? itemsAtOnce) + itemsAtOnce)
    setUnfolded({ ...unfolded, shown })
  }
  const isUnfolded = (row: Row) =>
    row.kind === 'value' && (row.isOpen || (isLong(row) && unfolded.open.get(row.id) === true))
  const setOpen = (row: Row, open: boolean) =>
    setUnfolded({ ...unfolded, open: new Map(unfolded.open).set(row.id, open) })
  const opens = (row: Row) => row.kind === 'value' && ((row.size ?? 0) > 0 || isLong(row))

  const onKeyDown = (event: KeyboardEvent) => {
    if (active === undefined) return
    if (event.metaKey || event.ctrlKey) {
      if (event.key === 'c') copyRow(active)
      return
    }
    const act = {
      ArrowDown: () => activate(rows[at + 1]),
      ArrowUp: () => activate(rows[at - 1]),
      Home: () => activate(rows[0]),
      End: () => activate(rows.at(-1)),
      ArrowRight: () =>
        opens(active) && !isUnfolded(active) ? setOpen(active, true) : activate(rows[at + 1]),
      ArrowLeft: () => (isUnfolded(active) ? setOpen(active, false) : activate(parentOf(rows, at))),
      Enter: () => (active.kind === 'more' ? showMore(active.of) : onPick?.(jsonataPath(active.steps, root))),
      ' ': () =>
        active.kind === 'more' ? showMore(active.of) : opens(active) && setOpen(active, !isUnfolded(active)),
    }[event.key]
    if (act === undefined) return
    event.preventDefault()
    event.stopPropagation()
    act()
  }

  const onClick = ({ target }: MouseEvent) => {
    if (!(target instanceof Element) || getSelection()?.isCollapsed === false) return
    // Buttons inside a long text are its own.
    if (target.closest('button') !== null) return
    const item = target.closest('[role=treeitem]')
    const row = rows.find((each) => elementId(each) === item?.id)
    if (row === undefined) return
    setActiveId(row.id)
    if (row.kind === 'more') return showMore(row.of)
    const wanted = target.closest('[data-act]')?.getAttribute('data-act')
    const picks = wanted === 'pick' || (wanted !== 'toggle' && row.size === undefined)
    if (picks && onPick !== undefined) onPick(jsonataPath(row.steps, root))
    else if (opens(row) && target.closest('pre') === null) setOpen(row, !isUnfolded(row))
  }

  return (
    <div
      role="tree"
      aria-label={label}
      tabIndex={0}
      {...(active && { 'aria-activedescendant': elementId(active) })}
      onKeyDown={onKeyDown}
      onClick={onClick}
      className="group/tree min-w-0 rounded-sm pb-1"
    >
      {rows.map((row) => {
        const common = { id: elementId(row), isActive: row === active }
        return row.kind === 'more' ? (
          <JsonMore key={row.id} row={row} {...common} />
        ) : (
          <JsonRow
            key={row.id}
            row={row}
            {...common}
            isUnfolded={isUnfolded(row)}
            {...(onPick && { pickTitle: jsonataPath(row.steps, root) })}
          />
        )
      })}
    </div>
  )
}

/** What is selected by hand is copied by the browser. */
function copyRow(row: Row): void {
  if (row.kind !== 'value' || getSelection()?.isCollapsed === false) return
  void copyText(typeof row.value === 'string' ? row.value : textOf(row.value))
}

const isLong = ({ value }: { readonly value: Json }) => typeof value === 'string' && value.length > textShown

/** The line above that this one stands in. */
function parentOf(rows: readonly Row[], at: number): Row | undefined {
  const depth = rows[at]?.depth ?? 0
  return rows.slice(0, at).findLast((row) => row.depth < depth)
}
