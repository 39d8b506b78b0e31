/**
 * Whether a job may be worked on now, is to be tried again later since its lane is full, is better off with another worker
 * since it waited long here, or this one stops.
 */
export type Turn = 'now' | 'later' | 'elsewhere' | 'stopping'

export interface HandsOptions {
  readonly concurrency: number
  readonly laneConcurrency: number
  /** The lanes of the jobs that would come next. */
  readonly lanesBehind: () => Promise<ReadonlySet<string>>
}

interface Parked {
  readonly resolve: (turn: Turn) => void
  /** By the monotonic clock. */
  readonly since: number
}

interface Lane {
  readonly name: string
  inHand: number
  readonly parked: Parked[]
}

/** So many more jobs than it has hands does a worker take: the lanes behind a full one are reached through them. */
export const parkedMax = ({ concurrency }: Pick<HandsOptions, 'concurrency'>): number =>
  Math.min(Math.max(8, concurrency), 200)

/** So often it is looked whether those who are parked should rather be sent back. */
const lookMs = 250
/** Who was parked so long may be: what is in hand here may hang, and another worker be idle. */
const parkedMs = 1_000
/** And so long is: those of its lane that come behind may be done elsewhere, and this one hang here. */
const parkedMsMost = 10_000
/** So many make room at a look. */
const sentBackMost = 50

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
  #looking: NodeJS.Timeout | undefined

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
    lane.parked.push({ resolve, since: performance.now() })
    this.#parked += 1
    this.#letIn()
    this.#lookLater()
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
    clearTimeout(this.#looking)
    for (const lane of this.#lanes.values()) this.#sendBack([...lane.parked], lane, 'stopping')
    this.#idle ??= Promise.withResolvers()
    if (this.#inHand === 0) this.#idle.resolve()
    await this.#idle.promise
  }

  #lookLater(): void {
    if (this.#parked === 0 || this.#isStopping) return
    this.#looking ??= setTimeout(() => void this.#look(), lookMs).unref()
  }

  /** Sends back only what makes a difference: each job that goes has to be fetched again. */
  async #look(): Promise<void> {
    // While Redis is away nothing can be sent back.
    const behind = await this.#options.lanesBehind().catch(() => undefined)
    this.#looking = undefined
    if (behind !== undefined && !this.#isStopping) {
      this.#makeRoom(behind)
      this.#letGo(behind)
    }
    this.#lookLater()
  }

  /** There are free hands, only jobs of full lanes are here, and others come behind: some of them, the last ones, go. */
  #makeRoom(behind: ReadonlySet<string>): void {
    const { concurrency, laneConcurrency } = this.#options
    const isFull = this.#parked + this.#inHand >= concurrency + parkedMax(this.#options)
    const isBlocked = isFull && this.#inHand < concurrency
    const mayEnter = (name: string) => (this.#lanes.get(name)?.inHand ?? 0) < laneConcurrency
    if (!isBlocked || ![...behind].some(mayEnter)) return
    const [fullest] = [...this.#lanes.values()].toSorted((a, b) => b.parked.length - a.parked.length)
    if (fullest === undefined) return
    const some = Math.min(Math.ceil(fullest.parked.length / 2), sentBackMost)
    this.#sendBack(fullest.parked.slice(-some), fullest, 'later')
  }

  /** A worker that is idle takes what waited long here, unless it finds others of the same lane anyway. */
  #letGo(behind: ReadonlySet<string>): void {
    const now = performance.now()
    for (const lane of this.#lanes.values()) {
      const before = now - (behind.has(lane.name) ? parkedMsMost : parkedMs)
      this.#sendBack(
        lane.parked.filter(({ since }) => since < before),
        lane,
        'elsewhere',
      )
    }
  }

  #sendBack(those: readonly Parked[], lane: Lane, turn: Exclude<Turn, 'now'>): void {
    for (const parked of those) {
      lane.parked.splice(lane.parked.indexOf(parked), 1)
      this.#parked -= 1
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
