import type { RunId } from '../../nodes/contract/ids.ts'
import type { Json } from '../../nodes/contract/json.ts'
import type { NewRun, StoredEvent } from '../storage/storage.ts'

/** An event and its run as the door knew them: what a worker would otherwise read from the store and parse again. */
export interface FreshEvent {
  readonly run: NewRun
  readonly event: Pick<
    StoredEvent,
    'id' | 'method' | 'path' | 'rawHeaders' | 'receivedAt' | 'ip' | 'type' | 'verified'
  >
  readonly message: Json
  /** The message as JSON text. */
  readonly json: string
  readonly body: Uint8Array
}

/** What is kept at most; of a backlog beyond it, runs read the store. More would be old before it is used, and dear to keep. */
const eventsMax = 512
const bodyBytesMax = 16 * 1_024 * 1_024
/** After so long nobody in this process is going to ask for it: its run waits, or went elsewhere. */
const freshMs = 10_000

/**
 * Events that were stored a moment ago and are about to run in this process. Each is handed out once. It is a copy of what is
 * durable already: losing it costs a look into the store.
 */
export class FreshEvents {
  readonly #events = new Map<RunId, FreshEvent>()
  #bytes = 0

  /** Those that are here run first; one that finds no room is read from the store when its turn comes. */
  keep(fresh: FreshEvent): void {
    for (const [id, { event }] of this.#events) {
      if (event.receivedAt > fresh.event.receivedAt - freshMs) break
      this.take(id)
    }
    if (this.#events.size >= eventsMax || this.#bytes + fresh.body.length > bodyBytesMax) return
    this.#events.set(fresh.run.id, fresh)
    this.#bytes += fresh.body.length
  }

  take(id: RunId): FreshEvent | undefined {
    const event = this.#events.get(id)
    if (event === undefined) return undefined
    this.#events.delete(id)
    this.#bytes -= event.body.length
    return event
  }
}
