import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { client } from '../api/client.ts'
import { titleOf } from '../parts/node-words.ts'

export interface NodeName {
  readonly label: string
  readonly type: string
}

export type NameOf = (nodeId: string) => NodeName

/**
 * What a workflow's nodes are called today; a node that is gone from the draft is called by its id. `undefined` until that
 * is known, so that no name changes under the eyes of whoever reads it.
 */
export function useNodeNames(workflowId: string): NameOf | undefined {
  const { data, isPending } = useQuery({
    queryKey: ['workflow', workflowId],
    queryFn: () => client.workflow(workflowId),
  })
  return useMemo(() => {
    if (isPending) return undefined
    const byId = new Map(data?.draft.nodes.map((node) => [node.id, node]))
    return (nodeId) => {
      const node = byId.get(nodeId)
      if (node === undefined) return { label: nodeId, type: '' }
      return { label: titleOf(node), type: node.type }
    }
  }, [data, isPending])
}
