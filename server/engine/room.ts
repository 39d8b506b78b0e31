/** Of the bodies of the events whose runs are in hand, together. In memory a run takes some five times as much: text, value, message. */
const bytesMost = 64 * 1_024 * 1_024
/** One lane has half of it: large bodies for a slow target hold up their own workflow first. */
const bytesOfLaneMost = bytesMost / 2
/** How large a run is shows when it is loaded. Until then it counts like the one before it in its lane, and the first like this. */
const bytesAtFirst = 1_024 * 1_024
/** So many are loaded at once, since that guess may be wrong. */
const loadsMost = 128

/** A run's place in memory; disposing gives it up. */
export interface Place extends Disposable {
  /** It is loaded, and its event's body has so many bytes. */
  holds(bytes: number): void
}

interface Lane {
  /** Runs that have a place. */
  places: number
  bytes: number
  /** Of the run that was loaded last. */
  usual: number
}

interface Waiting {
  readonly name: string
  readonly enter: (place: Place) => void
}

/**
 * Keeps what is in hand within the memory that there is: thousands of runs with small events, or a few with large ones. A lane
 * that has no run in hand gets in with any while there is room at all, however large its events are.
 */
export class Room {
  #bytes = 0
  #loading = 0
  readonly #lanes = new Map<string, Lane>()
  #waiting: Waiting[] = []

  /** Resolves when a run of this lane may be loaded. */
  enter(name: string): Promise<Place> {
    return new Promise((enter) => {
      this.#waiting.push({ name, enter })
      this.#letIn()
    })
  }

  /** In the order in which they came, past those whose lane has enough. */
  #letIn(): void {
    this.#waiting = this.#waiting.filter(({ name, enter }) => {
      const lane = this.#lanes.get(name) ?? { places: 0, bytes: 0, usual: bytesAtFirst }
      const isFull = this.#loading >= loadsMost || this.#bytes >= bytesMost || lane.bytes >= bytesOfLaneMost
      if (!isFull) enter(this.#placeIn(name, lane))
      return isFull
    })
  }

  #placeIn(name: string, lane: Lane): Place {
    let held = 0
    let isLoaded = false
    const hold = (bytes: number) => {
      this.#bytes += bytes - held
      lane.bytes += bytes - held
      held = bytes
    }
    const loaded = () => {
      if (!isLoaded) this.#loading -= 1
      isLoaded = true
    }
    this.#lanes.set(name, lane)
    lane.places += 1
    this.#loading += 1
    hold(lane.usual)
    return {
      holds: (bytes) => {
        loaded()
        lane.usual = bytes
        hold(bytes)
        this.#letIn()
      },
      [Symbol.dispose]: () => {
        loaded()
        hold(0)
        lane.places -= 1
        if (lane.places === 0) this.#lanes.delete(name)
        this.#letIn()
      },
    }
  }
}
