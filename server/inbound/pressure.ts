/**
 * Callers that one meets at the door, on average, from which on the door goes first. Of n that come again as soon as they are
 * answered, each meets n / 2. A provider's usual traffic never comes near.
 */
const callersMany = 20
/** Callers a second, from which on that counts: fewer than two cores run (about 2,000) are no rush, however long they wait. */
const callersPerSecond = 2_500
/** How often that is judged, while runs begin. */
const lookMs = 5
/** The weight of the last look in the rate: callers come in bursts, whenever a commit has answered some. */
const newest = 0.1
/** Runs that may begin from one look to the next: at the least, so that a rush delays runs and never stops them, and at the most. */
const fewest = 1
const most = 64
/** By how much that changes at each look: from most to fewest within a tenth of a second. */
const fewer = 0.8
const more = 1.25

/**
 * Who goes first: callers at the door, or runs. Providers give up after a few seconds, a run can wait a little. So while more
 * come than could be run anyway and many of them wait for their acknowledgement at once, fewer runs begin from look to look,
 * and more again as soon as they are fewer: the door gets what it needs and runs all that it leaves. Callers are counted by
 * each that comes: what one moment holds says little, because they are answered by the dozen, when a commit is done.
 */
export class Pressure {
  readonly #waiting: (() => void)[] = []
  #callers = 0
  #came = 0
  #met = 0
  #perSecond = 0
  #lookedAt = 0
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
    const now = performance.now()
    const perSecond = (this.#came * 1_000) / (now - this.#lookedAt)
    this.#perSecond += (perSecond - this.#perSecond) * newest
    this.#lookedAt = now
    const isRush = this.#perSecond > callersPerSecond && this.#met > callersMany * this.#came
    this.#came = 0
    this.#met = 0
    this.#perLook = isRush ? Math.max(fewest, this.#perLook * fewer) : Math.min(most, this.#perLook * more)
    const beginning = this.#waiting.splice(0, this.#perLook)
    this.#left = this.#perLook - beginning.length
    for (const begin of beginning) begin()
    this.#isLooking = false
    if (this.#perLook < most || this.#waiting.length > 0) this.#lookLater()
  }

  #lookLater(): void {
    this.#isLooking = true
    this.#lookedAt ||= performance.now()
    setTimeout(this.#look, lookMs)
  }
}
