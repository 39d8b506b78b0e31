import type { RunId, WorkerId } from '../../nodes/contract/ids.ts'
import type { Queue } from '../queue/queue.ts'
import type { RunStore } from '../storage/storage.ts'
import { enqueue } from './enqueue.ts'

/** For so long after the store answers again, what was sent before may still be written. */
const lateMs = 60_000
/** So many are remembered. A store that stays away makes ever more of what was in nobody's hands: the first matter. */
const straysMost = 10_000
/** So many are looked at each time. */
const lookedAtMost = 1_000

interface Stray {
  /** When it was looked at first, by a clock that only grows. */
  readonly lookedAt?: number
}

/**
 * Runs that may be a worker's in the store, though it does not have them in hand: the answer to a write was lost. No other
 * worker touches the runs of one that lives, so it gives them back itself.
 */
export class Strays {
  readonly #strays = new Map<RunId, Stray>()
  readonly #runs: Pick<RunStore, 'get' | 'release'>
  readonly #queue: Queue

  constructor({ runs, queue }: { readonly runs: Pick<RunStore, 'get' | 'release'>; readonly queue: Queue }) {
    this.#runs = runs
    this.#queue = queue
  }

  add(id: RunId): void {
    if (this.#strays.size < straysMost || this.#strays.has(id)) this.#strays.set(id, {})
  }

  /**
   * Rejects when the store cannot be asked; what is left is looked at the next time.
   * @param isInHand also while it is being claimed
   */
  async giveBack(owner: WorkerId, isInHand: (id: RunId) => boolean, now: number): Promise<void> {
    const look = async ([id, stray]: readonly [RunId, Stray]) => {
      const run = await this.#runs.get(id)
      if (isInHand(id)) return
      if (run?.owner === owner && run.state === 'running') {
        // Of the fence that was read: one that is claimed from now on stays.
        await this.#runs.release(id, run.fence)
        enqueue(this.#queue, run.workflowId, [id])
      }
      // It may have gone astray once more meanwhile.
      if (this.#strays.get(id) !== stray) return
      const { lookedAt = now } = stray
      this.#strays.delete(id)
      // The next time after the others.
      if (now - lookedAt < lateMs) this.#strays.set(id, { lookedAt })
    }
    await Promise.all([...this.#strays.entries().take(lookedAtMost)].map(look))
  }
}
