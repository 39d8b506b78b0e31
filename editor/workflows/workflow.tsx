/** A workflow: the bar on top, the graph in the middle, the selected node at the right, what happened at the bottom. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { Waypoints } from 'lucide-react'
import { Suspense, lazy, useEffect, useState } from 'react'
import type { Workflow } from '../../nodes/contract/api.ts'
import { ApiProblem, client } from '../api/client.ts'
import { Canvas } from '../canvas/canvas.tsx'
import { patiently } from '../parts/patiently.ts'
import { Empty, Failed, Skeleton, Waiting } from '../parts/states.tsx'
import { type Editing, EditingProvider } from './editing.tsx'
import { keepSaving, openWorkflow } from './open.ts'
import { useSelectionInUrl } from './selection.ts'
import { SidePanel } from './side-panel.tsx'

// The graph is drawn first; what stands around it has its place meanwhile.
const barPlace = <div className="h-12 shrink-0 border-b bg-surface-1" />
const drawerPlace = <div className="h-10 shrink-0 border-t bg-surface-1" />
const Bar = lazy(async () => ({ default: (await patiently(() => import('./bar.tsx'))).Bar }))
const Drawer = lazy(async () => ({ default: (await patiently(() => import('../runs/drawer.tsx'))).Drawer }))
const loadInspector = () => patiently(() => import('../inspector/inspector.tsx'))
const Inspector = lazy(async () => ({ default: (await loadInspector()).Inspector }))
const Production = lazy(async () => ({
  default: (await patiently(() => import('../canvas/production.tsx'))).Production,
}))

/** By then the graph and what stands around it is there; hardly anybody chose a node to fill in before. */
const inspectorAfterMs = 2_000

export function WorkflowPage() {
  const { id } = useParams({ from: '/frame/workflows/$id' })
  // What an earlier page left in the cache may be older than what that page saved when it was left.
  const { data, error, isFetchedAfterMount, refetch } = useQuery({
    queryKey: ['workflow', id],
    queryFn: () => client.workflow(id),
    refetchOnMount: 'always',
  })
  if (error instanceof ApiProblem && error.status === 404) return <Gone />
  if (data !== undefined && (isFetchedAfterMount || error !== null))
    return <Opening key={id} workflow={data} />
  if (error !== null) return <Failed error={error} onRetry={() => void refetch()} />
  return <Loading />
}

/** Holds the open workflow; what is saved elsewhere comes in while there are no edits here. */
function Opening({ workflow }: { readonly workflow: Workflow }) {
  const queries = useQueryClient()
  const [editing, setEditing] = useState<Editing>()
  const [first] = useState(workflow)
  useEffect(() => {
    const opened = openWorkflow(first, queries)
    setEditing(opened)
    return keepSaving(opened)
  }, [first, queries])
  useEffect(() => editing?.document.getState().follow(workflow), [editing, workflow])
  return editing === undefined ? (
    <Loading />
  ) : (
    <EditingProvider value={editing}>
      <Open />
    </EditingProvider>
  )
}

function Open() {
  const node = useSelectionInUrl()
  const { show } = useSearch({ from: '/frame/workflows/$id' })
  const [isDrawn, setDrawn] = useState(show === 'production')
  const onDrawn = () => {
    setDrawn(true)
    // So that the first click on a node opens its form at once, and offline too.
    setTimeout(() => void loadInspector(), inspectorAfterMs)
  }
  return (
    <div className="flex h-full min-w-0 flex-col">
      <Suspense fallback={barPlace}>{isDrawn ? <Bar /> : barPlace}</Suspense>
      {show === 'production' ? (
        <section aria-label="Production" className="relative min-h-0 grow">
          <Suspense>
            <Production />
          </Suspense>
        </section>
      ) : (
        <Draft node={node} isDrawn={isDrawn} onDrawn={onDrawn} />
      )}
    </div>
  )
}

interface DraftProps {
  readonly node: string | undefined
  readonly isDrawn: boolean
  readonly onDrawn: () => void
}

function Draft({ node, isDrawn, onDrawn }: DraftProps) {
  return (
    <div className="relative flex min-h-0 grow">
      <div className="flex min-w-0 grow flex-col">
        <section aria-label="Graph" className="relative min-h-0 grow">
          <Canvas onDrawn={onDrawn} />
        </section>
        <Suspense fallback={drawerPlace}>{isDrawn ? <Drawer /> : drawerPlace}</Suspense>
      </div>
      {node !== undefined && (
        <SidePanel>
          <Suspense fallback={<Skeleton rows={5} />}>
            {isDrawn && <Inspector key={node} nodeId={node} />}
          </Suspense>
        </SidePanel>
      )}
    </div>
  )
}

/** The shape of the page, so that nothing jumps. */
const Loading = () => (
  <Waiting label="Loading the workflow" className="flex h-full flex-col">
    <div className="h-12 shrink-0 border-b bg-surface-1" />
    <div className="flex grow items-center justify-center gap-28">
      {[0, 1, 2].map((card) => (
        <div key={card} className="h-18 w-52 animate-pulse rounded-lg border bg-surface-1" />
      ))}
    </div>
  </Waiting>
)

const Gone = () => (
  <Empty
    icon={<Waypoints />}
    title="There is no such workflow"
    action={
      <Link to="/workflows" className="text-accent underline underline-offset-2">
        Go to the workflows
      </Link>
    }
  >
    It was deleted, or its address is mistyped.
  </Empty>
)
