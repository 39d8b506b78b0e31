/** One run: what became of it, and what each step got, gave and sent. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { StepForward, Waypoints } from 'lucide-react'
import type { Run, RunState } from '../../nodes/contract/api.ts'
import { client } from '../api/client.ts'
import { Detail, Fact, IdFact, Missing, textLink } from '../events/detail.tsx'
import { eventName } from '../events/event-name.ts'
import { useWorkflows } from '../events/workflow-names.ts'
import { Ago } from '../parts/ago.tsx'
import { Button } from '../parts/button.tsx'
import { StateMark } from '../parts/state-mark.tsx'
import { Skeleton, messageOf } from '../parts/states.tsx'
import { visible } from '../parts/visible-text.ts'
import { duration, shortId } from '../parts/words.ts'
import { canResume, durationMs, hasEnded } from './ended.ts'
import { nameOfNode } from './node-names.ts'
import { Replay } from './replay.tsx'
import { versionWord } from './version-word.ts'
import { useRun } from './shown-run.ts'
import { TimeLine } from './time-line.tsx'

export function RunPage() {
  const { id } = useParams({ from: '/frame/runs/$id' })
  const { data, error, refetch } = useRun(id)
  if (data !== undefined) return <Shown run={data} key={id} />
  return error === null ? (
    <Skeleton rows={8} />
  ) : (
    <Missing what="run" to="/runs" error={error} onRetry={() => void refetch()} />
  )
}

function Shown({ run }: { readonly run: Run }) {
  const workflow = useWorkflows()?.get(run.workflowId)
  const event = useQuery({ queryKey: ['event', run.eventId], queryFn: () => client.event(run.eventId) })
  const took = durationMs(run)
  return (
    <Detail
      back={{ to: '/runs', label: 'Runs' }}
      title={workflow?.name ?? 'Deleted workflow'}
      mark={<StateMark state={run.state} />}
      actions={<Actions run={run} isThere={workflow !== undefined} />}
      facts={
        <>
          <Fact label="Event">
            <Link to="/events/$id" params={{ id: run.eventId }} className={textLink}>
              {event.data === undefined ? `…${shortId(run.eventId)}` : eventName(event.data)}
            </Link>
          </Fact>
          <Fact label="Version">{versionWord(run)}</Fact>
          <Fact label="Started">
            <Ago at={run.startedAt ?? run.createdAt} />
          </Fact>
          <Fact label="Duration">
            <span className="tabular-nums">{took === undefined ? 'Not ended' : duration(took)}</span>
          </Fact>
          {run.kind === 'test' && <Fact label="Kind">Test</Fact>}
          <IdFact id={run.id} />
        </>
      }
    >
      <Reason run={run} />
      <TimeLine run={run} />
    </Detail>
  )
}

function Actions({ run, isThere }: { readonly run: Run; readonly isThere: boolean }) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const change = useMutation({
    mutationFn: (action: 'resume' | 'cancel') =>
      action === 'resume' ? client.resumeRun(run.id) : client.cancelRun(run.id),
    onSettled: () => queries.invalidateQueries({ queryKey: ['run', run.id] }),
  })
  return (
    <>
      {change.error !== null && (
        <span role="alert" className="max-w-80 text-xs text-fail">
          {messageOf(change.error)}
        </span>
      )}
      {isThere && (
        <Link
          to="/workflows/$id"
          params={{ id: run.workflowId }}
          search={{ run: run.id }}
          className="inline-flex h-8 items-center gap-1.5 rounded-md border bg-surface-1 px-3 text-sm font-medium hover:bg-surface-2"
        >
          <Waypoints className="size-3.5" aria-hidden />
          Show on canvas
        </Link>
      )}
      {!hasEnded(run.state) && (
        <Button look="danger" busy={change.isPending} onClick={() => change.mutate('cancel')}>
          Cancel
        </Button>
      )}
      <Replay
        eventId={run.eventId}
        workflowId={run.workflowId}
        onReplayed={({ id }) => void navigate({ to: '/runs/$id', params: { id } })}
      />
      {canResume(run.state) && (
        <Button
          look="primary"
          busy={change.isPending}
          icon={<StepForward className="size-3.5" aria-hidden />}
          onClick={() => change.mutate('resume')}
        >
          Resume
        </Button>
      )}
    </>
  )
}

/** Why it ended as it did, or what it waits for, in a sentence. */
function Reason({ run }: { readonly run: Run }) {
  if (run.state === 'failed' && run.error !== null) {
    const { code, message, nodeId } = run.error
    return (
      <section aria-label="Why it failed" className="border-b bg-fail-soft px-6 py-3 text-sm">
        <p className="font-medium text-fail">
          {nodeId === undefined ? 'The run failed' : `${nameOfNode(run, nodeId).label} failed`}
          <code className="ml-2 font-normal">{code}</code>
        </p>
        <p className="mt-0.5 max-w-3xl text-text-1">{visible(message)}</p>
      </section>
    )
  }
  const turn = run.steps.find(({ waitsFor }) => waitsFor !== null)?.waitsFor
  const text =
    run.state === 'failed'
      ? undefined
      : run.state === 'waiting' && turn
        ? `It waits for ${turn}. It holds nothing meanwhile.`
        : sentences[run.state]
  if (text === undefined) return null
  return (
    <p role="status" className="border-b bg-surface-2 px-6 py-2.5 text-sm text-text-2">
      {text}
      {run.state === 'waiting' && run.dueAt !== null && (
        <>
          {' '}
          It goes on <Ago at={run.dueAt} />.
        </>
      )}
    </p>
  )
}

const sentences: Readonly<Partial<Record<RunState, string>>> = {
  accepted: 'It is about to start.',
  queued: 'It is about to start.',
  held: 'It is held while its workflow is paused. Enable the workflow, and it runs in its turn.',
  waiting: 'It waits, and holds nothing meanwhile.',
  filtered: 'A filter or a switch let the message end here, before anything was sent.',
  cancelled: 'It was cancelled. It can be resumed where it stopped.',
}
