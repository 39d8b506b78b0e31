/** The published graph with what went through it lately: counts on nodes and edges, and who crossed what is chosen. */
import { useQuery } from '@tanstack/react-query'
import { ReactFlow, ReactFlowProvider } from '@xyflow/react'
import { Waypoints } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import type { Activity } from '../../nodes/contract/api.ts'
import type { Graph } from '../../nodes/contract/graph.ts'
import { client } from '../api/client.ts'
import { Select } from '../parts/input.tsx'
import { Empty, Failed } from '../parts/states.tsx'
import { count, plural } from '../parts/words.ts'
import { usePublishedVersion } from '../workflows/published-version.ts'
import { useDocument } from '../workflows/editing.tsx'
import { CountLine } from './count-line.tsx'
import { type Crossing, Crossings } from './crossings.tsx'
import { type FlowEdge, type FlowNode, createFlow } from './flow.ts'
import { Ground, useMoves } from './ground.tsx'
import { NodeCard } from './node-card.tsx'
import { NoteCard } from './note-card.tsx'
import { activityMarks, crossingOf, edgeCounts } from './traffic.ts'
import { fitOptions, useView } from './view.ts'
import { ZoomButtons } from './zoom-buttons.tsx'
import './canvas.css'

const cardTypes = { card: NodeCard, note: NoteCard }
const edgeTypes = { line: CountLine }
const noBranding = { hideAttribution: true }
const nothing: ReadonlySet<string> = new Set()
const still = { dragged: new Map(), resized: new Map() } as const

const periods = [
  { value: '60', label: 'Last hour' },
  { value: '1440', label: 'Last day' },
] as const

/** Beside the live signals: time goes on, too. */
const againMs = 10_000

export function Production() {
  const id = useDocument(({ head }) => head.id)
  const published = usePublishedVersion()
  const [minutes, setMinutes] = useState('60')
  const activity = useQuery({
    queryKey: ['activity', id, minutes],
    queryFn: () => client.activity(id, Number(minutes)),
    refetchInterval: againMs,
    placeholderData: (before) => before,
  })
  if (activity.error !== null && activity.data === undefined)
    return <Failed error={activity.error} onRetry={() => void activity.refetch()} />
  if (published.data === undefined || activity.data === undefined) return null
  return (
    <div className="flex h-full min-w-0">
      <ReactFlowProvider>
        <Traffic graph={published.data.graph} activity={activity.data}>
          <Select
            aria-label="Period"
            options={periods}
            value={minutes}
            onChoose={setMinutes}
            className="!w-auto"
          />
          <span className="text-sm text-text-2">{summary(activity.data)}</span>
        </Traffic>
      </ReactFlowProvider>
    </div>
  )
}

function summary({ counted, isAll, states }: Activity): string {
  if (counted === 0) return 'Nothing ran'
  const failed = states['failed'] ?? 0
  const runs = `${isAll ? '' : 'newest '}${plural(counted, 'run')}`
  return failed === 0 ? runs : `${runs} · ${count(failed)} failed`
}

interface TrafficProps {
  readonly graph: Graph
  readonly activity: Activity
  readonly children: React.ReactNode
}

function Traffic({ graph, activity, children }: TrafficProps) {
  const id = useDocument(({ head }) => head.id)
  const surface = useRef<HTMLDivElement>(null)
  const view = useView(surface)
  useMoves(surface)
  const [chosen, choose] = useState<string>()
  const [flow] = useState(createFlow)
  const selected = useMemo(() => (chosen === undefined ? nothing : new Set([chosen])), [chosen])
  const nodes = useMemo(
    () => flow.nodes(graph, { ...still, selected, marks: activityMarks(graph, activity) }),
    [flow, graph, activity, selected],
  )
  const edges = useMemo(
    () => flow.edges(graph, { selected, edgeBelow: undefined, ...edgeCounts(graph, activity) }),
    [flow, graph, activity, selected],
  )
  const crossing: Crossing | undefined =
    chosen === undefined ? undefined : crossingOf(graph, activity, chosen)
  return (
    <>
      <div className="relative min-w-0 grow">
        <ReactFlow<FlowNode, FlowEdge>
          ref={surface}
          nodes={nodes}
          edges={edges}
          nodeTypes={cardTypes}
          edgeTypes={edgeTypes}
          onNodeClick={(_event, { id }) => choose(id)}
          onEdgeClick={(_event, { id }) => choose(id)}
          onPaneClick={() => choose(undefined)}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesReconnectable={false}
          deleteKeyCode={null}
          onlyRenderVisibleElements
          panOnScroll
          fitView
          fitViewOptions={fitOptions}
          minZoom={0.1}
          maxZoom={2}
          proOptions={noBranding}
          aria-label="The published graph, with what went through it"
        >
          <Ground dotted />
        </ReactFlow>
        <div className="absolute top-3 left-3 flex items-center gap-3 rounded-lg border bg-surface-1 py-1 pr-3 pl-1">
          {children}
        </div>
        <div className="absolute right-3 bottom-3 z-5 flex items-center rounded-lg border bg-surface-1">
          <ZoomButtons view={view} />
        </div>
        {activity.counted === 0 && (
          <div className="pointer-events-none absolute inset-x-0 bottom-0">
            <Empty icon={<Waypoints />} title="Nothing came through in this time">
              Counts appear on nodes and edges as events arrive.
            </Empty>
          </div>
        )}
      </div>
      {crossing !== undefined && (
        <Crossings workflowId={id} crossing={crossing} onClose={() => choose(undefined)} />
      )}
    </>
  )
}
