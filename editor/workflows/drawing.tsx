import type { Graph, GraphNode } from '../../nodes/contract/graph.ts'
import { iconOf } from '../parts/node-icon.tsx'

/** The canvas's 320 × 144 px per node become 80 × 44. */
const scale = { x: 80 / 320, y: 44 / 144 }
const box = { width: 48, height: 32 }
const iconSize = 16
/** What is drawn small says no more with more. */
const nodesMax = 60

const placed = (node: GraphNode) => ({
  node,
  x: Math.round(node.position.x * scale.x),
  y: Math.round(node.position.y * scale.y),
})

/** A graph in small: which kinds of nodes there are and how they hang together. */
export function Drawing({ graph, className }: { readonly graph: Graph; readonly className?: string }) {
  const shown = graph.nodes.slice(0, nodesMax).map(placed)
  const at = new Map(shown.map((each) => [each.node.id, each]))
  const left = Math.min(...shown.map(({ x }) => x)) - 2
  const top = Math.min(...shown.map(({ y }) => y)) - 2
  const width = Math.max(...shown.map(({ x }) => x)) + box.width + 2 - left
  const height = Math.max(...shown.map(({ y }) => y)) + box.height + 2 - top
  if (shown.length === 0) return null
  return (
    <svg
      viewBox={`${left} ${top} ${width} ${height}`}
      // Never larger than drawn: a graph of two nodes is not a poster.
      style={{ maxWidth: width * 1.1 }}
      className={className}
      aria-hidden
    >
      {graph.edges.map(({ id, source, target }) => {
        const [from, to] = [at.get(source), at.get(target)]
        if (from === undefined || to === undefined) return null
        const [x1, y1] = [from.x + box.width, from.y + box.height / 2]
        const [x2, y2] = [to.x, to.y + box.height / 2]
        const bend = (x2 - x1) / 2
        return (
          <path
            key={id}
            d={`M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`}
            className="fill-none stroke-line-strong"
            strokeWidth={1.25}
          />
        )
      })}
      {shown.map(({ node, x, y }) => {
        const { icon: Icon, colour } = iconOf(node.type)
        return (
          <g key={node.id} className={colour}>
            <rect
              x={x}
              y={y}
              {...box}
              rx={6}
              className="fill-surface-1 stroke-line-strong/70"
              strokeWidth={1}
            />
            <Icon
              x={x + (box.width - iconSize) / 2}
              y={y + (box.height - iconSize) / 2}
              width={iconSize}
              height={iconSize}
              strokeWidth={2}
            />
          </g>
        )
      })}
    </svg>
  )
}
