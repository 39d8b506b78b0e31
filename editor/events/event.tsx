/** One request that was let in: what came, what became of it, and running it again. */
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { FlaskConical } from 'lucide-react'
import type { Event } from '../../nodes/contract/api.ts'
import { client } from '../api/client.ts'
import { Ago } from '../parts/ago.tsx'
import { HeadersTable } from '../parts/headers-table.tsx'
import { StateMark } from '../parts/state-mark.tsx'
import { Skeleton, Trouble } from '../parts/states.tsx'
import { visible } from '../parts/visible-text.ts'
import { bytes, duration } from '../parts/words.ts'
import { durationMs } from '../runs/ended.ts'
import { Replay } from '../runs/replay.tsx'
import { Detail, Fact, IdFact, Missing, Section, textLink } from './detail.tsx'
import { EventBody } from './event-body.tsx'
import { eventName } from './event-name.ts'
import { Verified } from './verified.tsx'
import { useRowKeys } from './rows.ts'
import { aboveRow, rowLink, rowLook } from './table.tsx'
import { useWorkflows } from './workflow-names.ts'

export function EventPage() {
  const { id } = useParams({ from: '/frame/events/$id' })
  const { data, error, refetch } = useQuery({ queryKey: ['event', id], queryFn: () => client.event(id) })
  if (data !== undefined) return <Shown event={data} />
  return error === null ? (
    <Skeleton rows={8} />
  ) : (
    <Missing what="event" to="/events" error={error} onRetry={() => void refetch()} />
  )
}

function Shown({ event }: { readonly event: Event }) {
  const navigate = useNavigate()
  const workflow = useWorkflows()?.get(event.workflowId)
  return (
    <Detail
      back={{ to: '/events', label: 'Events' }}
      title={eventName(event)}
      actions={
        <>
          {workflow !== undefined && (
            <Link
              to="/workflows/$id"
              params={{ id: event.workflowId }}
              state={{ sampleEventId: event.id }}
              className="inline-flex h-8 items-center gap-1.5 rounded-md border bg-surface-1 px-3 text-sm font-medium hover:bg-surface-2"
            >
              <FlaskConical className="size-3.5" aria-hidden />
              Use as sample
            </Link>
          )}
          <Replay
            eventId={event.id}
            workflowId={event.workflowId}
            onReplayed={({ id }) => void navigate({ to: '/runs/$id', params: { id } })}
          />
        </>
      }
      facts={
        <>
          <Fact label="Received">
            <Ago at={event.receivedAt} />
          </Fact>
          <Fact label="Workflow">
            {workflow === undefined ? (
              'Deleted workflow'
            ) : (
              <Link to="/workflows/$id" params={{ id: workflow.id }} className={textLink}>
                {workflow.name}
              </Link>
            )}
          </Fact>
          <Fact label="Request">
            <code className="truncate">
              {visible(`${event.method} ${event.path === '' ? '/' : event.path}`)}
            </code>
          </Fact>
          <Fact label="Verified">
            <Verified isVerified={event.verified} />
          </Fact>
          <Fact label="From">
            <code>{event.ip}</code>
          </Fact>
          <Fact label="Size">{bytes(event.bodyBytes)}</Fact>
          <Fact label="Duplicates">{event.duplicates}</Fact>
          {event.kind === 'test' && <Fact label="Kind">Test</Fact>}
          {event.isRetry && <Fact label="Sent">Again, by the sender’s own word</Fact>}
          {event.acceptedFrom !== null && (
            <Fact label="Let in">
              <Link
                to="/rejected"
                search={{ workflow: event.workflowId, accepted: 'true' }}
                className={textLink}
              >
                By hand
              </Link>
            </Fact>
          )}
          <IdFact id={event.id} />
        </>
      }
    >
      <div className="grid items-start gap-x-8 gap-y-6 px-6 py-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <EventBody event={event} />
        <div className="flex min-w-0 flex-col gap-6">
          <EventRuns eventId={event.id} />
          <Section title="Headers">
            <div className="rounded-lg border bg-surface-1 px-4 py-1.5">
              <HeadersTable headers={event.headers} />
            </div>
          </Section>
        </div>
      </div>
    </Detail>
  )
}

const runsMax = 20

function EventRuns({ eventId }: { readonly eventId: string }) {
  const rows = useRowKeys<HTMLUListElement>()
  const { data, error } = useQuery({
    queryKey: ['runs', 'of-event', eventId],
    queryFn: () => client.runs({ eventId, limit: runsMax }),
  })
  return (
    <Section title="Runs">
      <Trouble error={error} />
      {data?.items.length === 0 && <p className="text-sm text-text-2">It has not run yet.</p>}
      {data !== undefined && data.items.length > 0 && (
        <ul ref={rows} className="overflow-hidden rounded-lg border bg-surface-1">
          {data.items.map((run) => {
            const took = durationMs(run)
            return (
              <li
                key={run.id}
                className={`${rowLook} flex h-10 items-center gap-3 px-4 text-sm last:border-0`}
              >
                <Link to="/runs/$id" params={{ id: run.id }} data-row className={`${rowLink} flex`}>
                  <StateMark state={run.state} />
                </Link>
                <span className="text-text-3">{run.version === null ? 'draft' : `v${run.version}`}</span>
                <span className="ml-auto text-text-2 tabular-nums">
                  {took !== undefined && duration(took)}
                </span>
                <span className={`${aboveRow} w-20 text-right text-text-2`}>
                  <Ago at={run.createdAt} />
                </span>
              </li>
            )
          })}
        </ul>
      )}
    </Section>
  )
}
