import { type EdgeProps, getSmoothStepPath } from '@xyflow/react'
import { memo } from 'react'
import { count } from '../parts/words.ts'
import type { FlowEdge } from './flow.ts'

const interactionWidth = 20
const characterPx = 7
const paddingPx = 12

/** The way of messages in production: how many went along it. */
export const CountLine = memo(function CountLine({ data, selected = false, ...ends }: EdgeProps<FlowEdge>) {
  const [path, x, y] = getSmoothStepPath({ ...ends, borderRadius: 10 })
  const text = data?.count === undefined ? '' : count(data.count)
  const width = text.length * characterPx + paddingPx
  return (
    <g>
      <path d={path} fill="none" strokeOpacity={0} strokeWidth={interactionWidth} />
      <path
        d={path}
        fill="none"
        className="canvas-line"
        data-look={data?.look}
        data-open={selected || undefined}
      />
      {data?.count !== undefined && data.count > 0 && (
        <g className="canvas-count" data-open={selected || undefined}>
          <rect x={x - width / 2} y={y - 10} width={width} height={20} rx={10} />
          <text x={x} y={y + 4} textAnchor="middle">
            {text}
          </text>
        </g>
      )}
    </g>
  )
})
