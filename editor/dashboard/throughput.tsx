import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Trouble } from '../parts/states.tsx'
import { count, plural } from '../parts/words.ts'
import { type Minute, minutes, readLastHour } from './last-hour.ts'
import { Panel } from './panel.tsx'

const refreshMs = 10_000
const heightPx = 128
const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })

const sum = ({ succeeded, failed, other }: Minute): number => succeeded + failed + other

/** The runs of the last hour, a column for each minute. */
export function Throughput() {
  const hour = useQuery({
    queryKey: ['throughput'],
    queryFn: () => readLastHour(),
    refetchInterval: refreshMs,
  })
  const [pointed, point] = useState<Minute>()
  const columns = hour.data?.minutes ?? []
  const most = Math.max(1, ...columns.map(sum))
  const failed = columns.reduce((total, minute) => total + minute.failed, 0)
  const total = hour.data?.runs ?? 0
  const summary = `${hour.data?.isCut === true ? 'more than ' : ''}${plural(total, 'run')}${failed > 0 ? `, ${count(failed)} failed` : ''}`
  return (
    <Panel
      title="Last hour"
      aside={
        <span className="tabular-nums">
          {pointed === undefined
            ? summary
            : `${time.format(pointed.startMs)} · ${plural(sum(pointed), 'run')}${pointed.failed > 0 ? `, ${count(pointed.failed)} failed` : ''}`}
        </span>
      }
    >
      <div
        role="img"
        aria-label={`Runs of the last hour by minute: ${summary}, at most ${count(most)} in a minute`}
        onPointerLeave={() => point(undefined)}
        className="relative flex border-b"
        style={{ height: heightPx }}
      >
        <span className="pointer-events-none absolute inset-x-0 top-0 border-t border-dashed" />
        {total > 0 && (
          <span className="pointer-events-none absolute top-0 left-0 bg-surface-0 pr-1 text-xs text-text-3 tabular-nums -translate-y-1/2">
            {count(most)}
          </span>
        )}
        {columns.map((minute) => (
          <span
            key={minute.startMs}
            onPointerEnter={() => point(minute)}
            className="flex grow flex-col justify-end gap-px px-px hover:bg-surface-2"
          >
            <Part value={minute.failed} most={most} look="bg-fail" />
            <Part value={minute.other} most={most} look="bg-line-strong" />
            <Part value={minute.succeeded} most={most} look="bg-ok" />
          </span>
        ))}
        {total === 0 && hour.isSuccess && (
          <p className="absolute inset-0 flex items-center justify-center text-sm text-text-2">
            Nothing ran in the last hour.
          </p>
        )}
      </div>
      <p className="mt-1 flex justify-between text-xs text-text-3" aria-hidden>
        <span>{minutes} min ago</span>
        <span>now</span>
      </p>
      <Trouble error={hour.error} />
    </Panel>
  )
}

interface PartProps {
  readonly value: number
  readonly most: number
  readonly look: string
}

const Part = ({ value, most, look }: PartProps) =>
  value > 0 && (
    <span className={`rounded-sm ${look}`} style={{ height: Math.max(2, (value / most) * (heightPx - 8)) }} />
  )
