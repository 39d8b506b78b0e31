import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { client } from '../api/client.ts'
import { Trouble } from '../parts/states.tsx'
import { count } from '../parts/words.ts'
import type { ListSearch } from '../routes.tsx'
import { Panel } from './panel.tsx'

const refreshMs = 5_000

const figures = [
  { name: 'due', label: 'Due', help: 'could start now', search: { state: 'queued' } },
  { name: 'active', label: 'Active', help: 'being worked on', search: { state: 'running' } },
  { name: 'waiting', label: 'Waiting', help: 'for a retry or a delay', search: { state: 'waiting' } },
] as const satisfies readonly { name: string; label: string; help: string; search: ListSearch }[]

/** What the queue holds, and since when the server runs. */
export function QueueFigures() {
  const stats = useQuery({ queryKey: ['stats'], queryFn: client.stats, refetchInterval: refreshMs })
  const { data } = stats
  return (
    <Panel
      title="Queue"
      aside={data !== undefined && `Up ${uptime(data.uptimeSeconds)}`}
      className="border-t lg:border-t-0 lg:border-l"
    >
      <ul className="flex flex-col">
        {figures.map(({ name, label, help, search }) => (
          <li key={name} className="border-b last:border-b-0">
            <Link
              to="/runs"
              search={search}
              className="-mx-2 flex items-baseline gap-2 rounded-md px-2 py-2.5 transition-colors duration-150 hover:bg-surface-2"
            >
              <span className="text-base font-medium">{label}</span>
              <span className="grow text-sm text-text-2">{help}</span>
              <span className="text-lg font-medium tabular-nums">
                {data === undefined ? '–' : count(data.queue[name])}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      <Trouble error={stats.error} />
    </Panel>
  )
}

/** In the two largest units: `3 d 4 h`. */
function uptime(seconds: number): string {
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const
  const first = Math.max(
    0,
    units.findIndex(([, size]) => seconds >= size),
  )
  return units
    .slice(first, first + 2)
    .map(([unit, size], n) => {
      const larger = n === 0 ? Number.POSITIVE_INFINITY : (units[first]?.[1] ?? 1)
      return `${Math.floor((seconds % larger) / size)} ${unit}`
    })
    .join(' ')
}
