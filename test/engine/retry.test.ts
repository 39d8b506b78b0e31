import { expect, test } from 'vitest'
import { retryDefault } from '../../nodes/contract/retry.ts'
import { nextAttemptAt } from '../../server/engine/retry.ts'

/** In the middle of the jitter. */
const still = { now: 0, random: 0.5 }
const waits = (policy = retryDefault, chance = still) =>
  Array.from({ length: policy.attempts }, (_, index) => nextAttemptAt(policy, index + 1, {}, chance))

test('makes eight attempts over about 28 hours by default', () => {
  expect(waits().map((ms) => ms && ms / 1_000)).toEqual([
    5,
    300,
    1_800,
    7_200,
    18_000,
    36_000,
    36_000,
    undefined,
  ])
})

test('spreads each wait by a fifth to both sides', () => {
  expect(nextAttemptAt(retryDefault, 2, {}, { now: 0, random: 0 })).toBe(240_000)
  expect(nextAttemptAt(retryDefault, 2, {}, { now: 0, random: 0.999_999 })).toBeCloseTo(360_000, -1)
})

test('waits as long as the target asks, but no longer than a day', () => {
  expect(nextAttemptAt(retryDefault, 1, { afterSeconds: 60 }, still)).toBe(60_000)
  expect(nextAttemptAt(retryDefault, 1, { afterSeconds: 1 }, still)).toBe(5_000)
  expect(nextAttemptAt(retryDefault, 1, { afterSeconds: 1e9 }, still)).toBe(24 * 3_600_000)
})

test('repeats the last wait of a schedule that is too short', () => {
  expect(waits({ attempts: 4, schedule: [0, 2], statuses: '' })).toEqual([2_000, 2_000, 2_000, undefined])
  expect(waits({ attempts: 3, schedule: [2, 3], statuses: '' })).toEqual([2_000, 3_000, undefined])
  expect(waits({ attempts: 2, schedule: [], statuses: '' })).toEqual([0, undefined])
})

test('names a whole millisecond, whatever chance says', () => {
  for (const random of [0.123, 0.777_7, 1 / 3]) {
    expect(nextAttemptAt(retryDefault, 1, {}, { now: 1_700_000_000_000, random })).toSatisfy(Number.isInteger)
  }
})
