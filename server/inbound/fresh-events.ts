import type { EventId } from '../../nodes/contract/ids.ts'
import type { Json } from '../../nodes/contract/json.ts'
import type { StoredEvent } from '../storage/storage.ts'

/** An event as the door knew it: what a run would otherwise read from the store and parse again. */
export interface FreshEvent {
  readonly event: Pick<
    StoredEvent,
    'id' | 'method' | 'path' | 'rawHeaders' | 'receivedAt' | 'ip' | 'type' | 'verified'
  >
  readonly message: Json
  /** The message as JSON text. */
  readonly json: string
  readonly body: Uint8Array
}

/** What is kept at most; of a backlog beyond it, runs read the store. */
const eventsMax = 2_000
const bodyBytesMax = 16 * 1_024 * 1_024

/**
 * Events that were stored a moment ago and are about to run in this process. Each is handed out once. It is a copy of what is
 * durable already: losing it costs a look into the store.
 */
export class FreshEvents {
  readonly #events = new Map<EventId, FreshEvent>()
  #bytes = 0

  /** The oldest make room. */
  keep(fresh: FreshEvent): void {
    this.#events.set(fresh.event.id, fresh)
    this.#bytes += fresh.body.length
    if (this.#events.size <= eventsMax && this.#bytes <= bodyBytesMax) return
    for (const id of this.#events.keys()) {
      this.take(id)
      if (this.#events.size <= eventsMax && this.#bytes <= bodyBytesMax) return
    }
  }

  take(id: EventId): FreshEvent | undefined {
    const event = this.#events.get(id)
    if (event === undefined) return undefined
    this.#events.delete(id)
    this.#bytes -= event.body.length
    return event
  }
}
