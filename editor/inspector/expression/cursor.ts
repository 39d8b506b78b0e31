/** The cursor of the open node: where a value that is clicked in the data goes as a path. */

export interface CursorTarget {
  /** Writes the path at the cursor, in the form that this field takes; false where it cannot stand there. */
  insert(path: string): boolean
}

const open = new Set<CursorTarget>()
let last: CursorTarget | undefined

/** The field is there; the function takes it away again. */
export function openCursor(target: CursorTarget): () => void {
  open.add(target)
  return () => {
    open.delete(target)
    if (last === target) last = undefined
  }
}

/** The field has the focus now, and keeps the cursor after it has lost it. */
export function takeCursor(target: CursorTarget): void {
  last = target
}

/**
 * Inserts a JSONata path (`commits[0].id`, `$event.headers.host`) in the expression that had the focus last; where none
 * had, in the only one there is. False when there is no such field, or the path cannot stand in it.
 */
export function insertAtCursor(path: string): boolean {
  const [only, ...others] = open
  const target = last ?? (others.length === 0 ? only : undefined)
  return target?.insert(path) ?? false
}
