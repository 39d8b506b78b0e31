import { Webhook } from 'lucide-react'
import { Button } from '../parts/button.tsx'
import { Empty } from '../parts/states.tsx'
import { useGraph } from '../workflows/editing.tsx'
import { put } from './acts.ts'
import type { Editor } from './editor.ts'

/** Before the first node: what belongs here. */
export function EmptyCanvas({ editor }: { readonly editor: Editor }) {
  const graph = useGraph()
  if (graph.nodes.length > 0 || (graph.notes ?? []).length > 0) return null
  const begin = () => {
    put(editor, { type: 'webhook' })
    requestAnimationFrame(() => editor.view.fit())
  }
  return (
    <div className="pointer-events-none absolute inset-0 z-5 flex items-center justify-center">
      <div className="pointer-events-auto">
        <Empty
          icon={<Webhook />}
          title="Start with a webhook"
          action={
            <Button look="primary" onClick={begin}>
              Add the webhook
            </Button>
          }
        >
          It gives this workflow its URL. What arrives there goes from node to node along the lines that you
          draw.
        </Empty>
      </div>
    </div>
  )
}
