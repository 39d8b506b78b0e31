/**
 * Everything that can be done on the canvas, in one list: the keyboard obeys it, the command palette and the shortcut sheet
 * show it.
 */
import { toast } from 'sonner'
import { type CanvasState, selectedNode } from '../state/canvas.ts'
import { copyOf, pasteInto } from '../state/clipboard.ts'
import { addNote, move, remove } from '../state/commands.ts'
import { openPort, types } from './add.ts'
import { type Direction, type Side, align, boxesOf, directions, distribute, nudge, walk } from './arrange.ts'
import { grid, sizesOf, snap } from './card.ts'
import { type Editor, graphOfEditor as graphOf } from './editor.ts'

export interface Action {
  readonly id: string
  readonly label: string
  /** Each does it: `mod+shift+z`. */
  readonly keys: readonly string[]
  readonly group: 'Edit' | 'Add' | 'Select' | 'Arrange' | 'View' | 'Workflow'
  /** Obeyed wherever the focus is on the page; else only while the canvas has it. */
  readonly everywhere?: boolean
  /** The browser does it and tells the canvas: the keys are left to it. */
  readonly native?: boolean
  isEnabled(editor: Editor): boolean
  run(editor: Editor): void
}

const always = () => true
const state = ({ canvas }: Editor): CanvasState => canvas.getState()
const movable = (editor: Editor) => boxesOf(graphOf(editor), state(editor).selected)
const atLeast = (count: number) => (editor: Editor) => movable(editor).length >= count
const only = (editor: Editor) => selectedNode(graphOf(editor).nodes, state(editor).selected)
const change = (editor: Editor, ...how: Parameters<ReturnType<Editor['document']['getState']>['change']>) =>
  editor.document.getState().change(...how)

/** Into the selected edge, after the selected node, or on its own where the pointer is. */
function openAdd(editor: Editor): void {
  const graph = graphOf(editor)
  const { selected, open } = state(editor)
  const pointer = editor.view.pointer()
  const [id] = selected
  const edge = selected.size === 1 ? graph.edges.find((edge) => edge.id === id) : undefined
  const node = graph.nodes.find((node) => node.id === only(editor))
  if (edge !== undefined) return open({ kind: 'add', at: pointer, link: { kind: 'into', edge: edge.id } })
  if (node === undefined) {
    return open({ kind: 'add', at: pointer, place: editor.view.toCanvas(pointer) })
  }
  const { x, y } = node.position
  open({
    kind: 'add',
    at: editor.view.toScreen({ x: x + 216, y }),
    link: { kind: 'after', source: node.id, sourceHandle: openPort(graph, node) },
  })
}

/** Puts copied nodes to a place; what came is selected. */
export function paste(editor: Editor, text: string, at = editor.view.toCanvas(editor.view.pointer())): void {
  const pasted = pasteInto(graphOf(editor), text, at, types)
  if ('problem' in pasted) {
    toast(pasted.problem)
    return
  }
  change(editor, () => pasted.graph)
  state(editor).select(pasted.ids)
  if (pasted.leftOut !== undefined) toast(pasted.leftOut)
}

export const copied = (editor: Editor): string => copyOf(graphOf(editor), state(editor).selected)

export function removeSelected(editor: Editor): void {
  const { selected, select } = state(editor)
  change(editor, (graph) => remove(graph, selected, types))
  select([])
}

function duplicate(editor: Editor): void {
  const boxes = movable(editor)
  const x = Math.min(...boxes.map(({ position }) => position.x))
  const y = Math.max(...boxes.map(({ position, height }) => position.y + height))
  paste(editor, copied(editor), { x, y: snap(y + 3 * grid) })
}

async function readClipboard(editor: Editor): Promise<void> {
  try {
    paste(editor, await navigator.clipboard.readText())
  } catch {
    toast('This browser lets a page read the clipboard only by its keys: press them on the canvas.')
  }
}

