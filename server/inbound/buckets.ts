/** How often something may happen: so many a second on average, and so many at once after a rest. */
export interface Rate {
  readonly perSecond: number
  readonly burst: number
}

/**
 * Token buckets by key, in the memory of this process. Of each only the moment is kept at which it is full again (GCRA): a
 * token that is taken moves it, and as long as it is less than a whole bucket away there is another one. Of too many keys
 * the one that was asked for longest ago is forgotten, so that no flood of addresses fills the memory.
 */
export class Buckets {
  /** Milliseconds; in the order in which they were asked for. */
  readonly #fullAt = new Map<string, number>()
  readonly #keysMax: number

  constructor({ keysMax }: { readonly keysMax: number }) {
    this.#keysMax = keysMax
  }

  /**
   * Takes a token.
   * @param nowMs of a clock that never goes back
   * @returns 0 when there was one, else the milliseconds until there is
   */
  take(key: string, { perSecond, burst }: Rate, nowMs: number): number {
    const tokenMs = 1_000 / perSecond
    const fullAt = Math.max(nowMs, this.#fullAt.get(key) ?? nowMs)
    const waitMs = fullAt - (burst - 1) * tokenMs - nowMs
    this.#fullAt.delete(key)
    this.#fullAt.set(key, waitMs > 0 ? fullAt : fullAt + tokenMs)
    if (this.#fullAt.size > this.#keysMax) this.#forgetEldest()
    return Math.max(0, Math.ceil(waitMs))
  }

  #forgetEldest(): void {
    const eldest = this.#fullAt.keys().next().value
    if (eldest !== undefined) this.#fullAt.delete(eldest)
  }
}
