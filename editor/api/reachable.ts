/** Whether the server answers, as the stream of live signals has it. */
let reachable = true
const listeners = new Set<() => void>()

export function setReachable(next: boolean): void {
  if (next === reachable) return
  reachable = next
  for (const listener of listeners) listener()
}

export const isReachable = (): boolean => reachable

export function onReachable(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