async function tidy(editor: Editor): Promise<void> {
  const layout = await import('./layout.ts')
  const graph = graphOf(editor)
  const positions = await layout.tidy(graph, sizesOf(graph.nodes))
  change(editor, (graph) => move(graph, positions))
  // The cards are drawn in their new places first.
  requestAnimationFrame(() => editor.view.fit())
}

function note(editor: Editor): void {
  const { x, y } = editor.view.toCanvas(editor.view.pointer())
  const added = addNote(graphOf(editor), { x: snap(x), y: snap(y) })
  change(editor, () => added.graph)
  state(editor).select([added.id])
}

/** From the inside out: what is opened, what is selected. */
function back(editor: Editor): void {
  const { opened, open, select } = state(editor)
  if (opened === undefined) select([])
  else open(undefined)
}

const moveActions = directions.map((direction: Direction): Action => ({
  id: `move-${direction}`,
  label: `Move ${direction}`,
  keys: [`Arrow${direction.charAt(0).toUpperCase()}${direction.slice(1)}`],
  group: 'Arrange',
  isEnabled: atLeast(1),
  run: (editor) => {
    const { selected } = state(editor)
    change(editor, (graph) => move(graph, nudge(graph, selected, direction, grid)), 'nudge')
  },
}))

const walkActions = directions.map((direction: Direction): Action => ({
  id: `walk-${direction}`,
  label: `Walk ${direction} along the edges`,
  keys: [`alt+Arrow${direction.charAt(0).toUpperCase()}${direction.slice(1)}`],
  group: 'Select',
  isEnabled: (editor) => graphOf(editor).nodes.length > 0,
  run: (editor) => {
    const next = walk(graphOf(editor), only(editor), direction)
    if (next === undefined) return
    state(editor).select([next])
    editor.view.reveal(next)
  },
}))

const alignKeys = { left: 'a', right: 'd', top: 'w', bottom: 's', centre: 'h', middle: 'v' } as const
const alignNames = {
  left: 'Align left',
  centre: 'Align centres',
  right: 'Align right',
  top: 'Align top',
  middle: 'Align middles',
  bottom: 'Align bottom',
} as const satisfies Record<Side, string>

const alignActions = (['left', 'centre', 'right', 'top', 'middle', 'bottom'] as const).map(
  (side): Action => ({
    id: `align-${side}`,
    label: alignNames[side],
    keys: [`alt+${alignKeys[side]}`],
    group: 'Arrange',
    isEnabled: atLeast(2),
    run: (editor) => change(editor, (graph) => move(graph, align(graph, state(editor).selected, side))),
  }),
)

const distributeActions = (['x', 'y'] as const).map((axis): Action => ({
  id: `distribute-${axis}`,
  label: axis === 'x' ? 'Distribute from left to right' : 'Distribute from top to bottom',
  keys: [],
  group: 'Arrange',
  isEnabled: atLeast(3),
  run: (editor) => change(editor, (graph) => move(graph, distribute(graph, state(editor).selected, axis))),
}))

