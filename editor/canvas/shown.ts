/** What a person has beside the graph; kept in this browser. */
import { useSyncExternalStore } from 'react'

type Part = 'minimap' | 'palette'

const keyOf = (part: Part) => `hookloom.${part}`
const listeners = new Set<() => void>()

/** `undefined`: nobody has chosen yet. */
export function isShown(part: Part): boolean | undefined {
  const kept = localStorage.getItem(keyOf(part))
  return kept === null ? undefined : kept === 'shown'
}

export function show(part: Part, shown: boolean): void {
  localStorage.setItem(keyOf(part), shown ? 'shown' : 'hidden')
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useShown = (part: Part): boolean | undefined =>
  useSyncExternalStore(subscribe, () => isShown(part))
