/** The last runs, events and rejections of one workflow, as the drawer lists them. */
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { ArrowUpRight, FlaskConical } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Event } from '../../nodes/contract/api.ts'
import { client } from '../api/client.ts'
import { eventName } from '../events/event-name.ts'
import { useEventNames } from '../events/use-event-names.ts'
import { Verified } from '../events/verified.tsx'
import { Outcome, useNewestRuns } from '../events/outcome.tsx'
import { reasonOf } from '../events/reasons.ts'
import { useRowKeys } from '../events/rows.ts'
import { aboveRow, rowLink, rowLook } from '../events/table.tsx'
import { useChooseSample } from '../inspector/sample-choice.ts'
import { Ago } from '../parts/ago.tsx'
import { Button } from '../parts/button.tsx'
import { classes } from '../parts/classes.ts'
import { StateMark } from '../parts/state-mark.tsx'
import { Skeleton, Trouble } from '../parts/states.tsx'
import { visible } from '../parts/visible-text.ts'
import { bytes, duration } from '../parts/words.ts'
import { useSample } from '../workflows/editing.tsx'
import { durationMs } from './ended.ts'
import { Replay } from './replay.tsx'
import { versionWord } from './version-word.ts'

interface RecentProps {
  readonly workflowId: string
}

const shownMax = 20

export function RecentRuns({ workflowId }: RecentProps) {
  const shown = useSearch({ strict: false, select: ({ run }) => run })
  const names = useEventNames(workflowId)
  const { data, error } = useQuery({
    queryKey: ['runs', 'recent', workflowId],
    queryFn: () => client.runs({ workflowId, limit: shownMax }),
  })
  return (
    <Rows
      label="Last runs"
      items={data?.items}
      error={error}
      empty="No run yet. Test the draft, or publish it and send something to its URL."
      all={
        <Link to="/runs" search={{ workflow: workflowId }} className={allLook}>
          All runs of this workflow
        </Link>
      }
      row={(run) => {
        const took = durationMs(run)
        return (
          <li key={run.id} className={classes(lineLook, run.id === shown && 'bg-accent-soft!')}>
            <span className="flex w-28 shrink-0">
              <StateMark state={run.state} />
            </span>
            <Link
              to="/workflows/$id"
              params={{ id: workflowId }}
              search={(before) => ({ ...before, run: run.id })}
              data-row
              aria-current={run.id === shown ? 'true' : undefined}
              className={classes(rowLink, 'min-w-0 shrink-0 truncate font-medium')}
            >
              {names?.get(run.eventId) ?? 'Run'}
            </Link>
            <span className="shrink-0 text-text-3">{versionWord(run)}</span>
            <span className="min-w-0 grow truncate text-text-2">{visible(run.error?.message ?? '')}</span>
            <span className="shrink-0 text-text-2 tabular-nums">{took !== undefined && duration(took)}</span>
            <Time at={run.startedAt ?? run.createdAt} />
            <Link to="/runs/$id" params={{ id: run.id }} className={openLook}>
              Open <ArrowUpRight className="size-3.5" aria-hidden />
            </Link>
          </li>
        )
      }}
    />
  )
}

export function RecentEvents({ workflowId }: RecentProps) {
  const runs = useNewestRuns(workflowId)
  const { data, error } = useQuery({
    queryKey: ['events', 'recent', workflowId],
    queryFn: () => client.events({ workflowId, limit: shownMax }),
  })
  return (
    <Rows
      label="Last events"
      items={data?.items}
      error={error}
      empty="No event yet. Copy the URL of the webhook node to the service that should call it."
      all={
        <Link to="/events" search={{ workflow: workflowId }} className={allLook}>
          All events of this workflow
        </Link>
      }
      row={(event) => (
        <li key={event.id} className={lineLook}>
          <Link
            to="/events/$id"
            params={{ id: event.id }}
            data-row
            className={classes(rowLink, 'w-44 min-w-0 truncate font-medium')}
          >
            {eventName(event)}
          </Link>
          <span className="flex w-28 shrink-0">
            <Outcome eventId={event.id} runs={runs} />
          </span>
          <span className="w-14 shrink-0 max-lg:hidden">
            <Verified isVerified={event.verified} />
          </span>
          <span className="w-16 shrink-0 text-right text-text-2 tabular-nums max-lg:hidden">
            {bytes(event.bodyBytes)}
          </span>
          <span className="grow text-text-3">{event.kind === 'test' && 'Test'}</span>
          <Time at={event.receivedAt} />
          <EventActions event={event} />
        </li>
      )}
    />
  )
}