export const actions: readonly Action[] = [
  {
    id: 'undo',
    label: 'Undo',
    keys: ['mod+z'],
    group: 'Edit',
    isEnabled: ({ document }) => document.getState().history.past.length > 0,
    run: ({ document }) => document.getState().undo(),
  },
  {
    id: 'redo',
    label: 'Redo',
    keys: ['mod+shift+z', 'mod+y'],
    group: 'Edit',
    isEnabled: ({ document }) => document.getState().history.future.length > 0,
    run: ({ document }) => document.getState().redo(),
  },
  {
    id: 'copy',
    label: 'Copy',
    keys: ['mod+c'],
    group: 'Edit',
    native: true,
    isEnabled: atLeast(1),
    run: ({ view }) => {
      view.focus()
      document.execCommand('copy')
    },
  },
  {
    id: 'cut',
    label: 'Cut',
    keys: ['mod+x'],
    group: 'Edit',
    native: true,
    isEnabled: atLeast(1),
    run: ({ view }) => {
      view.focus()
      document.execCommand('cut')
    },
  },
  {
    id: 'paste',
    label: 'Paste',
    keys: ['mod+v'],
    group: 'Edit',
    native: true,
    isEnabled: always,
    run: (editor) => void readClipboard(editor),
  },
  {
    id: 'duplicate',
    label: 'Duplicate',
    keys: ['mod+d'],
    group: 'Edit',
    isEnabled: atLeast(1),
    run: duplicate,
  },
  {
    id: 'delete',
    label: 'Delete',
    keys: ['backspace', 'delete'],
    group: 'Edit',
    isEnabled: (editor) => state(editor).selected.size > 0,
    run: removeSelected,
  },
  { id: 'add', label: 'Add a node', keys: ['/'], group: 'Add', isEnabled: always, run: openAdd },
  { id: 'add-note', label: 'Add a note', keys: ['n'], group: 'Add', isEnabled: always, run: note },
  {
    id: 'connect',
    label: 'Connect to…',
    keys: ['c'],
    group: 'Add',
    isEnabled: (editor) => only(editor) !== undefined,
    run: (editor) => {
      const source = only(editor)
      if (source !== undefined) state(editor).open({ kind: 'connect', source })
    },
  },
  {
    id: 'select-all',
    label: 'Select all',
    keys: ['mod+a'],
    group: 'Select',
    isEnabled: (editor) => graphOf(editor).nodes.length > 0,
    run: (editor) => {
      const { nodes, notes = [] } = graphOf(editor)
      state(editor).select([...nodes, ...notes].map(({ id }) => id))
    },
  },
  ...walkActions,
  {
    id: 'inspect',
    label: 'Open the inspector',
    keys: ['enter'],
    group: 'Select',
    isEnabled: (editor) => only(editor) !== undefined,
    run: (editor) => editor.inspect(),
  },
  { id: 'back', label: 'Go back', keys: ['escape'], group: 'Select', isEnabled: always, run: back },
  {
    id: 'tidy',
    label: 'Tidy up',
    keys: ['mod+shift+l'],
    group: 'Arrange',
    isEnabled: (editor) => graphOf(editor).nodes.length > 1,
    run: (editor) => void tidy(editor),
  },
  ...moveActions,
  ...alignActions,
  ...distributeActions,
  {
    id: 'fit',
    label: 'Show the whole graph',
    keys: ['f'],
    group: 'View',
    isEnabled: always,
    run: ({ view }) => view.fit(),
  },
  {
    id: 'zoom-100',
    label: 'Zoom to 100 %',
    keys: ['1'],
    group: 'View',
    isEnabled: always,
    run: ({ view }) => view.zoomTo(1),
  },
  {
    id: 'zoom-in',
    label: 'Zoom in',
    keys: ['+', '='],
    group: 'View',
    isEnabled: always,
    run: ({ view }) => view.zoomIn(),
  },
  {
    id: 'zoom-out',
    label: 'Zoom out',
    keys: ['-'],
    group: 'View',
    isEnabled: always,
    run: ({ view }) => view.zoomOut(),
  },
  {
    id: 'find',
    label: 'Find a node',
    keys: ['mod+f'],
    group: 'View',
    isEnabled: always,
    run: (editor) => state(editor).open({ kind: 'find' }),
  },
  {
    id: 'publish',
    label: 'Publish',
    keys: ['mod+enter'],
    group: 'Workflow',
    everywhere: true,
    isEnabled: always,
    run: (editor) => editor.publish(),
  },
  {
    id: 'commands',
    label: 'All commands',
    keys: ['mod+k'],
    group: 'Workflow',
    everywhere: true,
    isEnabled: always,
    run: (editor) => state(editor).open({ kind: 'commands' }),
  },
  {
    id: 'shortcuts',
    label: 'Show all keys',
    keys: ['?'],
    group: 'Workflow',
    isEnabled: always,
    run: (editor) => state(editor).open({ kind: 'shortcuts' }),
  },
]
