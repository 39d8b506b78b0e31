import type { RetryableFailure } from '../../nodes/contract/failure.ts'
import type { RetryPolicy } from '../../nodes/contract/retry.ts'

/** Receivers that come back together must not be met by all waiting attempts at once: ±20 %, as Svix does. */
const jitter = 0.2

/** The longest `Retry-After` that is believed: a day. Beyond it, a mistake is likelier than a wish. */
const afterSecondsMax = 24 * 3_600

/**
 * When the next attempt is due, in whole milliseconds since 1970; `undefined` when the policy allows no more.
 * `Retry-After` can only make the wait longer: the target knows best how long it wants to be left alone.
 * @param made how many attempts were made, the failed one included
 */
export function nextAttemptAt(
  { attempts, schedule }: RetryPolicy,
  made: number,
  { afterSeconds = 0 }: Partial<Pick<RetryableFailure, 'afterSeconds'>>,
  { now, random }: { readonly now: number; readonly random: number },
): number | undefined {
  if (made >= attempts) return undefined
  const waits = schedule[0] === 0 ? schedule.slice(1) : schedule
  const scheduled = waits[made - 1] ?? waits.at(-1) ?? 0
  const spread = scheduled * (1 - jitter + 2 * jitter * random)
  return now + Math.round(1_000 * Math.max(spread, Math.min(afterSeconds, afterSecondsMax)))
}
