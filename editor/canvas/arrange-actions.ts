/** The actions that put things somewhere else, or go there. */
import { changeNote, move } from '../state/commands.ts'
import { type Action, atLeast } from './action.ts'
import { change, only, state } from './acts.ts'
import { type Direction, type Side, align, directions, distribute, nudge, walk } from './arrange.ts'
import { grid, noteSize } from './card.ts'
import { type Editor, graphOfEditor as graphOf } from './editor.ts'

export const moveActions = directions.map((direction: Direction): Action => ({
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

export const walkActions = directions.map((direction: Direction): Action => ({
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

const note = (editor: Editor) => {
  const { selected } = state(editor)
  const [id] = selected
  return selected.size === 1 ? graphOf(editor).notes?.find((note) => note.id === id) : undefined
}

/** What the grip does with a pointer. */
export const resizeActions = (
  [
    ['wider', 'ArrowRight', 2 * grid, 0],
    ['narrower', 'ArrowLeft', -2 * grid, 0],
    ['taller', 'ArrowDown', 0, 2 * grid],
    ['shorter', 'ArrowUp', 0, -2 * grid],
  ] as const
).map(([how, key, x, y]): Action => ({
  id: `note-${how}`,
  label: `Make the note ${how}`,
  keys: [`shift+${key}`],
  group: 'Arrange',
  isEnabled: (editor) => note(editor) !== undefined,
  run: (editor) => {
    const before = note(editor)
    if (before === undefined) return
    const size = noteSize({ width: before.width + x, height: before.height + y })
    change(editor, (graph) => changeNote(graph, before.id, size), 'resize')
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

export const alignActions = (['left', 'centre', 'right', 'top', 'middle', 'bottom'] as const).map(
  (side): Action => ({
    id: `align-${side}`,
    label: alignNames[side],
    keys: [`alt+${alignKeys[side]}`],
    group: 'Arrange',
    isEnabled: atLeast(2),
    run: (editor) => change(editor, (graph) => move(graph, align(graph, state(editor).selected, side))),
  }),
)

export const distributeActions = (['x', 'y'] as const).map((axis): Action => ({
  id: `distribute-${axis}`,
  label: axis === 'x' ? 'Distribute from left to right' : 'Distribute from top to bottom',
  keys: [],
  group: 'Arrange',
  isEnabled: atLeast(3),
  run: (editor) => change(editor, (graph) => move(graph, distribute(graph, state(editor).selected, axis))),
}))
