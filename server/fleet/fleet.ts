/**
 * Several processes that are one server. What happens in one is told to the others: so a page is live whatever process runs
 * its workflow, a caller gets its answer wherever its run was worked on, and no process keeps what another has changed.
 * Nothing depends on it that has to be right: a word that is lost is an update that comes later. Adapters: `alone` below,
 * and `redis.ts`.
 */
import type { CallerAnswer } from '../../nodes/contract/context.ts'
import type { RunId } from '../../nodes/contract/ids.ts'

export type Word =
  /** Whoever has the run in hand breaks it off. */
  | { readonly kind: 'cancel'; readonly runId: RunId }
  /** For the caller of the run's hook, wherever it waits. */
  | { readonly kind: 'answer'; readonly runId: RunId; readonly answer: CallerAnswer }

export interface Fleet {
  /** Tells the others; nobody waits for it. */
  tell(word: Word): void
  close(): Promise<void>
}

export interface FleetOptions {
  /** A word of another process. */
  readonly onWord: (word: Word) => void
  /** What is kept of workflows and secrets may be out of date. */
  readonly onChanged: () => void
}

/** A server of one process has nobody to tell. */
export const alone: Fleet = { tell: () => undefined, close: () => Promise.resolve() }
