import type { Queue } from '../queue/queue.ts'
import type { Storage } from '../storage/storage.ts'

/** What keeps a process from its work, or only delays it, in a sentence. */
export interface Readiness {
  readonly trouble?: string
  readonly note?: string
}

/**
 * Looks whether events can be stored and worked on. Rejects when nothing can be stored. Without its queue a worker has nothing
 * to do, while others still take events in.
 */
export const openReadiness =
  ({
    storage,
    queue,
    takesIn,
    now,
  }: {
    readonly storage: Pick<Storage, 'settings'>
    readonly queue: Pick<Queue, 'counts'>
    /** Whether this process has a door. */
    readonly takesIn: boolean
    readonly now: () => number
  }) =>
  async (): Promise<Readiness> => {
    await storage.settings.put('ready', String(now()))
    const isAway = await queue.counts().then(
      () => false,
      () => true,
    )
    if (!isAway) return {}
    const trouble = 'The queue cannot be reached: runs wait in the store until it can.'
    return takesIn ? { note: trouble } : { trouble }
  }
