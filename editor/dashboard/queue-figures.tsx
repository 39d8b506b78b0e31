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

/** In the two largest units that say something: `3 d 4 h`. */
function uptime(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [Math.floor(seconds) % 60, 's'],
  ] as const
  const first = parts.findIndex(([value]) => value > 0)
  const shown = parts.slice(first, first + 2).filter(([value]) => value > 0)
  return first === -1 ? '0 s' : shown.map(([value, unit]) => `${value} ${unit}`).join(' ')
}
