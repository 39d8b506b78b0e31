import { Link } from '@tanstack/react-router'
import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleX,
  Filter,
  type LucideIcon,
  PauseCircle,
  TriangleAlert,
} from 'lucide-react'
import type { Balance } from '../../nodes/contract/api-house.ts'
import type { ListSearch } from '../routes.tsx'
import { count } from '../parts/words.ts'
import { Panel } from './panel.tsx'

type Place = 'succeeded' | 'filtered' | 'failed' | 'cancelled' | 'held' | 'pending'

interface PlaceLook {
  readonly place: Place
  readonly label: string
  readonly icon: LucideIcon
  readonly bar: string
  readonly text: string
  readonly search: ListSearch
}

/** Every accepted event is in exactly one of them. */
const places: readonly PlaceLook[] = [
  look('succeeded', 'Succeeded', CircleCheck, 'bg-ok', 'text-ok'),
  look('filtered', 'Filtered', Filter, 'bg-line-strong', 'text-text-3'),
  look('failed', 'Failed', CircleX, 'bg-fail', 'text-fail'),
  look('cancelled', 'Cancelled', Ban, 'bg-text-3', 'text-text-3'),
  look('held', 'Held', PauseCircle, 'bg-wait', 'text-wait'),
  { ...look('pending', 'Pending', CircleDashed, 'bg-info', 'text-info'), search: {} },
]

function look(place: Place, label: string, icon: LucideIcon, bar: string, text: string): PlaceLook {
  return { place, label, icon, bar, text, search: { state: place } }
}

/** The books: accepted events as one bar that is filled by what became of each. */
export function Books({ balance }: { readonly balance: Balance | undefined }) {
  const shown = places.filter(({ place }) => (balance?.[place] ?? 0) > 0)
  return (
    <Panel
      title="Where every event is"
      className="border-b"
      aside={
        <span className="flex gap-4">
          <span>
            <span className="font-medium text-text-1 tabular-nums">{count(balance?.duplicates ?? 0)}</span>{' '}
            {balance?.duplicates === 1 ? 'duplicate' : 'duplicates'}
          </span>
          <Link to="/rejected" className="rounded-sm hover:text-text-1 hover:underline">
            <span className="font-medium text-text-1 tabular-nums">{count(balance?.rejected ?? 0)}</span>{' '}
            rejected
          </Link>
        </span>
      }
    >
      <p className="flex items-baseline gap-2">
        <span className="text-2xl font-semibold tracking-tight tabular-nums">
          {balance === undefined ? '–' : count(balance.accepted)}
        </span>{' '}
        <span className="text-base text-text-2">accepted</span>
      </p>
      <div className="mt-3 flex h-3 gap-0.5 overflow-hidden rounded-full bg-surface-3" aria-hidden>
        {shown.map(({ place, bar }) => (
          // What is there at all can be seen, however small its part is.
          <span key={place} className={`min-w-1 ${bar}`} style={{ flexGrow: balance?.[place] ?? 0 }} />
        ))}
      </div>
      <ul className="mt-4 grid grid-cols-2 gap-x-4 gap-y-1 sm:grid-cols-3 lg:grid-cols-6">
        {places.map(({ place, label, icon: Icon, text, search }) => {
          const value = balance?.[place] ?? 0
          return (
            <li key={place}>
              <Link
                to="/runs"
                search={search}
                className="-mx-2 flex flex-col rounded-md px-2 py-1.5 transition-colors duration-150 hover:bg-surface-2"
              >
                <span className="flex items-center gap-1.5 text-sm text-text-2">
                  <Icon className={`size-4 ${value > 0 ? text : 'text-text-3'}`} aria-hidden />
                  {label}
                </span>
                <span className="text-lg font-medium tabular-nums">{count(value)}</span>
              </Link>
            </li>
          )
        })}
      </ul>
      {balance?.balanced === false && (
        <p role="alert" className="mt-3 flex items-start gap-1.5 text-sm text-fail">
          <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
          The six do not add up to what was accepted. Keep a copy of the data folder and report it.
        </p>
      )}
    </Panel>
  )
}
