/** Every run, newest first, and what can be done with many of them at once. */
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Play, X } from 'lucide-react'
import { type RunState, type RunSummary, runStates } from '../../nodes/contract/api.ts'
import { client } from '../api/client.ts'
import { Choice, KindFilter, WorkflowFilter } from '../events/filters.tsx'
import { useEventNames } from '../events/use-event-names.ts'
import { useLiveList } from '../events/live-list.ts'
import { type ListSearchChange, changed, isFiltered } from '../events/search.ts'
import { type Column, ListTable, aboveRow, cellLook, rowLink, rowLook } from '../events/table.tsx'
import { useWorkflows } from '../events/workflow-names.ts'
import { Ago } from '../parts/ago.tsx'
import { Button } from '../parts/button.tsx'
import { classes } from '../parts/classes.ts'
import { Page } from '../parts/page.tsx'
import { StateMark, stateWord } from '../parts/state-mark.tsx'
import { Empty } from '../parts/states.tsx'
import { visible } from '../parts/visible-text.ts'
import { duration, shortId } from '../parts/words.ts'
import { BulkActions } from './bulk.tsx'
import { durationMs } from './ended.ts'
import { versionWord } from './version-word.ts'

const columns: readonly Column[] = [
  { label: 'State', look: 'w-36' },
  { label: 'Workflow' },
  { label: 'Event' },
  { label: 'Reason', look: 'w-1/4 max-lg:hidden' },
  { label: 'Started', look: 'w-28' },
  { label: 'Duration', look: 'w-28', isNumber: true },
]

const stateOptions = runStates.map((value) => ({ value, label: stateWord(value) }))
const isState = (text: string | undefined): text is RunState => runStates.some((state) => state === text)

export function Runs() {
  const search = useSearch({ from: '/frame/runs' })
  const navigate = useNavigate({ from: '/runs' })
  const change = (to: ListSearchChange) =>
    void navigate({ search: (before) => changed(before, to), replace: true })
  const workflows = useWorkflows()
  const state = isState(search.state) ? search.state : undefined
  const filter = { workflowId: search.workflow, eventId: search.event, state, kind: search.kind }
  const list = useLiveList({ name: 'runs', filter, read: client.runs })
  const names = useEventNames(search.workflow)
  return (
    <Page
      title="Runs"
      actions={<BulkActions filter={filter} />}
      bar={
        <>
          <Choice
            label="State"
            all="Any state"
            options={stateOptions}
            value={state}
            onChange={(state) => change({ state })}
          />
          <WorkflowFilter value={search.workflow} onChange={(workflow) => change({ workflow })} />
          <KindFilter value={search.kind} onChange={(kind) => change({ kind })} />
          {search.event !== undefined && (
            <Button
              icon={<X className="size-3.5" aria-hidden />}
              onClick={() => change({ event: undefined })}
            >
              Of one event (…{shortId(search.event)})
            </Button>
          )}
        </>
      }
    >
      <ListTable
        label="Runs"
        noun="run"
        columns={columns}
        list={list}
        empty={<NoRuns isFiltered={isFiltered(search)} />}
        row={(run) => (
          <RunRow
            key={run.id}
            run={run}
            workflow={workflows?.get(run.workflowId)?.name}
            event={names?.get(run.eventId)}
          />
        )}
      />
    </Page>
  )
}

interface RunRowProps {
  readonly run: RunSummary
  readonly workflow: string | undefined
  readonly event: string | undefined
}

const RunRow = ({ run, workflow, event }: RunRowProps) => {
  const took = durationMs(run)
  return (
    <tr className={rowLook}>
      <td className={cellLook}>
        <Link to="/runs/$id" params={{ id: run.id }} data-row className={classes(rowLink, 'flex')}>
          <StateMark state={run.state} />
        </Link>
      </td>
      <td className={cellLook}>
        <span className="font-medium">{workflow ?? 'Deleted workflow'}</span>
        <span className="ml-2 text-xs text-text-3">{versionWord(run)}</span>
      </td>
      <td className={cellLook}>
        <Link
          to="/events/$id"
          params={{ id: run.eventId }}
          className={classes(aboveRow, 'text-text-2 underline-offset-2 hover:text-text-1 hover:underline')}
        >
          {event ?? <code>…{shortId(run.eventId)}</code>}
        </Link>
      </td>
      <td className={classes(cellLook, 'text-text-2 max-lg:hidden')}>
        {run.state === 'waiting' && run.dueAt !== null ? (
          <span className={aboveRow}>
            Goes on <Ago at={run.dueAt} />
          </span>
        ) : (
          visible(run.error?.message ?? '')
        )}
      </td>
      <td className={classes(cellLook, 'text-text-2')}>
        <span className={aboveRow}>
          <Ago at={run.startedAt ?? run.createdAt} />
        </span>
      </td>
      <td className={classes(cellLook, 'text-right text-text-2 tabular-nums')}>
        {took !== undefined && duration(took)}
      </td>
    </tr>
  )
}

const NoRuns = ({ isFiltered }: { readonly isFiltered: boolean }) =>
  isFiltered ? (
    <Empty
      icon={<Play />}
      title="No run fits"
      action={
        <Link to="/runs" className="text-accent underline underline-offset-2">
          Show all runs
        </Link>
      }
    >
      No run matches all of these filters.
    </Empty>
  ) : (
    <Empty
      icon={<Play />}
      title="No runs yet"
      action={
        <Link to="/workflows" className="text-accent underline underline-offset-2">
          Go to the workflows
        </Link>
      }
    >
      Each event runs its workflow once. What every node got, gave and sent can be seen here, and what failed
      can go on from where it stopped.
    </Empty>
  )
