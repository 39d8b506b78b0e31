/**
 * Ids say what they name (`run_…`) and sort by the time they were made, so that a list by id is a list by age.
 * 48 bits of time and 80 of chance, in Crockford's base 32, lower case: 26 characters after the prefix.
 */
declare const brand: unique symbol
type Id<Name extends string> = string & { readonly [brand]: Name }

export type WorkflowId = Id<'workflow'>
export type EventId = Id<'event'>
export type RunId = Id<'run'>
export type RejectionId = Id<'rejection'>
export type WorkerId = Id<'worker'>

interface Named {
  readonly wf: WorkflowId
  readonly evt: EventId
  readonly run: RunId
  readonly rej: RejectionId
  readonly wrk: WorkerId
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'.split('')
/** Two characters for each ten bits, since ids are made for every request. */
const pairs = alphabet.flatMap((first) => alphabet.map((second) => first + second))

/** @param bytes random ones, e.g. from `crypto.randomBytes(10)`; ten are used, from `at` on */
export function makeId<P extends keyof Named>(
  prefix: P,
  timeMs: number,
  bytes: Uint8Array,
  at = 0,
): Named[P] {
  let id: string = `${prefix}_`
  for (let bits = 40; bits >= 0; bits -= 10) id += pairs[Math.floor(timeMs / 2 ** bits) % 1_024]
  for (let from = at; from < at + 10; from += 5) {
    const a = bytes[from] ?? 0
    const b = bytes[from + 1] ?? 0
    const c = bytes[from + 2] ?? 0
    const d = bytes[from + 3] ?? 0
    const e = bytes[from + 4] ?? 0
    id += pairs[(a << 2) | (b >> 6)]
    id += pairs[((b & 63) << 4) | (c >> 4)]
    id += pairs[((c & 15) << 6) | (d >> 2)]
    id += pairs[((d & 3) << 8) | e]
  }
  return id as Named[P]
}

/** Reads an id that came from outside; `undefined` when it cannot be one. */
export function readId<P extends keyof Named>(prefix: P, text: string): Named[P] | undefined {
  return new RegExp(`^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`).test(text) ? (text as Named[P]) : undefined
}
