/**
 * What the canvas shows and the server need not know: what is selected, where a drag has got to, what is opened over the
 * graph. React Flow tells what it does as changes; a drag becomes one `move` command when it ends.
 */
import type { Saved } from '../../nodes/contract/field.ts'
import type { GraphNode, GraphNote } from '../../nodes/contract/graph.ts'
import { createStore } from 'zustand/vanilla'
import type { Ids, Point } from './commands.ts'

export interface Size {
  readonly width: number
  readonly height: number
}

/** A line that shows with what the dragged node is aligned: at `at` on its axis, from `from` to `to` on the other one. */
export interface Guide {
  readonly axis: 'x' | 'y'
  readonly at: number
  readonly from: number
  readonly to: number
}

/** What a node that is about to be added is connected with. */
export type Link =
  | { readonly kind: 'after'; readonly source: string; readonly sourceHandle: string }
  | { readonly kind: 'before'; readonly target: string }
  | { readonly kind: 'into'; readonly edge: string }

/** A new node in the hand of the person who brings it. */
export interface Incoming {
  readonly type: string
  readonly config: Saved
  /** On the canvas: of its corner, already on the grid or in line with others. */
  readonly position: Point
  /** Whether it would be dropped onto the canvas now. */
  readonly isOver: boolean
}

/** What stands open over the graph. */
export type Opened =
  /** `at`: on the screen; `position`: of the new card, absent = beside what it is linked with. */
  | {
      readonly kind: 'add'
      readonly at: Point
      readonly position?: Point | undefined
      readonly link?: Link | undefined
    }
  | { readonly kind: 'connect'; readonly source: string }
  | { readonly kind: 'commands' | 'shortcuts' | 'find' }

export interface CanvasState {
  /** Nodes, edges and notes. */
  readonly selected: Ids
  /** Where that is which is being dragged; empty when nothing is. */
  readonly dragged: ReadonlyMap<string, Point>
  /** Of notes while they are being resized. */
  readonly resized: ReadonlyMap<string, Size>
  readonly guides: readonly Guide[]
  readonly incoming: Incoming | undefined
  /** The edge into which the dragged or brought node falls if it is dropped now. */
  readonly edgeBelow: string | undefined
  readonly opened: Opened | undefined
  readonly select: (ids: Iterable<string>) => void
  /** Takes React Flow's own account of what was selected and what no longer is. */
  readonly changeSelection: (changes: readonly { readonly id: string; readonly selected: boolean }[]) => void
  readonly drag: (dragged: ReadonlyMap<string, Point>, help?: DragHelp) => void
  readonly bring: (incoming: Incoming | undefined, help?: DragHelp) => void
  readonly resize: (id: string, size: Size | undefined) => void
  readonly open: (opened: Opened | undefined) => void
}

type DragHelp = Pick<CanvasState, 'guides' | 'edgeBelow'>

export type CanvasStore = ReturnType<typeof createCanvas>

const noHelp = { guides: [], edgeBelow: undefined } as const
const nothing = { dragged: new Map<string, Point>(), ...noHelp } as const

export const createCanvas = () =>
  createStore<CanvasState>()((set) => ({
    selected: new Set<string>(),
    resized: new Map<string, Size>(),
    opened: undefined,
    incoming: undefined,
    ...nothing,
    select: (ids) =>
      set(({ selected }) => {
        const next = new Set(ids)
        return same(selected, next) ? {} : { selected: next }
      }),
    changeSelection: (changes) =>
      set((state) => {
        const next = new Set(state.selected)
        for (const { id, selected } of changes) {
          if (selected) next.add(id)
          else next.delete(id)
        }
        return same(state.selected, next) ? {} : { selected: next }
      }),
    drag: (dragged, help) => set(dragged.size === 0 ? nothing : { dragged, ...help }),
    bring: (incoming, help = noHelp) => set({ incoming, ...help }),
    resize: (id, size) =>
      set(({ resized }) => {
        const next = new Map(resized)
        if (size === undefined) next.delete(id)
        else next.set(id, size)
        return { resized: next }
      }),
    open: (opened) => set({ opened }),
  }))

const same = (a: Ids, b: Ids) => a.size === b.size && [...a].every((id) => b.has(id))

/** The one selected node, which the inspector shows; `undefined` with none or several, or with an edge or a note. */
export function selectedNode(nodes: readonly GraphNode[], selected: Ids): string | undefined {
  const [id] = selected
  return selected.size === 1 && nodes.some((node) => node.id === id) ? id : undefined
}

/** The selected nodes and notes, which can be moved. */
export const movable = <T extends GraphNode | GraphNote>(items: readonly T[], selected: Ids): readonly T[] =>
  items.filter(({ id }) => selected.has(id))
