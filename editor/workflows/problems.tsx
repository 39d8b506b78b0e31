import { CircleAlert } from 'lucide-react'
import type { Problem } from '../../nodes/contract/graph.ts'
import { titleOf } from '../parts/node-words.ts'
import { NodeIcon } from '../parts/node-icon.tsx'
import { useGraph } from './editing.tsx'
import { useWorkflowSearch } from './search.ts'

interface ProblemsProps {
  readonly problems: readonly Problem[]
  /** A node was chosen: its problem is mended there. */
  readonly onGo: () => void
}

/** What is to be mended, by node; a click goes to the node. */
export function Problems({ problems, onGo }: ProblemsProps) {
  const graph = useGraph()
  const setSearch = useWorkflowSearch()
  const byNode = [...Map.groupBy(problems, ({ nodeId }) => nodeId)]
  return (
    <ul aria-label="Problems" className="-mx-2 flex flex-col gap-1">
      {byNode.map(([nodeId, found]) => {
        const node = graph.nodes.find(({ id }) => id === nodeId)
        const messages = found.map(({ message }, at) => (
          <span key={at} className="text-sm text-text-2">
            {message}
          </span>
        ))
        return (
          <li key={nodeId ?? ''}>
            {node === undefined ? (
              <p className="flex gap-2 px-2 py-1.5">
                <CircleAlert className="mt-0.5 size-4 shrink-0 text-fail" aria-hidden />
                <span className="flex flex-col">{messages}</span>
              </p>
            ) : (
              <button
                type="button"
                onClick={() => {
                  setSearch({ node: node.id })
                  onGo()
                }}
                className="flex w-full gap-2 rounded-md px-2 py-1.5 text-left hover:bg-surface-2"
              >
                <CircleAlert className="mt-0.5 size-4 shrink-0 text-fail" aria-hidden />
                <span className="flex min-w-0 flex-col">
                  <span className="flex items-center gap-1.5 text-sm font-medium">
                    <NodeIcon type={node.type} className="!size-3.5" />
                    {titleOf(node)}
                  </span>
                  {messages}
                </span>
              </button>
            )}
          </li>
        )
      })}
    </ul>
  )
}
