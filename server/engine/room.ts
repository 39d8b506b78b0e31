/** Of the bodies of the events whose runs are in hand, together. In memory a run takes a multiple: text, value, message. */
const bytesMost = 64 * 1_024 * 1_024
/** One lane has half of it: large bodies for a slow target hold up their own workflow first. */
const bytesOfLaneMost = bytesMost / 2
/** A lane without any run in hand gets in up to this, so that two lanes of large ones do not stop all the others. */
const bytesOfAllMost = 2 * bytesMost
/** How large a run is shows when it is loaded. Until then it counts like those before it in its lane, and the first like this. */
const bytesAtFirst = 5 * 1_024 * 1_024
/** So many are loaded at once, since that guess may be wrong. */
const loadsMost = 128
/** Who finds no room for so long is better off in the queue, where an idle worker takes it. */
const patienceMs = 1_000

/** What a run holds of the room; disposing gives it up. */
export interface Holding extends Disposable {
  /** It is loaded, and its event's body is about so large. */
  takes(bytes: number): void
}

interface Lane {
  /** Runs in hand. */
  runs: number
  bytes: number
  /** Of those that were loaded last. */
  usual: number
}

interface Waiting {
  readonly name: string
  readonly enter: (holding: Holding | undefined) => void
}

/** Keeps what is in hand within the memory that there is: thousands of runs with small events, or a few with large ones. */
export class Room {
  #bytes = 0
  #loading = 0
  #isClosed = false
  readonly #lanes = new Map<string, Lane>()
  #waiting: Waiting[] = []

  /** Resolves when a run of this lane may be loaded; with `undefined` when there is no room for a while, or it is closed. */
  async enter(name: string): Promise<Holding | undefined> {
    const { promise, resolve } = Promise.withResolvers<Holding | undefined>()
    const waiting = { name, enter: resolve }
    this.#waiting.push(waiting)
    this.#letIn()
    if (!this.#waiting.includes(waiting)) return promise
    const leaving = setTimeout(() => {
      this.#waiting = this.#waiting.filter((other) => other !== waiting)
      resolve(undefined)
    }, patienceMs)
    return promise.finally(() => clearTimeout(leaving))
  }

  /** Nobody waits any more, or comes in. */
  close(): void {
    this.#isClosed = true
    this.#letIn()
  }

  /** In the order in which they came, past those whose lane has enough. */
  #letIn(): void {
    const all = this.#waiting
    const stay: Waiting[] = []
    let seen = 0
    for (const waiting of all) {
      // A long row is not looked through for each that goes.
      if (!this.#isClosed && this.#loading >= loadsMost) break
      seen += 1
      const { name, enter } = waiting
      const lane = this.#lanes.get(name) ?? { runs: 0, bytes: 0, usual: bytesAtFirst }
      if (this.#isClosed) enter(undefined)
      else if (this.#isFull(lane)) stay.push(waiting)
      else enter(this.#holdIn(name, lane))
    }
    this.#waiting = stay.concat(all.slice(seen))
  }

  #isFull({ runs, bytes }: Lane): boolean {
    return runs === 0 ? this.#bytes >= bytesOfAllMost : this.#bytes >= bytesMost || bytes >= bytesOfLaneMost
  }

  #holdIn(name: string, lane: Lane): Holding {
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
    lane.runs += 1
    this.#loading += 1
    hold(lane.usual)
    return {
      takes: (bytes) => {
        loaded()
        lane.usual = Math.max(bytes, lane.usual / 2)
        hold(bytes)
        this.#letIn()
      },
      [Symbol.dispose]: () => {
        loaded()
        hold(0)
        lane.runs -= 1
        if (lane.runs === 0) this.#lanes.delete(name)
        this.#letIn()
      },
    }
  }
}
