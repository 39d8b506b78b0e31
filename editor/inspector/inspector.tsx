/** The selected node: its settings, its data, its help. Fills its container. */
import type { AnyNodeType } from '../../nodes/contract/node.ts'
import { nodeTypes } from '../../nodes/index.ts'
import { useGraph } from '../workflows/editing.tsx'
import { Open } from './open.tsx'

const types: Readonly<Record<string, AnyNodeType>> = nodeTypes

export function Inspector({ nodeId }: { readonly nodeId: string }) {
  const node = useGraph().nodes.find(({ id }) => id === nodeId)
  if (node === undefined) return null
  const type = types[node.type]
  return (
    <aside
      aria-label="Inspector"
      className="flex h-full min-h-0 w-full min-w-0 flex-col bg-surface-1 [font-variant-ligatures:none]"
    >
      {type === undefined ? (
        <p className="p-4 text-sm text-text-2">
          This Hookloom does not know the node type “{node.type}”. Upgrade it, or remove the node.
        </p>
      ) : (
        // What is half typed in one node does not come to another.
        <Open key={nodeId} node={node} type={type} />
      )}
    </aside>
  )
}
