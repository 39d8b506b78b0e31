/** Where one is in a large graph. React Flow's own map draws each card by itself: with 500 that halves the frames. */
import { useReactFlow, useStore } from '@xyflow/react'
import { type PointerEvent, useMemo } from 'react'
import type { Graph } from '../../nodes/contract/graph.ts'
import { useGraph } from '../workflows/editing.tsx'
import { boxesOf } from './arrange.ts'

const width = 176
const height = 112
/** Around the graph, on the canvas. */
const margin = 200

interface Area {
  readonly x: number
  readonly y: number
  readonly scale: number
  readonly path: string
}

export function Overview() {
  const graph = useGraph()
  const flow = useReactFlow()
  const { x, y, scale, path } = useMemo(() => areaOf(graph), [graph])
  const go = ({ currentTarget, clientX, clientY }: PointerEvent<HTMLDivElement>) => {
    const frame = currentTarget.getBoundingClientRect()
    const to = { x: x + (clientX - frame.x) / scale, y: y + (clientY - frame.y) / scale }
    void flow.setCenter(to.x, to.y, { zoom: flow.getZoom() })
  }
  return (
    <div
      role="img"
      aria-label="Map of the graph"
      style={{ width, height }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        go(event)
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) go(event)
      }}
      className="pointer-events-auto relative cursor-pointer touch-none overflow-hidden rounded-lg border bg-surface-1"
    >
      <svg aria-hidden width={width} height={height} className="absolute inset-0">
        <path d={path} transform={`scale(${scale}) translate(${-x},${-y})`} className="fill-line-strong" />
      </svg>
      <Seen x={x} y={y} scale={scale} />
    </div>
  )
}

/** What of the graph is on the screen. */
function Seen({ x, y, scale }: Omit<Area, 'path'>) {
  const frame = useStore(({ transform, width, height }) => [...transform, width, height].join(' '))
  const [left = 0, top = 0, zoom = 1, across = 0, down = 0] = frame.split(' ').map(Number)
  const at = { x: (-left / zoom - x) * scale, y: (-top / zoom - y) * scale }
  return (
    <div
      className="pointer-events-none absolute top-0 left-0 rounded-sm border border-accent bg-accent/10"
      style={{
        transform: `translate(${at.x}px,${at.y}px)`,
        width: (across / zoom) * scale,
        height: (down / zoom) * scale,
      }}
    />
  )
}

function areaOf(graph: Graph): Area {
  const boxes = boxesOf(graph, new Set([...graph.nodes, ...(graph.notes ?? [])].map(({ id }) => id)))
  const x = Math.min(...boxes.map(({ position }) => position.x)) - margin
  const y = Math.min(...boxes.map(({ position }) => position.y)) - margin
  const right = Math.max(...boxes.map((box) => box.position.x + box.width)) + margin
  const bottom = Math.max(...boxes.map((box) => box.position.y + box.height)) + margin
  if (boxes.length === 0) return { x: 0, y: 0, scale: 1, path: '' }
  const scale = Math.min(width / (right - x), height / (bottom - y))
  // In the middle of the map on the axis that has room.
  const by = { x: (width / scale - (right - x)) / 2, y: (height / scale - (bottom - y)) / 2 }
  const path = boxes
    .map((box) => `M${box.position.x} ${box.position.y}h${box.width}v${box.height}h${-box.width}z`)
    .join('')
  return { x: x - by.x, y: y - by.y, scale, path }
}
