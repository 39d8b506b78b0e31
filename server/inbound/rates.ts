import { Buckets, type Rate } from './buckets.ts'
import { type Soon, andThen } from './soon.ts'

/** Buckets of all processes; `undefined` while they cannot be asked. */
export interface Shared {
  take(key: string, rate: Rate): Promise<number | undefined> | undefined
}

/** Token buckets by key: those of all processes where there are several, and of this one while the others cannot be asked. */
export class Rates {
  readonly #own: Buckets
  readonly #shared: Shared | undefined

  constructor({ keysMax, shared }: { readonly keysMax: number; readonly shared: Shared | undefined }) {
    this.#own = new Buckets({ keysMax })
    this.#shared = shared
  }

  /** Takes a token: 0 when there was one, else the milliseconds until there is. */
  take(key: string, rate: Rate, nowMs: number): Soon<number> {
    return andThen(this.#shared?.take(key, rate), (waitMs) => waitMs ?? this.#own.take(key, rate, nowMs))
  }
}
