import { useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { Workflow } from '../../nodes/contract/api.ts'
import { client, isConflict, Unreachable } from '../api/client.ts'
import { DataTab } from '../inspector/data-tab.tsx'
import { WebhookPanel } from '../inspector/webhook-panel.tsx'
import { messageOf, Skeleton } from '../parts/states.tsx'
import { label } from '../state/commands.ts'
import { createDocument } from '../state/document.ts'
import { createSample } from '../state/sample.ts'
import { startSaving, type SaveResult } from '../state/save.ts'
import { Bar } from './bar.tsx'
import { type Editing, EditingProvider, useEditing, useGraph } from './editing.tsx'
import { useWorkflowSearch } from './search.ts'

export function WorkflowPage() {
  const { id } = useParams({ from: '/frame/workflows/$id' })
  const { data } = useQuery({
    queryKey: ['opened', id],
    queryFn: () => client.workflow(id),
    staleTime: Infinity,
  })
  return data === undefined ? <Skeleton /> : <Opened workflow={data} />
}

async function save(...[id, change]: Parameters<typeof client.changeWorkflow>): Promise<SaveResult> {
  try {
    return { kind: 'saved', workflow: await client.changeWorkflow(id, change) }
  } catch (error) {
    if (error instanceof Unreachable) return { kind: 'unreachable' }
    if (isConflict(error)) return { kind: 'conflict', theirs: await client.workflow(id) }
    return { kind: 'refused', message: messageOf(error) }
  }
}

function Opened({ workflow }: { readonly workflow: Workflow }) {
  const [editing, setEditing] = useState<Editing>()
  useEffect(() => {
    const document = createDocument(workflow)
    const saver = startSaving(document, { save, storage: localStorage })
    setEditing({ document, saver, sample: createSample() })
    return () => saver.stop()
  }, [workflow])
  return editing === undefined ? null : (
    <EditingProvider value={editing}>
      <div className="flex h-full flex-col">
        <Bar />
        <Body />
      </div>
    </EditingProvider>
  )
}

function Body() {
  const { document } = useEditing()
  const graph = useGraph()
  const { node: selected } = useSearch({ from: '/frame/workflows/$id' })
  const setSearch = useWorkflowSearch()
  const node = graph.nodes.find(({ id }) => id === selected)
  return (
    <div className="flex min-h-0 grow">
      <ul className="flex grow flex-col gap-2 p-4">
        {graph.nodes.map(({ id, data }) => (
          <li key={id}>
            <button type="button" onClick={() => setSearch({ node: id })}>
              {data.label ?? id}
            </button>
            <input
              aria-label={`Label of ${id}`}
              value={data.label ?? ''}
              onChange={({ target }) =>
                document.getState().change((graph) => label(graph, id, target.value), id)
              }
            />
          </li>
        ))}
      </ul>
      {node && (
        <aside className="w-[440px] shrink-0 resize-x overflow-auto border-l bg-surface-1">
          {node.type === 'webhook' && <WebhookPanel />}
          <DataTab nodeId={node.id} />
        </aside>
      )}
    </div>
  )
}
