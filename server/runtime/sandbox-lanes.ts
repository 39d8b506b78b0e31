import { Child, type ChildEvents } from './sandbox-child.ts'

type Lane = Child<unknown>['lane']

export interface LaneEvents<Cargo> extends ChildEvents<Cargo> {
  /** After each look at the children that work. */
  watched(): void
  /** Several children in a row did not start; the reason is what the last one said. */
  notStarted(reason: string): void
}

const watchEveryMs = 20
const failedStartsMax = 3
const spareForMs = 10_000
/** A child that holds so much when it rests is replaced: what hostile programs took is not always given back. */
const restingMbMax = 256

/** The children: as many as are needed, and none when nothing was evaluated for a while; each watched while it works. */
export class Lanes<Cargo> {
  readonly most: Readonly<Record<Lane, number>>
  readonly #children: Child<Cargo>[] = []
  readonly #idleMs: number
  readonly #events: LaneEvents<Cargo>
  readonly #farewells = new Map<Child<Cargo>, () => void>()
  #timer: NodeJS.Timeout | undefined
  #idle: NodeJS.Timeout | undefined
  #failedStarts = 0
  #killedAt = 0
  #closed = false

  constructor(most: Readonly<Record<Lane, number>>, idleMs: number, events: LaneEvents<Cargo>) {
    this.most = most
    this.#idleMs = idleMs
    this.#events = {
      ended: (...told) => events.ended(...told),
      watched: () => events.watched(),
      notStarted: (reason) => events.notStarted(reason),
      ready: (child) => {
        this.#failedStarts = 0
        events.ready(child)
      },
      gone: (child, shipments, reason) => {
        this.#children.splice(this.#children.indexOf(child), 1)
        this.#farewells.get(child)?.()
        events.gone(child, shipments, reason)
        // Who was killed by somebody else while it started might have started.
        const failed = child.exitCode !== null || child.pid === undefined || reason === 'time'
        if (!child.wasReady && failed) this.#startFailed(child)
      },
    }
  }

  get all(): readonly Child<Cargo>[] {
    return this.#children
  }

  get pids(): readonly number[] {
    return this.#children.flatMap(({ pid }) => (pid === undefined ? [] : [pid]))
  }

  in(lane: Lane): readonly Child<Cargo>[] {
    return this.#children.filter((child) => child.lane === lane && child.state !== 'dead')
  }

  /** Where children had to be killed lately there is a spare one, so that nobody waits for the next to start. */
  mayGrow(lane: Lane): boolean {
    const spare = lane === 'shared' && Date.now() - this.#killedAt < spareForMs ? 1 : 0
    return this.in(lane).length < this.most[lane] + spare
  }

  /** Starts another child if there may be one: one at a time, two when others work. To be called while work waits. */
  grow(lane: Lane): void {
    const there = this.in(lane)
    const starting = there.filter(({ state }) => state === 'starting').length
    if (this.mayGrow(lane) && starting < Math.min(2, 1 + there.length - starting)) this.#start(lane)
  }

  /** Looks after the children until all of them rest. */
  watch(): void {
    this.#timer ??= setInterval(() => {
      for (const child of this.#children) {
        child.watch()
        if (child.state === 'dead' && child.wasReady) this.#killedAt = Date.now()
      }
      this.#events.watched()
      if (this.#children.some(({ state, inHand }) => state !== 'ready' || inHand.length > 0)) return
      clearInterval(this.#timer)
      this.#timer = undefined
      for (const child of this.#children) if (child.residentMb() > restingMbMax) child.kill('closed')
      this.#endIdleLater()
    }, watchEveryMs)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    clearTimeout(this.#idle)
    const gone = this.#children.map(
      (child) => new Promise<void>((resolve) => this.#farewells.set(child, resolve)),
    )
    for (const child of this.#children) child.kill('closed')
    await Promise.all(gone)
  }

  #start(lane: Lane): void {
    if (this.#closed) return
    this.#children.push(new Child<Cargo>(lane, this.#events))
    this.watch()
  }

  #startFailed({ stderr }: Child<Cargo>): void {
    this.#failedStarts += 1
    if (this.#failedStarts < failedStartsMax) return
    const lines = stderr.trim().split('\n')
    this.#events.notStarted(
      lines.find((line) => /^\w*Error\b|ENOENT/.test(line)) ?? lines.at(-1) ?? 'nothing',
    )
  }

  #endIdleLater(): void {
    this.#idle ??= setTimeout(() => {
      this.#idle = undefined
      this.#endIdle()
      if (this.#children.length > 0) this.#endIdleLater()
    }, this.#idleMs).unref()
  }

  #endIdle(): void {
    for (const child of this.#children) {
      const rests = child.state === 'ready' && child.inHand.length === 0
      if (rests && Date.now() - child.idleSince >= this.#idleMs) child.kill('closed')
    }
  }
}
