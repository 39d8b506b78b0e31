import type { TimestampRule } from '../../nodes/contract/scheme.ts'
import { nameSource } from '../../nodes/contract/scheme.ts'
import { type Refusal, refuse } from './refusal.ts'

const digits = /^\d{1,16}$/
/** RFC 3339 with `T` and an offset, so that no reader guesses a time zone. */
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/

/**
 * Why a timestamp is refused, or `undefined`. Whole seconds count: at 300 s of tolerance 300 passes and 301 does not. Without
 * a tolerance it must still be a time.
 */
export function checkTimestamp(rule: TimestampRule, text: string, nowMs: number): Refusal | undefined {
  const timeMs = readTime(rule, text)
  if (timeMs === undefined || !Number.isSafeInteger(timeMs)) {
    const expected =
      rule.unit === 'rfc3339' ? 'a time like 2027-01-31T09:00:00Z' : `a whole number of ${rule.unit}`
    return refuse(401, 'timestamp-malformed', `${nameSource(rule.from)} is not ${expected}.`)
  }
  const { toleranceSeconds } = rule
  if (toleranceSeconds === undefined) return undefined
  const ageSeconds =
    rule.unit === 'seconds' ? Math.floor(nowMs / 1_000) - timeMs / 1_000 : (nowMs - timeMs) / 1_000
  if (ageSeconds > toleranceSeconds) {
    return refuse(
      401,
      'timestamp-too-old',
      `The request is ${Math.round(ageSeconds)} s old, at most ${toleranceSeconds} s are allowed. ` +
        'It was sent again, or a clock is wrong.',
    )
  }
  if (rule.direction === 'both' && -ageSeconds > toleranceSeconds) {
    return refuse(
      401,
      'timestamp-in-future',
      `The request is ${Math.round(-ageSeconds)} s ahead of this server's clock, ` +
        `at most ${toleranceSeconds} s are allowed. Set both clocks.`,
    )
  }
  return undefined
}

/** Milliseconds; `undefined` when the text is no time of this unit. */
export function readTime({ unit }: TimestampRule, text: string): number | undefined {
  if (unit === 'rfc3339') return rfc3339.test(text) ? Date.parse(text) : undefined
  if (!digits.test(text)) return undefined
  return unit === 'seconds' ? Number(text) * 1_000 : Number(text)
}

/** The present moment as the sender would write it. */
export function writeTime({ unit }: TimestampRule, nowMs: number): string {
  if (unit === 'rfc3339') return new Date(nowMs).toISOString()
  return unit === 'seconds' ? `${Math.floor(nowMs / 1_000)}` : `${nowMs}`
}
