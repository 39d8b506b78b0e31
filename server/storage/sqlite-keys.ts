import { hash } from 'node:crypto'
import type Database from 'better-sqlite3'
import type { EventValues } from './sqlite-event-row.ts'

/**
 * Six bytes: what a small integer of SQLite's holds. Cryptographic, so that no sender can make keys that share one. In hex,
 * because a Buffer that Node makes for a digest costs more.
 */
export const hashOfKey = (text: string): number => Number.parseInt(hash('sha1', text).slice(0, 12), 16)

/** A dedupe key counts within its workflow. */
export const ofWorkflow = (workflowId: string, key: string): string => `${workflowId} ${key}`

/** Of the dedupe key of an event; null: it has none. */
export const hashOf = ([, workflowId, , , , , key]: EventValues): number | null =>
  key === null ? null : hashOfKey(ofWorkflow(workflowId, key))

const bitsPerKey = 16
const bitsLeast = 2 ** 20
/** 32 MB: with more keys than fit, more are taken for known, and looked for in the file. */
const bitsMost = 2 ** 28

/** Tells of a hash that it is not among those that were added, or that it may be: two bits of each (a Bloom filter). */
export class KeyFilter {
  readonly #bits: number
  readonly #words: Uint32Array
  #added = 0

  /** @param keys so many fit: then one of 70 others is taken for known */
  constructor(keys: number) {
    this.#bits = Math.min(bitsMost, Math.max(bitsLeast, 2 ** Math.ceil(Math.log2(bitsPerKey * keys))))
    this.#words = new Uint32Array(this.#bits / 32)
  }

  get isFull(): boolean {
    return this.#bits < bitsMost && this.#added * bitsPerKey > this.#bits
  }

  add(hash: number): void {
    this.#added += 1
    for (const bit of [this.#first(hash), this.#second(hash)]) {
      this.#words[bit >>> 5] = (this.#words[bit >>> 5] ?? 0) | (1 << (bit & 31))
    }
  }

  mayHave(hash: number): boolean {
    return this.#isSet(this.#first(hash)) && this.#isSet(this.#second(hash))
  }

  #isSet(bit: number): boolean {
    return ((this.#words[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0
  }

  #first(hash: number): number {
    return hash % this.#bits
  }

  #second(hash: number): number {
    return Math.floor(hash / 2 ** 20) % this.#bits
  }
}

/** Keys that are read from the file at once: a few milliseconds. */
const readAtOnce = 10_000
/** So long after the file could not be read, it is tried again. */
const againMs = 1_000

/** Which dedupe keys the file may hold, by their hashes. What is added and then taken back is looked for in vain, no more. */
export interface FiledKeys {
  add(hash: number): void
  /** Whether an event with a key of one of these hashes was filed. */
  mayHold(hashes: readonly number[]): boolean
  close(): void
}

/**
 * Nearly every key is new, and to look for it in the file takes longer the more there is: so a filter knows most of those that
 * are not. Until it has read all that were filed, everything is looked for.
 */
export function openFiledKeys(db: Database.Database): FiledKeys {
  // One statement for all: each takes the file's locks, which cost more than what it looks up.
  const anyOf = db.prepare<[string]>(
    'SELECT 1 FROM json_each(?) CROSS JOIN events ON events.dedupe_hash = json_each.value LIMIT 1',
  )
  const atMost = db.prepare<[], number | null>('SELECT max(seq) FROM events').pluck()
  const next = db
    .prepare<[number, number], number>(
      'SELECT dedupe_hash FROM events WHERE dedupe_hash > ? ORDER BY dedupe_hash LIMIT ?',
    )
    .pluck()
  let filter: KeyFilter
  let isWhole: boolean
  let reading: NodeJS.Timeout | undefined
  const readAll = () => {
    filter = new KeyFilter(2 * (atMost.get() ?? 0))
    isWhole = false
    const readOn = (after: number) => {
      try {
        const hashes = next.all(after, readAtOnce)
        for (const hash of hashes) filter.add(hash)
        isWhole = hashes.length < readAtOnce
        const last = hashes.at(-1)
        if (!isWhole && last !== undefined) reading = setTimeout(() => readOn(last), 0)
      } catch {
        // The disk refuses now.
        reading = setTimeout(() => readOn(after), againMs)
      }
    }
    readOn(-1)
  }
  readAll()
  return {
    add(hash) {
      filter.add(hash)
      if (isWhole && filter.isFull) readAll()
    },
    mayHold(hashes) {
      const suspects = isWhole ? hashes.filter((hash) => filter.mayHave(hash)) : hashes
      return suspects.length > 0 && anyOf.get(JSON.stringify(suspects)) !== undefined
    },
    close: () => clearTimeout(reading),
  }
}
