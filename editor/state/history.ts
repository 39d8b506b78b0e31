/** Undo and redo. Graphs share what did not change, so a step costs little more than what it changed. */
import type { Graph } from '../../nodes/contract/graph.ts'

export interface History {
  readonly past: readonly Graph[]
  readonly present: Graph
  readonly future: readonly Graph[]
  /** What the last step was part of: steps of the same name within a moment are one. */
  readonly merging: { readonly name: string; readonly at: number } | undefined
}

const stepsMax = 500
const mergeWithinMs = 1_000

export const startHistory = (present: Graph): History => ({
  past: [],
  present,
  future: [],
  merging: undefined,
})

/**
 * @param name steps of the same name that follow each other within a second are undone together: the letters of a word,
 * the taps of an arrow key
 */
export function step(history: History, next: Graph, at: number, name?: string): History {
  if (next === history.present) return history
  const { merging } = history
  const merges = name !== undefined && merging?.name === name && at - merging.at < mergeWithinMs
  return {
    past: merges ? history.past : [...history.past, history.present].slice(-stepsMax),
    present: next,
    future: [],
    merging: name === undefined ? undefined : { name, at },
  }
}

export function undo(history: History): History {
  const { past, present, future } = history
  const before = past.at(-1)
  if (before === undefined) return history
  return { past: past.slice(0, -1), present: before, future: [present, ...future], merging: undefined }
}

export function redo(history: History): History {
  const { past, present, future } = history
  const [next, ...rest] = future
  if (next === undefined) return history
  return { past: [...past, present], present: next, future: rest, merging: undefined }
}
