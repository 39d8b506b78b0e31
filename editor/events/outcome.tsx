/** What became of events: the state of each one's newest run. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { RunSummary } from '../../nodes/contract/api.ts'
import { client } from '../api/client.ts'
import { StateMark } from '../parts/state-mark.tsx'
import { hasEnded } from '../runs/ended.ts'

type Runs = ReadonlyMap<string, RunSummary>

const runsMax = 200
const freshMs = 30_000
const againMs = 3_000

/** The newest runs by their events: one request for as good as every row of a page. */
export function useNewestRuns(workflowId: string | undefined): Runs | undefined {
  const { data } = useQuery({
    queryKey: ['runs', 'of-events', { workflowId }],
    queryFn: () => client.runs({ workflowId, limit: runsMax }),
  })
  // Newest first: the later in the list is the older one and must not win.
  return useMemo(() => data && new Map(data.items.toReversed().map((run) => [run.eventId, run])), [data])
}

interface OutcomeProps {
  readonly eventId: string
  readonly runs: Runs | undefined
}

export function Outcome({ eventId, runs }: OutcomeProps) {
  const near = runs?.get(eventId)
  const { data, isPending } = useQuery({
    queryKey: ['newest-run', eventId],
    queryFn: () => client.runs({ eventId, limit: 1 }),
    enabled: runs !== undefined && near === undefined,
    staleTime: freshMs,
    refetchInterval: ({ state }) => {
      const run = state.data?.items[0]
      return run !== undefined && hasEnded(run.state) ? false : againMs
    },
  })
  const run = near ?? data?.items[0]
  if (run !== undefined) return <StateMark state={run.state} />
  return isPending ? null : <span className="text-text-3">Not run</span>
}
