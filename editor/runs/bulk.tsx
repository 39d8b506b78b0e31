/** Resuming or cancelling everything that a filter shows. It says how many that is before it does so. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ChangeRuns, RunState } from '../../nodes/contract/api.ts'
import { client } from '../api/client.ts'
import { useWorkflows } from '../events/workflow-names.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { stateWord } from '../parts/state-mark.tsx'
import { Trouble } from '../parts/states.tsx'
import { count, plural } from '../parts/words.ts'
import { canResume, hasEnded, openStates } from './ended.ts'

interface Filter {
  readonly workflowId: string | undefined
  readonly eventId: string | undefined
  readonly state: RunState | undefined
  readonly kind: 'production' | 'test' | undefined
}
type ActionName = ChangeRuns['action']

/** Offered where the filter's state allows it; without a state, what failed resumes and what is unfinished is cancelled. */
export function BulkActions({ filter }: { readonly filter: Filter }) {
  const [asked, setAsked] = useState<ActionName>()
  const { state } = filter
  const resumes = state === undefined || canResume(state)
  const cancels = state === undefined || !hasEnded(state)
  return (
    <>
      {resumes && (
        <Button onClick={() => setAsked('resume')}>
          Resume {stateWord(state ?? 'failed').toLowerCase()}…
        </Button>
      )}
      {cancels && (
        <Button onClick={() => setAsked('cancel')}>
          Cancel {state === undefined ? 'unfinished' : stateWord(state).toLowerCase()}…
        </Button>
      )}
      {asked !== undefined && <Ask action={asked} filter={filter} onClose={() => setAsked(undefined)} />}
    </>
  )
}

const words = {
  resume: {
    verb: 'Resume',
    about: 'Each goes on at the step that failed. What was recorded before does not happen again.',
    none: 'No run of this filter has failed.',
    done: 'go on',
  },
  cancel: {
    verb: 'Cancel',
    about:
      'Each stops where it is. A request that is on its way is not called back. They can be resumed later.',
    none: 'No run of this filter is unfinished.',
    done: 'were cancelled',
  },
} as const

interface AskProps {
  readonly action: ActionName
  readonly filter: Filter
  readonly onClose: () => void
}

function Ask({ action, filter, onClose }: AskProps) {
  const queries = useQueryClient()
  const workflow = useWorkflows()?.get(filter.workflowId ?? '')?.name
  const states = filter.state === undefined ? (action === 'resume' ? resumed : openStates) : [filter.state]
  const counted = useQuery({
    queryKey: ['run-count', filter, action],
    queryFn: ({ signal }) => countRuns(filter, states, signal),
    gcTime: 0,
  })
  const change = useMutation({
    mutationFn: async () => {
      const given = Object.entries(filter).filter(([, value]) => value !== undefined)
      const state = action === 'resume' ? (filter.state ?? 'failed') : filter.state
      const body = { ...Object.fromEntries(given), ...(state !== undefined && { state }) }
      return client.changeRuns({ filter: body, action })
    },
    onSuccess: () =>
      queries.invalidateQueries({
        predicate: ({ queryKey }) => ['runs', 'older-runs', 'run'].includes(String(queryKey[0])),
      }),
  })
  const { verb, about, none, done } = words[action]
  const number = counted.data
  const isDone = change.data !== undefined
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={number === undefined ? `${verb} runs` : `${verb} ${amount(number)}`}
      about={about}
      width="sm"
      footer={
        <>
          <Button onClick={onClose} autoFocus>
            {isDone ? 'Close' : 'Keep them as they are'}
          </Button>
          {!isDone && (
            <Button
              look={action === 'cancel' ? 'danger' : 'primary'}
              disabled={number === undefined || number.runs === 0}
              busy={change.isPending}
              onClick={() => change.mutate()}
            >
              {number === undefined ? verb : `${verb} ${amount(number)}`}
            </Button>
          )}
        </>
      }
    >
      <div role="status" className="text-sm text-text-2">
        {counted.isPending && <p>Counting…</p>}
        {number !== undefined && number.runs > 0 && !isDone && <p>{shownBy(filter, action, workflow)}</p>}
        {number?.runs === 0 && <p>{none}</p>}
        {change.data !== undefined && (
          <p>
            {plural(change.data.changed, 'run')} {done}.
          </p>
        )}
      </div>
      <Trouble error={counted.error ?? change.error} />
    </Dialog>
  )
}

/** What the filter stands for, in words. */
function shownBy(
  { state, kind, workflowId, eventId }: Filter,
  action: ActionName,
  workflow = 'this workflow',
) {
  const which = state ?? (action === 'resume' ? 'failed' : 'unfinished')
  return [
    `All ${which}${kind === undefined ? '' : ` ${kind}`} runs of`,
    eventId === undefined ? '' : 'one event of',
    workflowId === undefined ? 'all workflows.' : `“${workflow}”.`,
  ]
    .filter((word) => word !== '')
    .join(' ')
}

const resumed = ['failed'] as const satisfies readonly RunState[]

const pageRows = 200
/** Beyond it, how many more there are says nothing more to a person. */
const countMax = 10_000

interface Amount {
  readonly runs: number
  readonly isMore: boolean
}

const amount = ({ runs, isMore }: Amount): string =>
  isMore ? `more than ${count(countMax)} runs` : plural(runs, 'run')

async function countRuns(filter: Filter, states: readonly RunState[], signal: AbortSignal): Promise<Amount> {
  let runs = 0
  for (const state of states) {
    let cursor: string | undefined
    do {
      const page = await client.runs({ ...filter, state, cursor, limit: pageRows })
      signal.throwIfAborted()
      runs += page.items.length
      if (runs > countMax) return { runs, isMore: true }
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
  }
  return { runs, isMore: false }
}
