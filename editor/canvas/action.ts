import { movable } from './acts.ts'
import type { Editor } from './editor.ts'

/** Something that can be done on the canvas: by key, in the command palette or by a button. */
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

/** Whether so many cards or notes are selected. */
export const atLeast = (count: number) => (editor: Editor) => movable(editor).length >= count
