/** What the actions of the canvas do. */
import { tell } from '../parts/tell.ts'
import { type CanvasState, selectedNode } from '../state/canvas.ts'
import { addNote, move, remove } from '../state/commands.ts'
import { type Addition, add, cornerAt, openPort } from './add.ts'
import { types } from '../parts/node-words.ts'
import { boxesOf } from './arrange.ts'
import { cardWidth, grid, sizesOf, snap } from './card.ts'
import { type Editor, graphOfEditor as graphOf } from './editor.ts'
import { loadPieces, loadedPieces } from './pieces.ts'

export const state = ({ canvas }: Editor): CanvasState => canvas.getState()
export const movable = (editor: Editor) => boxesOf(graphOf(editor), state(editor).selected)
export const only = (editor: Editor) => selectedNode(graphOf(editor).nodes, state(editor).selected)
export const change = (
  editor: Editor,
  ...how: Parameters<ReturnType<Editor['document']['getState']>['change']>
) => editor.document.getState().change(...how)

/** Into the selected edge, after the selected node, or on its own where the pointer is. */
export function whereToAdd(editor: Editor): Pick<Addition, 'position' | 'link'> {
  const graph = graphOf(editor)
  const { selected } = state(editor)
  const [id] = selected
  const edge = selected.size === 1 ? graph.edges.find((edge) => edge.id === id) : undefined
  if (edge !== undefined) return { link: { kind: 'into', edge: edge.id } }
  const node = graph.nodes.find((node) => node.id === only(editor))
  if (node === undefined) return { position: cornerAt(editor.view.toCanvas(editor.view.pointer())) }
  return { link: { kind: 'after', source: node.id, sourceHandle: openPort(graph, node) } }
}

/** Asks what is to be added there: beside the selected node, else at the pointer. */
export function openAdd(editor: Editor): void {
  const where = whereToAdd(editor)
  const node = graphOf(editor).nodes.find(({ id }) => id === only(editor))
  const at =
    node === undefined
      ? editor.view.pointer()
      : editor.view.toScreen({ x: node.position.x + cardWidth + grid, y: node.position.y })
  state(editor).open({ kind: 'add', at, ...where })
}

/** Adds a node and shows it; a second webhook node is not added, and the first one is shown. */
export function put(editor: Editor, addition: Addition): void {
  const graph = graphOf(editor)
  const added = add(graph, addition)
  if (added.graph === graph) void tell('A workflow has one webhook node. Here it is.')
  change(editor, () => added.graph)
  state(editor).select([added.id])
  editor.view.reveal(added.id)
  // Whatever had the focus may go away now.
  setTimeout(editor.view.focus)
}

/** Puts copied nodes to a place; what came is selected. */
export async function paste(
  editor: Editor,
  text: string,
  at = editor.view.toCanvas(editor.view.pointer()),
): Promise<void> {
  const { pasteInto } = await loadPieces()
  const pasted = pasteInto(graphOf(editor), text, at, types)
  if ('problem' in pasted) return tell(pasted.problem)
  change(editor, () => pasted.graph)
  state(editor).select(pasted.ids)
  if (pasted.leftOut !== undefined) await tell(pasted.leftOut)
}

/** The selected nodes as text; `undefined` in the moment before that can be done. */
export const copied = (editor: Editor): string | undefined =>
  loadedPieces()?.copyOf(graphOf(editor), state(editor).selected)

export function removeSelected(editor: Editor): void {
  const { selected, select } = state(editor)
  change(editor, (graph) => remove(graph, selected, types))
  select([])
}

export async function duplicate(editor: Editor): Promise<void> {
  const { copyOf } = await loadPieces()
  const boxes = movable(editor)
  const x = Math.min(...boxes.map(({ position }) => position.x))
  const y = Math.max(...boxes.map(({ position, height }) => position.y + height))
  await paste(editor, copyOf(graphOf(editor), state(editor).selected), { x, y: snap(y + 3 * grid) })
}

export async function readClipboard(editor: Editor): Promise<void> {
  try {
    await paste(editor, await navigator.clipboard.readText())
  } catch {
    await tell('This browser lets a page read the clipboard only by its keys: press them on the canvas.')
  }
}

export async function tidy(editor: Editor): Promise<void> {
  const layout = await import('./layout.ts')
  const graph = graphOf(editor)
  const positions = await layout.tidy(graph, sizesOf(graph.nodes))
  change(editor, (graph) => move(graph, positions))
  // The cards are drawn in their new places first.
  requestAnimationFrame(() => editor.view.fit())
}

export function startNote(editor: Editor): void {
  const { x, y } = editor.view.toCanvas(editor.view.pointer())
  const added = addNote(graphOf(editor), { x: snap(x), y: snap(y) })
  change(editor, () => added.graph)
  state(editor).select([added.id])
}

/** From the inside out: what is opened, what is selected. */
export function back(editor: Editor): void {
  const { opened, open, select } = state(editor)
  if (opened === undefined) select([])
  else open(undefined)
}
