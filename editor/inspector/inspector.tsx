/** The selected node: its settings, its data, its help. Fills its container. */
import { Suspense, lazy } from 'react'
import type { AnyNodeType } from '../../nodes/contract/node.ts'
import { nodeTypes } from '../../nodes/index.ts'
import { Skeleton } from '../parts/states.tsx'
import { useGraph } from '../workflows/editing.tsx'

const types: Readonly<Record<string, AnyNodeType>> = nodeTypes

// The canvas can be used before: this comes when the browser has nothing else to do, or with the first selection.
const load = () => import('./open.tsx')
const Open = lazy(async () => ({ default: (await load()).Open }))
const idleMs = 2_000
setTimeout(() => void load(), idleMs)

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
        <Suspense fallback={<Skeleton rows={5} />}>
          {/* What is half typed in one node does not come to another. */}
          <Open key={nodeId} node={node} type={type} />
        </Suspense>
      )}
    </aside>
  )
}
