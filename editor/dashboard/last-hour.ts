/** What ran in the last hour, minute by minute. */
import type { RunSummary } from '../../nodes/contract/api.ts'
import { client } from '../api/client.ts'

export const minutes = 60
const minuteMs = 60_000
/** A busier hour is told by its newest runs: more pages would cost the server more than the picture is worth. */
const pagesMax = 5
const pageLimit = 200

export interface Minute {
  readonly startMs: number
  readonly succeeded: number
  readonly failed: number
  /** Filtered, cancelled, or not ended yet. */
  readonly other: number
}

export interface LastHour {
  readonly minutes: readonly Minute[]
  readonly runs: number
  /** There were more runs than were read; the earliest minutes are not whole. */
  readonly isCut: boolean
}

export async function readLastHour(nowMs = Date.now()): Promise<LastHour> {
  const startMs = Math.floor(nowMs / minuteMs) * minuteMs - (minutes - 1) * minuteMs
  const runs: RunSummary[] = []
  let cursor: string | null = null
  for (let n = 0; n < pagesMax; n += 1) {
    const page: Awaited<ReturnType<typeof client.runs>> = await client.runs({
      kind: 'production',
      limit: pageLimit,
      cursor: cursor ?? undefined,
    })
    const within = page.items.filter(({ createdAt }) => Date.parse(createdAt) >= startMs)
    runs.push(...within)
    cursor = page.nextCursor
    if (cursor === null || within.length < page.items.length) {
      return { minutes: byMinute(runs, startMs), runs: runs.length, isCut: false }
    }
  }
  return { minutes: byMinute(runs, startMs), runs: runs.length, isCut: true }
}

function byMinute(runs: readonly RunSummary[], startMs: number): readonly Minute[] {
  const grouped = Map.groupBy(runs, ({ createdAt }) =>
    Math.floor((Date.parse(createdAt) - startMs) / minuteMs),
  )
  return Array.from({ length: minutes }, (_, n) => {
    const within = grouped.get(n) ?? []
    const succeeded = within.filter(({ state }) => state === 'succeeded').length
    const failed = within.filter(({ state }) => state === 'failed').length
    return { startMs: startMs + n * minuteMs, succeeded, failed, other: within.length - succeeded - failed }
  })
}
