import type { EventId } from '../../nodes/contract/ids.ts'
import type { Storage } from '../storage/storage.ts'
import type { Clock } from './clock.ts'
import { signal } from './signals.ts'
import { troubled } from './trouble.ts'

/** How often it is looked for what is old. */
const everyMs = 60_000
/** Looked at in one go: a few milliseconds of the store's, so that webhooks are taken in between. */
const sliceSize = 100
/** Slices of one pass; what is left waits for the next. */
const slicesMost = 1_000
const dayMs = 86_400_000

export interface RetentionOptions {
  readonly storage: Storage
  readonly clock: Clock
  /** Whether this process is the one, of all that share the store, that removes. */
  readonly leads: () => boolean
  /** Events and refused requests are kept so long after they came; undefined = for ever. */
  readonly days: number | undefined
  /** When the store takes more, the oldest events that have ended go; undefined = never. */
  readonly bytes: number | undefined
}

/** Removes what was kept long enough, or is too much, a little at a time. What has not ended stays, however old. */
export class Retention {
  readonly #options: RetentionOptions
  /** Where the next look for old events begins: behind those that were old and had not ended. */
  #after: EventId | undefined
  #timer: NodeJS.Timeout | undefined
  #pass: Promise<void> | undefined
  #isStopped = false

  constructor(options: RetentionOptions) {
    this.#options = options
  }

  start(): void {
    const { days, bytes } = this.#options
    if (days === undefined && bytes === undefined) return
    const look = () => {
      this.#pass ??= this.#sweep()
        .catch(troubled('retention'))
        .finally(() => (this.#pass = undefined))
    }
    this.#timer = setInterval(look, everyMs)
    look()
  }

  /** Resolves when nothing is being removed any more. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearInterval(this.#timer)
    await this.#pass
  }

  async #sweep(): Promise<void> {
    const { storage, clock, leads, days, bytes } = this.#options
    if (!leads()) return
    const now = clock.now()
    let events = 0
    let rejections = 0
    const isFree = (slice: number) => slice < slicesMost && !this.#isStopped && leads()
    if (days !== undefined) {
      const before = now - days * dayMs
      for (let slice = 0, isMore = true; isMore && isFree(slice); slice += 1) {
        const forgotten = await storage.events.forget({ before, limit: sliceSize, ...this.#from() })
        events += forgotten.events
        this.#after = forgotten.next ?? undefined
        isMore = forgotten.next !== null
      }
      for (let slice = 0, count = sliceSize; count === sliceSize && isFree(slice); slice += 1) {
        count = await storage.rejections.forget(before, sliceSize)
        rejections += count
      }
    }
    if (bytes !== undefined) {
      let after: EventId | undefined
      for (let slice = 0; isFree(slice) && (await storage.size()) > bytes; slice += 1) {
        const old = { before: now, limit: sliceSize, ...(after !== undefined && { after }) }
        const forgotten = await storage.events.forget(old)
        events += forgotten.events
        if (forgotten.next === null) break
        after = forgotten.next
      }
    }
    if (events + rejections > 0) signal('store.swept', { events, rejections })
  }

  #from(): { readonly after?: EventId } {
    return this.#after === undefined ? {} : { after: this.#after }
  }
}
