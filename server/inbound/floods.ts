import type { RejectionId, WorkflowId } from '../../nodes/contract/ids.ts'
import { describeUnknown } from '../../nodes/contract/failure.ts'
import { signal } from '../engine/signals.ts'
import type { RejectionStore } from '../storage/storage.ts'

interface Flood {
  readonly workflowId: WorkflowId
  readonly first: Promise<RejectionId>
  readonly timer: NodeJS.Timeout
  /** Beside the first. */
  more: number
}

/** How long the first request of a flood stands for those that follow. */
const whileMs = 10_000

/**
 * Requests that a limit keeps out: the first of a while is kept, and stands for the others, which are counted. To write each
 * would do to the store what the limit is there to prevent.
 */
export class Floods {
  readonly #rejections: Pick<RejectionStore, 'repeat'>
  readonly #floods = new Map<WorkflowId, Flood>()

  constructor(rejections: Pick<RejectionStore, 'repeat'>) {
    this.#rejections = rejections
  }

  /** @param keep stores the first one */
  async add(workflowId: WorkflowId, keep: () => Promise<RejectionId>): Promise<void> {
    const known = this.#floods.get(workflowId)
    if (known !== undefined) {
      known.more += 1
      return
    }
    const first = keep()
    const timer = setTimeout(() => void this.#end(workflowId), whileMs).unref()
    this.#floods.set(workflowId, { workflowId, first, timer, more: 0 })
    await first
  }

  /** Writes down what was counted. */
  async close(): Promise<void> {
    await Promise.all([...this.#floods.keys()].map((id) => this.#end(id)))
  }

  /** Never rejects: a count that cannot be written now is no reason to end, and is told. */
  async #end(id: WorkflowId): Promise<void> {
    const flood = this.#floods.get(id)
    if (flood === undefined) return
    this.#floods.delete(id)
    clearTimeout(flood.timer)
    try {
      if (flood.more > 0) await this.#rejections.repeat(await flood.first, id, flood.more)
    } catch (error) {
      signal('engine.trouble', { where: 'limited requests', message: describeUnknown(error) })
    }
  }
}
