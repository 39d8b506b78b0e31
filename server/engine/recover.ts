import type { RunId, WorkerId } from '../../nodes/contract/ids.ts'
import type { NewJob, Queue } from '../queue/queue.ts'
import type { RunStore } from '../storage/storage.ts'
import { troubled } from './trouble.ts'

/** Runs looked at in one turn of a sweep, so that a sweep over many never holds up the rest. */
const pageSize = 1_000
/** How often one page is looked at when nothing is known to be wrong. */
const restMs = 5_000

/**
 * Puts back into the queue what ought to be in it. The store is the truth: whatever the queue forgot, or was never told
 * because a process died between the two, is found here. Adding a job that is there already is harmless.
 */
export class Recovery {
  readonly #runs: RunStore
  readonly #queue: Queue
  readonly #leads: () => boolean
  #led = false
  #after: RunId | undefined
  #timer: NodeJS.Timeout | undefined
  #pass: Promise<void> | undefined
  #isStopped = false

  /** @param leads whether this process is the one, of all that share the queue, that sweeps */
  constructor(options: { readonly runs: RunStore; readonly queue: Queue; readonly leads: () => boolean }) {
    this.#runs = options.runs
    this.#queue = options.queue
    this.#leads = options.leads
  }

  /** One pass over all unfinished runs; beside and after it a page every few seconds, whatever becomes of the pass. */
  async start(): Promise<void> {
    this.#timer = setInterval(() => void this.#rest(), restMs)
    this.#led = this.#leads()
    await this.sweep()
  }

  /** A pass from the first run on: the queue may have forgotten any. One at a time; asked for during one, another follows. */
  sweep(): Promise<void> {
    this.#after = undefined
    this.#pass ??= this.#passOver().finally(() => (this.#pass = undefined))
    return this.#pass
  }

  async #passOver(): Promise<void> {
    try {
      while (!this.#isStopped && this.#leads() && (await this.#page())) continue
    } catch (error) {
      // The next look begins another pass.
      this.#led = false
      throw error
    }
  }

  stop(): void {
    this.#isStopped = true
    clearInterval(this.#timer)
  }

  /** Runs of dead workers are due at once. */
  async takeOver(died: readonly WorkerId[]): Promise<void> {
    const dead = new Set<WorkerId | null>(died)
    let after: RunId | undefined
    for (;;) {
      const page = await this.#runs.unfinished({ limit: pageSize, ...(after && { after }) })
      await this.#queue.add(page.filter(({ owner }) => dead.has(owner)).map(jobOf))
      after = page.at(-1)?.id
      if (page.length < pageSize) return
    }
  }

  async #rest(): Promise<void> {
    try {
      const isNew = !this.#led
      this.#led = this.#leads()
      if (!this.#led) return
      // Whoever led before may have died in the middle.
      await (isNew ? this.sweep() : this.#page())
    } catch (error) {
      troubled('recovery')(error)
    }
  }

  /** Whether there is another page in this pass. */
  async #page(): Promise<boolean> {
    const page = await this.#runs.unfinished({ limit: pageSize, ...(this.#after && { after: this.#after }) })
    // A run that is in living hands cannot be claimed by others: its job is spent for nothing, and that is all.
    await this.#queue.add(page.map(jobOf))
    this.#after = page.length < pageSize ? undefined : page.at(-1)?.id
    return this.#after !== undefined
  }
}

const jobOf = ({
  id,
  workflowId,
  dueAt,
}: {
  id: RunId
  workflowId: string
  dueAt: number | null
}): NewJob => ({
  key: id,
  lane: workflowId,
  ...(dueAt !== null && { dueAt }),
})
