import * as z from 'zod/mini'

/**
 * When a failed attempt is made again.
 * `attempts`: how many are made in all. `schedule`: seconds to wait before each; a leading 0 stands for the first
 * attempt, which is always made at once; a schedule that is too short repeats its last wait.
 * `statuses`: which answers are worth another attempt, e.g. `408,409,425,429,500-599`.
 */
export interface RetryPolicy {
  readonly attempts: number
  readonly schedule: readonly number[]
  readonly statuses: string
}

/** Eight attempts over about 28 hours: Svix's schedule, the longest that a receiver's outage usually needs. */
export const retryDefault: RetryPolicy = {
  attempts: 8,
  schedule: [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 36_000],
  statuses: '408,409,425,429,500-599',
}

const attemptsMax = 50
const waitSecondsMax = 30 * 24 * 3_600

export const statusesPattern = /^\s*\d{3}(\s*-\s*\d{3})?(\s*,\s*\d{3}(\s*-\s*\d{3})?)*\s*$/

export const retrySchema = z.strictObject({
  attempts: z._default(
    z
      .int('attempts is a whole number')
      .check(z.gte(1), z.lte(attemptsMax, `at most ${attemptsMax} attempts`)),
    retryDefault.attempts,
  ),
  schedule: z._default(
    z.readonly(z.array(z.number().check(z.gte(0), z.lte(waitSecondsMax, 'a wait is at most 30 days')))),
    retryDefault.schedule,
  ),
  statuses: z._default(
    z
      .string()
      .check(
        z.refine(
          (text) => text.trim() === '' || statusesPattern.test(text),
          'statuses look like 429,500-599',
        ),
      ),
    retryDefault.statuses,
  ),
})

/** Whether an answer with this status is among those worth another attempt. */
export const retriesStatus = (statuses: string, status: number): boolean =>
  statuses.split(',').some((range) => {
    const [low = Number.NaN, high = low] = range.split('-').map((edge) => Number.parseInt(edge, 10))
    return status >= low && status <= high
  })
