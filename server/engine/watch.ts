import type { WorkerId } from '../../nodes/contract/ids.ts'
import type { WorkerStore } from '../storage/storage.ts'
import type { Clock } from './clock.ts'

/** A worker shows that it lives this often. */
export const beatMs = 2_000
/** Who did not for so long is dead. Take-over within 10 s: one beat, this, one look, and a second to do it. */
const silenceMs = 5_000

/**
 * Tells which workers are dead: those whose counter this process saw unchanged for `silenceMs` of its own monotonic clock.
 * Two machines' clocks are never compared. A worker that is not in the store is dead: its runs can be claimed.
 */
export class Watch {
  readonly #seen = new Map<WorkerId, { readonly beat: number; readonly since: number }>()
  readonly #workers: WorkerStore
  readonly #clock: Clock
  #leader: WorkerId | undefined

  constructor(workers: WorkerStore, clock: Clock) {
    this.#workers = workers
    this.#clock = clock
  }

  /** The one of those that live, of all processes, that does what only one has to; others may know it a look later. */
  get leader(): WorkerId | undefined {
    return this.#leader
  }

  /** Looks at all counters; returns the workers that died since the last look, and removes them. */
  async look(self: WorkerId): Promise<readonly WorkerId[]> {
    const now = this.#clock.monotonic()
    const present = await this.#workers.list()
    const died: WorkerId[] = []
    for (const { id, beat } of present) {
      const before = this.#seen.get(id)
      if (before === undefined || before.beat !== beat) this.#seen.set(id, { beat, since: now })
      else if (id !== self && now - before.since >= silenceMs) died.push(id)
    }
    for (const id of died) await this.#workers.remove(id)
    const alive = new Set(present.map(({ id }) => id))
    this.#leader = [...alive].filter((id) => !died.includes(id)).toSorted()[0]
    for (const id of this.#seen.keys()) if (!alive.has(id) || died.includes(id)) this.#seen.delete(id)
    return died
  }
}
