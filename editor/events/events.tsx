/** Everything that was let in, newest first, and what became of it. */
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Inbox } from 'lucide-react'
import type { Event } from '../../nodes/contract/api.ts'
import { client } from '../api/client.ts'
import { Ago } from '../parts/ago.tsx'
import { classes } from '../parts/classes.ts'
import { Page } from '../parts/page.tsx'
import { Empty } from '../parts/states.tsx'
import { Tip } from '../parts/tip.tsx'
import { visible } from '../parts/visible-text.ts'
import { bytes, plural } from '../parts/words.ts'
import { Choice, KindFilter, WorkflowFilter } from './filters.tsx'
import { eventName } from './event-name.ts'
import { Verified } from './verified.tsx'
import { InboxNav } from './inbox.tsx'
import { useLiveList } from './live-list.ts'
import { Outcome, useNewestRuns } from './outcome.tsx'
import { type ListSearchChange, changed, isFiltered } from './search.ts'
import { type Column, ListTable, aboveRow, cellLook, rowLink, rowLook } from './table.tsx'
import { useWorkflows } from './workflow-names.ts'

const columns: readonly Column[] = [
  { label: 'Received', look: 'w-32' },
  { label: 'Type' },
  { label: 'Workflow' },
  { label: 'Verified', look: 'w-24' },
  { label: 'Size', look: 'w-24 max-lg:hidden', isNumber: true },
  { label: 'Duplicates', look: 'w-28 max-lg:hidden', isNumber: true },
  { label: 'Outcome', look: 'w-36' },
]

export function Events() {
  const search = useSearch({ from: '/frame/events' })
  const navigate = useNavigate({ from: '/events' })
  const change = (to: ListSearchChange) =>
    void navigate({ search: (before) => changed(before, to), replace: true })
  const workflows = useWorkflows()
  const runs = useNewestRuns(search.workflow)
  const list = useLiveList({
    name: 'events',
    filter: { workflowId: search.workflow, kind: search.kind, type: search.type },
    read: client.events,
  })
  return (
    <Page
      title="Events"
      bar={
        <>
          <InboxNav workflow={search.workflow} />
          <WorkflowFilter value={search.workflow} onChange={(workflow) => change({ workflow })} />
          <TypeFilter workflow={search.workflow} value={search.type} onChange={(type) => change({ type })} />
          <KindFilter value={search.kind} onChange={(kind) => change({ kind })} />
        </>
      }
    >
      <ListTable
        label="Events"
        noun="event"
        columns={columns}
        list={list}
        empty={isFiltered(search) ? <NothingFits /> : <NoEvents />}
        row={(event) => (
          <EventRow
            key={event.id}
            event={event}
            workflow={workflows?.get(event.workflowId)?.name}
            outcome={<Outcome eventId={event.id} runs={runs} />}
          />
        )}
      />
    </Page>
  )
}

interface EventRowProps {
  readonly event: Event
  readonly workflow: string | undefined
  readonly outcome: React.ReactNode
}

const EventRow = ({ event, workflow, outcome }: EventRowProps) => (
  <tr className={rowLook}>
    <td className={classes(cellLook, 'text-text-2')}>
      <span className={aboveRow}>
        <Ago at={event.receivedAt} />
      </span>
    </td>
    <td className={cellLook}>
      <Link to="/events/$id" params={{ id: event.id }} data-row className={classes(rowLink, 'font-medium')}>
        {eventName(event)}
      </Link>
      {event.kind === 'test' && <span className="ml-2 text-xs text-text-3">Test</span>}
      {event.isRetry && <span className="ml-2 text-xs text-text-3">Sent again</span>}
      {event.acceptedFrom !== null && <span className="ml-2 text-xs text-text-3">By hand</span>}
    </td>
    <td className={classes(cellLook, 'text-text-2')}>{workflow ?? 'Deleted workflow'}</td>
    <td className={cellLook}>
      <Verified isVerified={event.verified} />
    </td>
    <td className={classes(cellLook, 'text-right text-text-2 tabular-nums max-lg:hidden')}>
      {bytes(event.bodyBytes)}
    </td>
    <td className={classes(cellLook, 'text-right text-text-2 tabular-nums max-lg:hidden')}>
      {event.duplicates > 0 && (
        <Tip text={`The same delivery came ${plural(event.duplicates, 'more time')} and did not run again`}>
          <span className={aboveRow}>+{event.duplicates}</span>
        </Tip>
      )}
    </td>
    <td className={cellLook}>
      <span className="flex">{outcome}</span>
    </td>
  </tr>
)

interface TypeFilterProps {
  readonly workflow: string | undefined
  readonly value: string | undefined
  readonly onChange: (value: string | undefined) => void
}

const typesFreshMs = 30_000

/** Types that came lately: what is not among the last 200 events cannot be chosen, but stands when the URL names it. */
function TypeFilter({ workflow, value, onChange }: TypeFilterProps) {
  const { data } = useQuery({
    queryKey: ['event-types', workflow],
    queryFn: () => client.events({ workflowId: workflow, limit: 200 }),
    staleTime: typesFreshMs,
  })
  const seen = data?.items.flatMap(({ type }) => (type === null ? [] : [type])) ?? []
  const types = [...new Set([...seen, ...(value === undefined ? [] : [value])])].toSorted()
  return (
    <Choice
      label="Type"
      all="All types"
      options={types.map((type) => ({ value: type, label: visible(type) }))}
      value={value}
      onChange={onChange}
      widest="max-w-44"
    />
  )
}

const NothingFits = () => (
  <Empty
    icon={<Inbox />}
    title="No event fits"
    action={
      <Link to="/events" className="text-accent underline underline-offset-2">
        Show all events
      </Link>
    }
  >
    Nothing that was let in matches all of these filters.
  </Empty>
)

const NoEvents = () => (
  <Empty
    icon={<Inbox />}
    title="No events yet"
    action={
      <Link to="/workflows" className="text-accent underline underline-offset-2">
        Go to the workflows
      </Link>
    }
  >
    Each request that a workflow’s URL lets in appears here, as it came, with what became of it. Give a
    workflow’s URL to the service that should call it, or send a test event from its webhook node.
  </Empty>
)
