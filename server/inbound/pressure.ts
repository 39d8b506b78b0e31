/**
 * Callers that one meets at the door, on average, from which on it may be a rush. Of n that come again as soon as they are
 * answered, each meets n / 2 or more. A provider's usual traffic never comes near.
 */
const callersMany = 12
/** Callers come in bursts, whenever a commit has answered some: so long they are counted. */
const countMs = 100
/** Callers a second, from which on it is one: fewer than two cores run anyway are none, however long they wait. */
const callersPerSecond = 2_000
/** So many counts in a row with many callers, or without, begin or end it. */
const crowdCounts = 2
/** So many with fewer callers a second end it: runs that began before have to end first, and any process has a pause. */
const slowCounts = 5
/** After it went first it does not again for so long; twice as long each time, as long as it went first for a shorter time. */
const calmMs = 5_000
const calmMsMost = 60_000
/** How often what may begin is set, while runs begin. */
const lookMs = 5
/** Runs that may begin from one look to the next: at the least, so that a rush delays runs and never stops them, and at the most. */
const fewest = 0.625
const most = 64
/** By how much that changes at each look: what is of no use should not cost much. */
const fewer = 0.5
const more = 2

/**
 * Who goes first: callers at the door, or runs. Providers give up after a few seconds, a run can wait a little. So while many
 * wait for their acknowledgement at once, fewer runs begin from look to look, and more again when they are fewer: the door
 * gets what it needs and runs all that it leaves. Where that lets through no more callers than could be run anyway, or they are
 * few again at once because they come no sooner, it is of no use, and both go on side by side:
 *
 *   side by side ──many──► the door first ──few, or too slow──► side by side, for a while at least
 */
export class Pressure {
  readonly #waiting: (() => void)[] = []
  #callers = 0
  /** Since they were counted last. */
  #came = 0
  #met = 0
  #countedAt = 0
  /** When the door began to go first; `undefined`: it does not. */
  #firstSince: number | undefined
  /** Counts in a row that were unlike what goes on: many callers or not, and too slow. */
  #unlike = 0
  #slow = 0
  #calmUntil = 0
  #calmMs = calmMs
  #perLook = most
  #left = most
  #isLooking = false

  /** Somebody's request is there and is about to be judged and stored. */
  enter(): void {
    this.#came += 1
    this.#met += this.#callers
    this.#callers += 1
  }

  leave(): void {
    this.#callers -= 1
  }

  /** Resolves when one more run may begin, in the order of the calls; `undefined`: at once. */
  turn = (): Promise<void> | undefined => {
    if (!this.#isLooking) this.#lookLater()
    if (this.#waiting.length === 0 && this.#left >= 1) {
      this.#left -= 1
      return undefined
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #look = (): void => {
    this.#perLook = this.#isRush()
      ? Math.max(fewest, this.#perLook * fewer)
      : Math.min(most, this.#perLook * more)
    // A part of a turn that was not used waits for the rest of it.
    const may = this.#perLook + (this.#left % 1)
    const beginning = this.#waiting.splice(0, may)
    this.#left = may - beginning.length
    for (const begin of beginning) begin()
    this.#isLooking = false
    if (this.#perLook < most || this.#waiting.length > 0) this.#lookLater()
  }

  #isRush(): boolean {
    const now = performance.now()
    if (now - this.#countedAt >= countMs) this.#count(now)
    return this.#firstSince !== undefined
  }

  #count(now: number): void {
    const perSecond = (this.#came / (now - this.#countedAt)) * 1_000
    const isCrowded = this.#met > callersMany * this.#came
    this.#countedAt = now
    this.#came = 0
    this.#met = 0
    if (this.#firstSince === undefined) {
      this.#unlike = isCrowded && now >= this.#calmUntil ? this.#unlike + 1 : 0
      if (this.#unlike < crowdCounts) return
      this.#firstSince = now
    } else {
      this.#unlike = isCrowded ? 0 : this.#unlike + 1
      this.#slow = perSecond > callersPerSecond ? 0 : this.#slow + 1
      if (this.#unlike < crowdCounts && this.#slow < slowCounts) return
      this.#calm(now, now - this.#firstSince)
    }
    this.#unlike = 0
    this.#slow = 0
  }

  #calm(now: number, rushMs: number): void {
    if (rushMs > calmMs) this.#calmMs = calmMs
    this.#firstSince = undefined
    this.#calmUntil = now + this.#calmMs
    this.#calmMs = Math.min(2 * this.#calmMs, calmMsMost)
  }

  #lookLater(): void {
    this.#isLooking = true
    this.#countedAt ||= performance.now()
    setTimeout(this.#look, lookMs)
  }
}
