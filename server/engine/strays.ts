import type { RunId, WorkerId } from '../../nodes/contract/ids.ts'
import type { Queue } from '../queue/queue.ts'
import type { RunStore } from '../storage/storage.ts'
import { enqueue } from './enqueue.ts'

/** A write whose answer was given up is made within this time, or never. */
const lateMs = 30_000

/**
 * Runs that may be a worker's in the store, though it does not have them in hand: the answer to a write was lost. Others leave
 * the runs of a worker that lives alone, so it gives them back itself.
 */
export class Strays {
  readonly #since = new Map<RunId, number>()
  readonly #runs: Pick<RunStore, 'get' | 'release'>
  readonly #queue: Queue

  constructor({ runs, queue }: { readonly runs: Pick<RunStore, 'get' | 'release'>; readonly queue: Queue }) {
    this.#runs = runs
    this.#queue = queue
  }

  /** @param now of a clock that only grows, in milliseconds */
  add(id: RunId, now: number): void {
    this.#since.set(id, now)
  }

  /** It is being taken: whatever it was before, its hands come next. */
  delete(id: RunId): void {
    this.#since.delete(id)
  }

  /** Rejects when the store cannot be asked; what is left is looked at the next time. */
  async giveBack(owner: WorkerId, isInHand: (id: RunId) => boolean, now: number): Promise<void> {
    const giveBack = async ([id, since]: readonly [RunId, number]) => {
      const run = await this.#runs.get(id)
      if (this.#since.get(id) !== since) return
      if (run?.owner === owner && run.state === 'running' && !isInHand(id)) {
        // Of the fence that was read: one that is taken from now on stays.
        await this.#runs.release(id, run.fence)
        enqueue(this.#queue, run.workflowId, [id])
      }
      if (now - since >= lateMs) this.#since.delete(id)
    }
    await Promise.all(Array.from(this.#since, giveBack))
  }
}
