import { useQuery } from '@tanstack/react-query'
import type { RunSummary } from '../../nodes/contract/api.ts'
import { client } from '../api/client.ts'

/** As many as the sparkline draws. */
export const shownRuns = 24
const sharedRuns = 200
const ownRunsStaleMs = 30_000

/**
 * The last runs of one workflow, newest first; `undefined` while they are not known. One list of what ran lately serves
 * every row and is kept fresh as things happen. A workflow that is not in it ran longer ago: its own runs are read once its
 * row is in view, and need not be read again, since whatever it runs next appears in the shared list.
 */
export function useRecentRuns(workflowId: string, inView: boolean): readonly RunSummary[] | undefined {
  const shared = useQuery({
    queryKey: ['runs', { kind: 'production', limit: sharedRuns }],
    queryFn: () => client.runs({ kind: 'production', limit: sharedRuns }),
    select: ({ items }) => Map.groupBy(items, (run) => run.workflowId),
  })
  const known = shared.data?.get(workflowId)
  const own = useQuery({
    queryKey: ['workflow-runs', workflowId],
    queryFn: () => client.runs({ workflowId, kind: 'production', limit: shownRuns }),
    enabled: inView && shared.isSuccess && known === undefined,
    staleTime: ownRunsStaleMs,
  })
  return (known ?? own.data?.items)?.slice(0, shownRuns)
}
