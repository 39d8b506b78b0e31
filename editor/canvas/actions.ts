/**
 * Everything that can be done on the canvas, in one list: the keyboard obeys it, the command palette and the shortcut sheet
 * show it.
 */
import { type Action, atLeast } from './action.ts'
import {
  back,
  duplicate,
  only,
  openAdd,
  readClipboard,
  removeSelected,
  startNote,
  state,
  tidy,
} from './acts.ts'
import {
  alignActions,
  distributeActions,
  moveActions,
  resizeActions,
  walkActions,
} from './arrange-actions.ts'
import { graphOfEditor as graphOf } from './editor.ts'
import { isShown, show } from './shown.ts'

const always = () => true

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
    run: (editor) => void duplicate(editor),
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
  {
    id: 'palette',
    label: 'Palette of nodes',
    keys: ['p'],
    group: 'Add',
    isEnabled: always,
    run: () => show('palette', isShown('palette') !== true),
  },
  { id: 'add-note', label: 'Add a note', keys: ['n'], group: 'Add', isEnabled: always, run: startNote },
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
  ...resizeActions,
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
