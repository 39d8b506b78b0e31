import { type EdgeProps, getSmoothStepPath } from '@xyflow/react'
import { Plus } from 'lucide-react'
import { memo, useState } from 'react'
import { useEditing } from '../workflows/editing.tsx'
import type { FlowEdge } from './flow.ts'

/** A label that the card shows too is said again only where the line is long. */
const labelFromLength = 160
const interactionWidth = 20

/** The way of a message: a line with round corners, its port's name, and on hover a place to put a node into it. */
export const EdgeLine = memo(function EdgeLine({
  id,
  sourceX,
  sourceY,
  sourcePosition,
  targetX,
  targetY,
  targetPosition,
  selected = false,
  data,
}: EdgeProps<FlowEdge>) {
  const [hovered, setHovered] = useState(false)
  const [path, x, y] = getSmoothStepPath({
    sourceX,
    sourceY,
    sourcePosition,
    targetX,
    targetY,
    targetPosition,
    borderRadius: 10,
  })
  const open = hovered || selected
  const isLong = Math.abs(targetX - sourceX) + Math.abs(targetY - sourceY) > labelFromLength
  return (
    <g onMouseEnter={() => setHovered(true)} onMouseLeave={() => setHovered(false)}>
      <path d={path} fill="none" strokeOpacity={0} strokeWidth={interactionWidth} />
      <path
        d={path}
        fill="none"
        className="canvas-line"
        data-look={data?.look}
        data-open={open || undefined}
      />
      {data?.label !== undefined && isLong && !open && (
        <text x={x} y={y + 4} textAnchor="middle" className="canvas-label">
          {data.label}
        </text>
      )}
      {open && <Insert edgeId={id} x={x} y={y} />}
    </g>
  )
})

function Insert({ edgeId, x, y }: { readonly edgeId: string; readonly x: number; readonly y: number }) {
  const { canvas } = useEditing()
  return (
    <g
      transform={`translate(${x},${y})`}
      className="canvas-insert"
      data-testid={`insert-${edgeId}`}
      onClick={(event) => {
        event.stopPropagation()
        canvas.getState().open({
          kind: 'add',
          at: { x: event.clientX, y: event.clientY },
          link: { kind: 'into', edge: edgeId },
        })
      }}
    >
      <title>Put a node in between</title>
      <circle r={16} fillOpacity={0} stroke="none" />
      <circle r={10} />
      <Plus x={-7} y={-7} width={14} height={14} aria-hidden />
    </g>
  )
}
