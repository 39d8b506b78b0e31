/**
 * Whether a job may be worked on now, is to be tried again later since its lane is full, is better off with another worker
 * since it waited long here, or this one stops.
 */
export type Turn = 'now' | 'later' | 'elsewhere' | 'stopping'

export interface HandsOptions {
  readonly concurrency: number
  readonly laneConcurrency: number
}

interface Parked {
  readonly resolve: (turn: Turn) => void
  leaving?: NodeJS.Timeout
}

interface Lane {
  readonly name: string
  inHand: number
  readonly parked: Parked[]
}

/** Beside those in hand so many jobs may be parked here: the lanes behind a full one are reached through them. */
export const parkedMax = ({ concurrency }: HandsOptions): number => Math.max(8, concurrency)

/** When lanes that are full park so many jobs that no other is reached, some are sent back this often. */
const makeRoomMs = 250

/** Who was parked so long is sent back: what is in hand here may hang, and another worker be idle. */
const parkedMs = 1_000

/**
 * The hands of one worker. BullMQ gives jobs in their order and knows no lanes; here each is let in when a hand is free and
 * its lane has not too many, lanes in turn. The others are parked.
 */
export class Hands {
  readonly #options: HandsOptions
  /** The lanes that have jobs here, the one whose turn it is first. */
  readonly #lanes = new Map<string, Lane>()
  #inHand = 0
  #parked = 0
  #isStopping = false
  #idle: PromiseWithResolvers<void> | undefined
  #makingRoom: NodeJS.Timeout | undefined

  constructor(options: HandsOptions) {
    this.#options = options
  }

  get parked(): number {
    return this.#parked
  }

  /** Resolves when the job may be worked on; who got `now` calls `leave`. */
  async enter(name: string): Promise<Turn> {
    if (this.#isStopping) return 'stopping'
    const lane = this.#lanes.get(name) ?? { name, inHand: 0, parked: [] }
    this.#lanes.set(name, lane)
    const { promise, resolve } = Promise.withResolvers<Turn>()
    const parked: Parked = { resolve }
    lane.parked.push(parked)
    this.#parked += 1
    this.#letIn()
    if (lane.parked.includes(parked)) {
      parked.leaving = setTimeout(() => this.#sendBack([parked], lane, 'elsewhere'), parkedMs).unref()
    }
    if (this.#isBlocked()) this.#makingRoom ??= setTimeout(() => this.#makeRoom(), makeRoomMs).unref()
    return promise
  }

  leave(name: string): void {
    const lane = this.#lanes.get(name)
    if (lane === undefined) return
    lane.inHand -= 1
    this.#inHand -= 1
    this.#forget(lane)
    if (this.#inHand === 0) this.#idle?.resolve()
    this.#letIn()
  }

  /** Sends back what is parked and resolves when nothing is in hand. */
  async stop(): Promise<void> {
    this.#isStopping = true
    clearTimeout(this.#makingRoom)
    for (const lane of this.#lanes.values()) this.#sendBack([...lane.parked], lane, 'stopping')
    this.#idle ??= Promise.withResolvers()
    if (this.#inHand === 0) this.#idle.resolve()
    await this.#idle.promise
  }

  /** There are free hands, and nothing that is here may be given to them. */
  #isBlocked(): boolean {
    return this.#parked >= parkedMax(this.#options) && this.#inHand < this.#options.concurrency
  }

  /** Half of what the fullest lane has parked, the last of it, makes room for what comes behind. */
  #makeRoom(): void {
    this.#makingRoom = undefined
    if (!this.#isBlocked()) return
    const [fullest] = [...this.#lanes.values()].toSorted((a, b) => b.parked.length - a.parked.length)
    if (fullest === undefined) return
    this.#sendBack(fullest.parked.slice(Math.floor(fullest.parked.length / 2)), fullest, 'later')
  }

  #sendBack(those: readonly Parked[], lane: Lane, turn: Exclude<Turn, 'now'>): void {
    for (const parked of those) {
      lane.parked.splice(lane.parked.indexOf(parked), 1)
      this.#parked -= 1
      clearTimeout(parked.leaving)
      parked.resolve(turn)
    }
    this.#forget(lane)
  }

  #forget({ name, inHand, parked }: Lane): void {
    if (inHand === 0 && parked.length === 0) this.#lanes.delete(name)
  }

  #letIn(): void {
    const { concurrency, laneConcurrency } = this.#options
    for (const [name, lane] of this.#lanes) {
      if (this.#inHand >= concurrency) return
      if (lane.inHand >= laneConcurrency) continue
      const parked = lane.parked.shift()
      if (parked === undefined) continue
      clearTimeout(parked.leaving)
      lane.inHand += 1
      this.#inHand += 1
      this.#parked -= 1
      // To the end of the row: the loop reaches it again after all others.
      this.#lanes.delete(name)
      this.#lanes.set(name, lane)
      parked.resolve('now')
    }
  }
}
