/**
 * Callers that one meets at the door, on average, from which on it may be a rush. Of n that come again as soon as they are
 * answered, each meets n / 2. A provider's usual traffic never comes near.
 */
const callersMany = 20
/** Callers a second, from which on it is one: fewer than two cores run anyway are none, however long they wait. */
const callersPerSecond = 2_000
/** How often that is judged, while runs begin. */
const lookMs = 5
/** The weight of the last look: callers come in bursts, whenever a commit has answered some. */
const newest = 0.1
/** So long the door goes first before it is judged whether that brings more callers through it, and if not, is not again. */
const trialMs = 500
const calmMs = 5_000
/** Runs that may begin from one look to the next: at the least, so that a rush delays runs and never stops them, and at the most. */
const fewest = 1
const most = 64
/** By how much that changes at each look: from most to fewest within a tenth of a second. */
const fewer = 0.8
const more = 1.25

/**
 * Who goes first: callers at the door, or runs. Providers give up after a few seconds, a run can wait a little. So while many
 * wait for their acknowledgement at once, fewer runs begin from look to look, and more again when they are fewer: the door
 * gets what it needs and runs all that it leaves. Where that lets through no more callers than could be run anyway, it is of
 * no use, and both go on side by side.
 */
export class Pressure {
  readonly #waiting: (() => void)[] = []
  #callers = 0
  /** Since the last look. */
  #came = 0
  #met = 0
  #perSecond = 0
  #metPerSecond = 0
  #lookedAt = 0
  #isRush = false
  /** When a rush is judged, or may begin. */
  #judgeAt = 0
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
    this.#judge()
    this.#perLook = this.#isRush
      ? Math.max(fewest, this.#perLook * fewer)
      : Math.min(most, this.#perLook * more)
    const beginning = this.#waiting.splice(0, this.#perLook)
    this.#left = this.#perLook - beginning.length
    for (const begin of beginning) begin()
    this.#isLooking = false
    if (this.#perLook < most || this.#waiting.length > 0) this.#lookLater()
  }

  #judge(): void {
    const now = performance.now()
    const seconds = (now - this.#lookedAt) / 1_000
    this.#lookedAt = now
    this.#perSecond += (this.#came / seconds - this.#perSecond) * newest
    this.#metPerSecond += (this.#met / seconds - this.#metPerSecond) * newest
    this.#came = 0
    this.#met = 0
    const isOver = this.#isRush && this.#perSecond < callersPerSecond / 4
    if (now < this.#judgeAt && !isOver) return
    const isCrowded = this.#metPerSecond > callersMany * this.#perSecond
    const wasRush = this.#isRush
    this.#isRush = isCrowded && (!wasRush || this.#perSecond > callersPerSecond)
    if (this.#isRush === wasRush) return
    this.#judgeAt = now + (wasRush ? calmMs : trialMs)
  }

  #lookLater(): void {
    this.#isLooking = true
    this.#lookedAt ||= performance.now()
    setTimeout(this.#look, lookMs)
  }
}
