import type { Refusal } from './refusal.ts'

export type Fetched<T> = { readonly ok: true; readonly value: T } | Refusal

/** What providers publish changes seldom: an hour is what most of them ask for. */
const freshMs = 3_600_000
/** While it cannot be fetched anew, what is known counts for a day. */
const staleMs = 86_400_000
/** A failure is remembered, or every request that names what is not there would cost one of ours. */
const failureMs = 30_000
const keptMax = 200

interface Entry<T> {
  readonly value: T
  readonly atMs: number
}

/**
 * What was fetched, by where it was: once for all who ask at the same time, and again after an hour. What callers make up
 * (failures) never takes the place of what providers publish.
 */
export class Kept<T> {
  readonly #values = new Map<string, Entry<T>>()
  readonly #failures = new Map<string, Entry<Refusal>>()
  readonly #underWay = new Map<string, Promise<Fetched<T>>>()

  /** @param accepts whether what is kept is good enough; else it is fetched anew, unless that was done a moment ago */
  async get(
    key: string,
    nowMs: number,
    fetch: () => Promise<Fetched<T>>,
    accepts: (value: T) => boolean = () => true,
  ): Promise<Fetched<T>> {
    const known = this.#values.get(key)
    const age = known === undefined ? Number.POSITIVE_INFINITY : nowMs - known.atMs
    if (known !== undefined && (age < failureMs || (age < freshMs && accepts(known.value)))) {
      return { ok: true, value: known.value }
    }
    const failed = this.#failures.get(key)
    const fetched =
      failed !== undefined && nowMs - failed.atMs < failureMs
        ? failed.value
        : await this.#once(key, nowMs, fetch)
    return !fetched.ok && known !== undefined && age < staleMs ? { ok: true, value: known.value } : fetched
  }

  forget(key: string): void {
    this.#values.delete(key)
  }

  #once(key: string, nowMs: number, fetch: () => Promise<Fetched<T>>): Promise<Fetched<T>> {
    const underWay = this.#underWay.get(key)
    if (underWay !== undefined) return underWay
    const fetching = fetch()
      .then((fetched) => {
        if (fetched.ok) put(this.#values, key, { value: fetched.value, atMs: nowMs })
        else put(this.#failures, key, { value: fetched, atMs: nowMs })
        return fetched
      })
      .finally(() => this.#underWay.delete(key))
    this.#underWay.set(key, fetching)
    return fetching
  }
}

/** The oldest makes room. */
function put<T>(map: Map<string, T>, key: string, entry: T): void {
  map.delete(key)
  map.set(key, entry)
  const [oldest] = map.keys()
  if (map.size > keptMax && oldest !== undefined) map.delete(oldest)
}
