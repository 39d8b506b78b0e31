import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { NodeTypes } from '../../nodes/contract/node.ts'
import { nodeTypes } from '../../nodes/index.ts'
import { client } from '../api/client.ts'

export interface NodeName {
  readonly label: string
  readonly type: string
}

const types: NodeTypes = nodeTypes

/** What a workflow's nodes are called today; a node that is gone from the draft is called by its id. */
export function useNodeNames(workflowId: string): (nodeId: string) => NodeName {
  const { data } = useQuery({
    queryKey: ['workflow', workflowId],
    queryFn: () => client.workflow(workflowId),
  })
  return useCallback(
    (nodeId) => {
      const node = data?.draft.nodes.find(({ id }) => id === nodeId)
      if (node === undefined) return { label: nodeId, type: '' }
      const { type } = node
      return { label: node.data.label ?? types[type]?.title ?? nodeId, type }
    },
    [data],
  )
}
