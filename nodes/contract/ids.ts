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

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** @param bytes ten random bytes, e.g. from `crypto.randomBytes(10)` */
export function makeId<P extends keyof Named>(prefix: P, timeMs: number, bytes: Uint8Array): Named[P] {
  let id: string = `${prefix}_`
  for (let shift = 45; shift >= 0; shift -= 5) id += alphabet[Math.floor(timeMs / 2 ** shift) % 32]
  for (let half = 0; half < 10; half += 5) {
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = bytes.subarray(half, half + 5)
    id += alphabet[a >> 3]
    id += alphabet[((a & 7) << 2) | (b >> 6)]
    id += alphabet[(b >> 1) & 31]
    id += alphabet[((b & 1) << 4) | (c >> 4)]
    id += alphabet[((c & 15) << 1) | (d >> 7)]
    id += alphabet[(d >> 2) & 31]
    id += alphabet[((d & 3) << 3) | (e >> 5)]
    id += alphabet[e & 31]
  }
  return id as Named[P]
}

/** Reads an id that came from outside; `undefined` when it cannot be one. */
export function readId<P extends keyof Named>(prefix: P, text: string): Named[P] | undefined {
  return new RegExp(`^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`).test(text) ? (text as Named[P]) : undefined
}
