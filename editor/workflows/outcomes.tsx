import type { RunState, RunSummary } from '../../nodes/contract/api.ts'
import { plural } from '../parts/words.ts'
import { shownRuns } from './recent-runs.ts'

const barWidth = 3
const gap = 2
const height = 18

/** What failed stands out by its height as well as by its colour, for people who do not see colours. */
const bars: Readonly<Record<RunState, { readonly tall: number; readonly colour: string }>> = {
  succeeded: { tall: 10, colour: 'fill-ok' },
  failed: { tall: 18, colour: 'fill-fail' },
  filtered: { tall: 4, colour: 'fill-line-strong' },
  cancelled: { tall: 4, colour: 'fill-line-strong' },
  held: { tall: 6, colour: 'fill-wait' },
  waiting: { tall: 6, colour: 'fill-wait' },
  running: { tall: 6, colour: 'fill-info' },
  queued: { tall: 2, colour: 'fill-line-strong' },
  accepted: { tall: 2, colour: 'fill-line-strong' },
}

/** The last runs as bars, oldest at the left, and how many of those that ended one way or the other went well. */
export function Outcomes({ runs }: { readonly runs: readonly RunSummary[] }) {
  const count = (state: RunState) => runs.filter((run) => run.state === state).length
  const [succeeded, failed] = [count('succeeded'), count('failed')]
  const width = shownRuns * (barWidth + gap) - gap
  const start = shownRuns - runs.length
  return (
    <span className="flex items-center gap-3">
      <svg
        role="img"
        aria-label={`Last ${plural(runs.length, 'run')}: ${succeeded} succeeded, ${failed} failed`}
        width={width}
        height={height}
        className="shrink-0"
      >
        {runs.toReversed().map(({ id, state }, n) => (
          <rect
            key={id}
            x={(start + n) * (barWidth + gap)}
            y={height - bars[state].tall}
            width={barWidth}
            height={bars[state].tall}
            rx={1}
            className={bars[state].colour}
          />
        ))}
      </svg>
      <span className="w-10 text-right text-xs text-text-2 tabular-nums" aria-hidden>
        {succeeded + failed > 0 && `${Math.floor((succeeded / (succeeded + failed)) * 100)} %`}
      </span>
    </span>
  )
}
