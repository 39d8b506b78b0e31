/** A page for the inspector alone: thrown away when the canvas comes. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { client } from '../api/client.ts'
import { isConflict, Unreachable } from '../api/client.ts'
import { Inspector } from '../inspector/inspector.tsx'
import { createDocument } from '../state/document.ts'
import { createSample } from '../state/sample.ts'
import { startSaving } from '../state/save.ts'
import { EditingProvider, useGraph } from './editing.tsx'

export function WorkflowPage() {
  const { id } = useParams({ from: '/frame/workflows/$id' })
  const { data } = useQuery({
    queryKey: ['workflow', id],
    queryFn: () => client.workflow(id),
    staleTime: Infinity,
  })
  const events = useQuery({
    queryKey: ['events', 'newest', id],
    queryFn: () => client.events({ workflowId: id, limit: 1 }),
  })
  const [editing, setEditing] = useState<Parameters<typeof EditingProvider>[0]['value']>()
  useEffect(() => {
    if (data === undefined || editing !== undefined || events.data === undefined) return
    const document = createDocument(data)
    const sample = createSample()
    const [newest] = events.data.items
    if (newest !== undefined) sample.getState().choose({ kind: 'event', event: newest })
    const saver = startSaving(document, {
      storage: localStorage,
      save: async (workflow, change) => {
        try {
          return { kind: 'saved', workflow: await client.changeWorkflow(workflow, change) }
        } catch (error) {
          if (error instanceof Unreachable) return { kind: 'unreachable' }
          if (isConflict(error)) return { kind: 'conflict', theirs: await client.workflow(workflow) }
          return { kind: 'refused', message: String(error) }
        }
      },
    })
    setEditing({ document, saver, sample })
  }, [data, editing, events.data])
  return editing === undefined ? null : (
    <EditingProvider value={editing}>
      <Page />
    </EditingProvider>
  )
}

function Page() {
  const { node } = useSearch({ from: '/frame/workflows/$id' })
  const graph = useGraph()
  const navigate = useNavigate()
  return (
    <div className="flex h-full">
      <nav aria-label="Nodes" className="flex min-w-0 grow flex-col gap-2 p-6">
        {graph.nodes.map(({ id, data }) => (
          <button
            key={id}
            type="button"
            onClick={() => void navigate({ to: '.', search: { node: id } })}
            className="rounded-lg border bg-surface-1 px-3 py-2 text-left"
          >
            {data.label ?? id}
          </button>
        ))}
      </nav>
      <div className="w-[400px] shrink-0 border-l">{node !== undefined && <Inspector nodeId={node} />}</div>
    </div>
  )
}
