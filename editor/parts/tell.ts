import { patiently } from './patiently.ts'

interface Telling {
  /** What undoes it, or mends it. */
  readonly action?: { readonly label: string; readonly onClick: () => void }
}

/** What draws it: loaded when there is something to say first, or before, so that it can be said offline. */
export const loadToasts = () => patiently(() => import('./toasts.tsx'))

let told = false
const listeners = new Set<() => void>()

/** Says in a corner what happened elsewhere. */
export async function tell(text: string, telling: Telling = {}): Promise<void> {
  told = true
  for (const listener of listeners) listener()
  const { toast } = await loadToasts()
  toast(text, telling)
}

/** Whether there was ever something to say. */
export const hasTold = (): boolean => told

export function onTold(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
