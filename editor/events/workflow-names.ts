import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { WorkflowSummary } from '../../nodes/contract/api.ts'
import { client } from '../api/client.ts'

const workflowsMax = 200

/** Every workflow by its id, as far as one page holds them; `undefined` until they are read. */
export function useWorkflows(): ReadonlyMap<string, WorkflowSummary> | undefined {
  const { data } = useQuery({
    queryKey: ['workflows', 'names'],
    queryFn: () => client.workflows({ limit: workflowsMax }),
  })
  return useMemo(() => data && new Map(data.items.map((workflow) => [workflow.id, workflow])), [data])
}
