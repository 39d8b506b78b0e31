/** A retry policy as moments on a line. Pure. */
import { isJsonObject } from '../../../nodes/contract/json.ts'
import { type RetryPolicy, retryDefault } from '../../../nodes/contract/retry.ts'
import { inWords } from '../durations.ts'

/** What is saved, with the declared start in the place of what is missing or no number yet. */
export function policyOf(value: unknown): RetryPolicy {
  const saved = isJsonObject(value) ? value : {}
  const { attempts, schedule, statuses } = saved
  return {
    attempts:
      typeof attempts === 'number' && attempts >= 1
        ? Math.min(50, Math.floor(attempts))
        : retryDefault.attempts,
    schedule: Array.isArray(schedule)
      ? schedule.filter((wait): wait is number => typeof wait === 'number' && wait >= 0)
      : retryDefault.schedule,
    statuses: typeof statuses === 'string' ? statuses : retryDefault.statuses,
  }
}

/** The wait before each attempt but the first: the engine repeats the last of a schedule that is too short. */
export function waitsOf({ attempts, schedule }: RetryPolicy): readonly number[] {
  const waits = schedule[0] === 0 ? schedule.slice(1) : schedule
  return Array.from({ length: attempts - 1 }, (_, at) => waits[at] ?? waits.at(-1) ?? 0)
}

/** With its leading 0 for the first attempt, and nothing that no attempt waits for. */
export const scheduleOf = (waits: readonly number[]): readonly number[] => [0, ...waits]

/** When each attempt is made, in seconds after the first. */
export function momentsOf(waits: readonly number[]): readonly number[] {
  let at = 0
  return [0, ...waits.map((wait) => (at += wait))]
}

const stops = [1, 10, 60, 600, 3_600, 21_600, 86_400, 604_800, 2_592_000]

/** A logarithmic axis from the first attempt to a little behind the last. */
export function axisOf(lastSeconds: number): {
  /** 0 to 1. */
  readonly placeOf: (seconds: number) => number
  readonly secondsAt: (place: number) => number
  readonly ticks: readonly number[]
} {
  const end = Math.log1p(Math.max(lastSeconds * 1.4, 60))
  return {
    placeOf: (seconds) => Math.log1p(seconds) / end,
    secondsAt: (place) => Math.expm1(Math.min(1, Math.max(0, place)) * end),
    ticks: stops.filter((seconds) => Math.log1p(seconds) / end < 0.97),
  }
}

export function inSentence(policy: RetryPolicy): string {
  if (policy.attempts === 1) return 'One attempt; a failure is final.'
  const last = momentsOf(waitsOf(policy)).at(-1) ?? 0
  return last === 0
    ? `${policy.attempts} attempts, one right after another.`
    : `${policy.attempts} attempts over ${inWords(last)}.`
}

export const presets: readonly {
  readonly name: string
  readonly attempts: number
  readonly schedule: readonly number[]
}[] = [
  { name: 'Never', attempts: 1, schedule: [0] },
  { name: 'A minute', attempts: 4, schedule: [0, 5, 15, 45] },
  { name: 'An hour', attempts: 6, schedule: [0, 10, 60, 300, 900, 2_400] },
  { name: 'A day', attempts: retryDefault.attempts, schedule: retryDefault.schedule },
  {
    name: 'A week',
    attempts: 12,
    schedule: [0, 10, 300, 1_800, 7_200, 18_000, 43_200, 86_400, 86_400, 86_400, 86_400, 172_800],
  },
]
