import type { WorkflowId } from '../../nodes/contract/ids.ts'
import type { RunStore } from '../storage/storage.ts'
import type { Soon } from './soon.ts'

interface Known {
  /** At the last count, and accepted since. */
  counted: number
  since: number
  counting: Promise<void> | undefined
  /** Until when a count that found it full is believed. */
  fullUntil: number
}

/** A full queue is looked at again after so long. */
const fullMs = 250

/**
 * How many runs of a workflow have not ended. The store is asked only when those of the last count and all that were accepted
 * since could be too many: a queue that is far from full costs an addition.
 */
export class Backlog {
  readonly #runs: Pick<RunStore, 'pending'>
  readonly #known = new Map<WorkflowId, Known>()

  constructor(runs: Pick<RunStore, 'pending'>) {
    this.#runs = runs
  }

  /** Whether so many runs wait or are worked on. */
  isFull(id: WorkflowId, limit: number, nowMs: number): Soon<boolean> {
    const known = this.#known.get(id)
    if (known !== undefined && known.counted + known.since < limit) return false
    if (known !== undefined && nowMs < known.fullUntil) return true
    return this.#count(id, limit, nowMs)
  }

  /** A run more. */
  add(id: WorkflowId): void {
    const known = this.#known.get(id)
    if (known !== undefined) known.since += 1
  }

  async #count(id: WorkflowId, limit: number, nowMs: number): Promise<boolean> {
    const known = this.#known.get(id) ?? { counted: limit, since: 0, counting: undefined, fullUntil: 0 }
    this.#known.set(id, known)
    // Many ask at once: one count answers them all.
    known.counting ??= this.#ask(id, known, limit).finally(() => {
      known.counting = undefined
    })
    await known.counting
    const isFull = known.counted + known.since >= limit
    if (isFull) known.fullUntil = nowMs + fullMs
    return isFull
  }

  async #ask(id: WorkflowId, known: Known, limit: number): Promise<void> {
    const before = known.since
    const counted = await this.#runs.pending(id, limit)
    known.counted = counted
    // What was accepted while it was counted may be among them or not: it is counted again rather than forgotten.
    known.since -= before
  }
}