function EventActions({ event }: { readonly event: Event }) {
  const choose = useChooseSample()
  const navigate = useNavigate({ from: '/workflows/$id' })
  const isUsed = useSample((state) => state.sample?.kind === 'event' && state.sample.event.id === event.id)
  return (
    <span className={`${aboveRow} flex shrink-0 items-center gap-1.5`}>
      <Button
        size="sm"
        look="quiet"
        className="w-32"
        disabled={isUsed}
        icon={<FlaskConical className="size-3.5" aria-hidden />}
        onClick={() => choose({ kind: 'event', event })}
      >
        {isUsed ? 'The sample' : 'Use as sample'}
      </Button>
      <Replay
        eventId={event.id}
        workflowId={event.workflowId}
        size="sm"
        onReplayed={({ id }) => void navigate({ search: (before) => ({ ...before, run: id }) })}
      />
    </span>
  )
}

export const useRecentRejections = (workflowId: string) =>
  useQuery({
    queryKey: ['rejections', 'recent', workflowId],
    queryFn: () => client.rejections({ workflowId, limit: shownMax }),
  })

export function RecentRejections({ workflowId }: RecentProps) {
  const { data, error } = useRecentRejections(workflowId)
  return (
    <Rows
      label="Last rejections"
      items={data?.items}
      error={error}
      empty="Nothing was refused."
      all={
        <Link to="/rejected" search={{ workflow: workflowId }} className={allLook}>
          All rejections of this workflow
        </Link>
      }
      row={({ id, at, reason, detail, status, acceptedAs }) => (
        <li key={id} className={lineLook}>
          <Link
            to="/rejected"
            search={{ workflow: workflowId, reason }}
            data-row
            className={classes(rowLink, 'w-64 shrink-0 truncate font-medium')}
          >
            {reasonOf(reason)}
          </Link>
          <span className="shrink-0 text-text-3 tabular-nums">{status}</span>
          <span className="min-w-0 grow truncate text-text-2">{visible(detail)}</span>
          {acceptedAs !== null && <span className="shrink-0 text-ok">Accepted by hand</span>}
          <Time at={at} />
        </li>
      )}
    />
  )
}

const lineLook = `${rowLook} flex h-9 items-center gap-3 px-4 text-sm`
const openLook = `${aboveRow} inline-flex h-7 shrink-0 items-center gap-1 rounded-md px-2 text-xs text-text-2 hover:bg-surface-3 hover:text-text-1`
const allLook = 'text-accent underline-offset-2 hover:underline'

const Time = ({ at }: { readonly at: string }) => (
  <span className={`${aboveRow} w-20 shrink-0 text-right text-text-2`}>
    <Ago at={at} />
  </span>
)

interface RowsProps<T> {
  readonly label: string
  readonly items: readonly T[] | undefined
  readonly error: unknown
  readonly empty: string
  /** Leads to the page that has them all. */
  readonly all: ReactNode
  readonly row: (item: T) => ReactNode
}

function Rows<T>({ label, items, error, empty, all, row }: RowsProps<T>) {
  const rows = useRowKeys<HTMLUListElement>()
  if (items === undefined)
    return error == null ? (
      <Skeleton rows={3} />
    ) : (
      <div className="p-4">
        <Trouble error={error} />
      </div>
    )
  if (items.length === 0) return <p className="px-4 py-6 text-center text-sm text-text-2">{empty}</p>
  return (
    <>
      <ul ref={rows} aria-label={label}>
        {items.map(row)}
      </ul>
      <p className="px-4 py-2.5 text-sm">{all}</p>
    </>
  )
}
