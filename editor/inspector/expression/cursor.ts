/** The cursor of the open node: where a value that is clicked in the data goes as a path. */

export interface CursorTarget {
  /** Writes the path at the cursor, in the form that this field takes; false where it cannot stand there. */
  insert(path: string): boolean
}

let last: CursorTarget | undefined

/** The field is there; the function takes it away again. */
export const openCursor =
  (target: CursorTarget): (() => void) =>
  () => {
    if (last === target) last = undefined
  }

/** The field has the focus now, and keeps the cursor after it has lost it. */
export function takeCursor(target: CursorTarget): void {
  last = target
}

/**
 * Inserts a JSONata path (`commits[0].id`, `$event.headers.host`) in the expression that had the focus last: never in one
 * that nobody was writing. False when there is none, or the path cannot stand in it.
 */
export const insertAtCursor = (path: string): boolean => last?.insert(path) ?? false
