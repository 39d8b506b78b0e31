/**
 * The lines that a JSON tree shows. Only what is open is looked at, a page of it at a time, so that a list of 100,000 items
 * costs as much as one of 100.
 */
import type { Json } from '../../nodes/contract/json.ts'
import type { Steps } from './json-path.ts'

export const itemsAtOnce = 100
/** A value opens by itself, level by level, as long as it stays within a glance. */
const rowsAtFirst = 16

export interface ValueRow {
  readonly kind: 'value'
  readonly id: string
  readonly steps: Steps
  readonly depth: number
  readonly value: Json
  /** Of a list or an object: how many it holds. */
  readonly size: number | undefined
  readonly isOpen: boolean
  /** Among its neighbours, from 1. */
  readonly position: number
  readonly setSize: number
}

/** Stands under the last item that is shown of a long list. */
export interface MoreRow {
  readonly kind: 'more'
  readonly id: string
  /** Of the list or object that goes on. */
  readonly of: string
  readonly depth: number
  readonly left: number
}

export type Row = ValueRow | MoreRow

/** What the person opened and closed, and how much of it is shown; by the id of its row. */
export interface Unfolded {
  readonly open: ReadonlyMap<string, boolean>
  readonly shown: ReadonlyMap<string, number>
}
export const nothingUnfolded: Unfolded = { open: new Map(), shown: new Map() }

export const isContainer = (value: Json): value is readonly Json[] | { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null

export const idOf = (steps: Steps): string => JSON.stringify(steps)

/** The rows of a value from top to bottom. @param openFirst see `openAtFirst` */
export function rowsOf(
  value: Json,
  { open, shown }: Unfolded,
  openFirst: ReadonlySet<string>,
): readonly Row[] {
  const rows: Row[] = []
  const add = (item: Json, steps: Steps, position: number, setSize: number) => {
    const id = idOf(steps)
    const depth = steps.length
    const names = isContainer(item) ? namesOf(item) : undefined
    const isOpen = names !== undefined && names.length > 0 && (open.get(id) ?? openFirst.has(id))
    rows.push({
      kind: 'value',
      id,
      steps,
      depth,
      value: item,
      size: names?.length,
      isOpen,
      position,
      setSize,
    })
    if (!isOpen || names === undefined || !isContainer(item)) return
    const count = Math.min(names.length, shown.get(id) ?? itemsAtOnce)
    for (let at = 0; at < count; at += 1) {
      const name = names.at(at) ?? ''
      add(childOf(item, name), [...steps, name], at + 1, names.length)
    }
    const left = names.length - count
    if (left > 0) rows.push({ kind: 'more', id: `${id}+`, of: id, depth: depth + 1, left })
  }
  add(value, [], 1, 1)
  return rows
}

/** The ids of what is open before anybody touched it: the whole of a small value, the first level of a large one. */
export function openAtFirst(value: Json): ReadonlySet<string> {
  const open = new Set<string>()
  let rows = 1
  const waiting: { readonly value: Json; readonly steps: Steps }[] = [{ value, steps: [] }]
  for (const { value: item, steps } of waiting) {
    if (!isContainer(item)) continue
    const names = namesOf(item)
    if (steps.length > 0 && rows + names.length > rowsAtFirst) continue
    rows += Math.min(names.length, itemsAtOnce)
    open.add(idOf(steps))
    for (let at = 0; at < Math.min(names.length, itemsAtOnce); at += 1) {
      const name = names.at(at) ?? ''
      waiting.push({ value: childOf(item, name), steps: [...steps, name] })
    }
  }
  return open
}

/** The names of an object, or the positions of a list, without making a list of those. */
interface Names {
  readonly length: number
  at(index: number): string | number | undefined
}

const namesByObject = new WeakMap<object, readonly string[]>()

function namesOf(value: readonly Json[] | { readonly [key: string]: Json }): Names {
  if (Array.isArray(value)) return { length: value.length, at: (index) => index }
  const known = namesByObject.get(value)
  if (known !== undefined) return known
  const names = Object.keys(value)
  namesByObject.set(value, names)
  return names
}

const childOf = (value: Json, name: string | number): Json =>
  (Array.isArray(value)
    ? (value as readonly Json[])[Number(name)]
    : (value as { readonly [key: string]: Json })[name]) ?? null

/** The first names of an object, for the line that stands for it while it is closed. */
export function someNames(value: Json, most: number): readonly string[] {
  if (!isContainer(value) || Array.isArray(value)) return []
  const names = namesOf(value)
  return Array.from({ length: Math.min(most, names.length) }, (_, at) => String(names.at(at)))
}
