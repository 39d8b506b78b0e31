import * as z from 'zod/mini'

/** What a hook takes at most. An absent one is no limit, unless it says otherwise. */
export interface LimitSettings {
  /** Of a body, as sent and unpacked. Absent: what the provider may send, or the door's default. */
  readonly bodyBytes?: number | undefined
  /** Requests a second, of all callers together, on average. */
  readonly perSecond?: number | undefined
  /** How many may come at once after a rest. Absent: what a second brings. */
  readonly burst?: number | undefined
  /** The same two of each address. */
  readonly addressPerSecond?: number | undefined
  readonly addressBurst?: number | undefined
  /** Requests in hand at once: being stored, or waiting for the workflow's own answer. */
  readonly concurrent?: number | undefined
  /** Runs that have not ended. Absent: `queuedDefault`. */
  readonly queued?: number | undefined
}

/** GitHub's cap, and as much as one process should hold of one request. */
export const bodyBytesMax = 25 * 1_024 * 1_024
/** More than a day of a busy sender, and less than a disk. */
export const queuedDefault = 1_000_000
const rateMax = 100_000
const concurrentMax = 10_000
const queuedMax = 100_000_000

/** How many of something: a whole number from 1 to `most`, or none given. */
export const count = (what: string, most: number) =>
  z.optional(
    z
      .int(`${what} is a whole number`)
      .check(z.gte(1, 'at least 1'), z.lte(most, `at most ${most.toLocaleString('en')}`)),
  )
const rate = z.optional(
  z
    .number('a rate is a number of requests a second')
    .check(
      z.gte(0.01, 'at least 0.01: one in 100 seconds'),
      z.lte(rateMax, `at most ${rateMax.toLocaleString('en')}`),
    ),
)

export const limitsSchema = z.strictObject({
  bodyBytes: z.optional(
    z
      .int('the size is a whole number of bytes')
      .check(z.gte(1, 'at least 1 byte'), z.lte(bodyBytesMax, `at most ${bodyBytesMax} bytes (25 MiB)`)),
  ),
  perSecond: rate,
  burst: count('a burst', rateMax),
  addressPerSecond: rate,
  addressBurst: count('a burst', rateMax),
  concurrent: count('the number of requests in hand', concurrentMax),
  queued: count('the number of runs', queuedMax),
}) as unknown as z.ZodMiniType<LimitSettings>
