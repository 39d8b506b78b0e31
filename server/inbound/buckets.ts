/** How often something may happen: so many a second on average, and so many at once after a rest. */
export interface Rate {
  readonly perSecond: number
  readonly burst: number
}

interface Bucket {
  tokens: number
  at: number
}

/**
 * Token buckets by key, in the memory of this process. A bucket that is full again says nothing and is forgotten; of too many
 * keys the one that was asked for longest ago is, so that no flood of addresses fills the memory.
 */
export class Buckets {
  readonly #buckets = new Map<string, Bucket>()
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
    const bucket = this.#buckets.get(key) ?? { tokens: burst, at: nowMs }
    const tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.at) / 1_000) * perSecond)
    // Behind all others, since it was asked for last.
    this.#buckets.delete(key)
    if (tokens < 1) {
      this.#buckets.set(key, { tokens, at: nowMs })
      return Math.ceil(((1 - tokens) / perSecond) * 1_000)
    }
    this.#buckets.set(key, { tokens: tokens - 1, at: nowMs })
    if (this.#buckets.size > this.#keysMax) this.#forgetEldest()
    return 0
  }

  #forgetEldest(): void {
    const eldest = this.#buckets.keys().next().value
    if (eldest !== undefined) this.#buckets.delete(eldest)
  }
}
