import { type Graph, type GraphNode, topologicalOrder } from '../../nodes/contract/graph.ts'
import { type NodeTypes, portsOf } from '../../nodes/contract/node.ts'

/** As the editor puts a node beside the one it was added to. */
const stepX = 320
/** Of a card, of each of its ports where it has several, and to the next card below: as `editor/canvas/card.ts` draws them. */
const cardHeight = 72
const portHeight = 24
const gapY = 32

/**
 * A graph that was written by hand or by a program, where every node lies on the same point: from left to right along the
 * edges, one below the other in a column. Any other graph stays as it is.
 */
export function placed(graph: Graph, types: NodeTypes): Graph {
  const [first, ...others] = graph.nodes
  if (first === undefined || others.length === 0) return graph
  const { x, y } = first.position
  if (others.some(({ position }) => position.x !== x || position.y !== y)) return graph

  const heightOf = ({ type, data }: GraphNode): number => {
    const known = types[type]
    const ports = known === undefined ? 0 : Object.keys(portsOf(known, data.config)).length
    return cardHeight + (ports > 1 ? ports * portHeight : 0) + gapY
  }
  const columns = columnsOf(graph)
  const filled = new Map<number, number>()
  return {
    ...graph,
    nodes: graph.nodes.map((node) => {
      const column = columns.get(node.id) ?? 0
      const below = filled.get(column) ?? 0
      filled.set(column, below + heightOf(node))
      return { ...node, position: { x: x + column * stepX, y: y + below } }
    }),
  }
}

/** How many edges the longest way to a node has. (No edges lead in a circle: that is refused before.) */
function columnsOf(graph: Graph): ReadonlyMap<string, number> {
  const order = topologicalOrder(graph) ?? []
  const columns = new Map(order.map((id) => [id, 0]))
  const leaving = Map.groupBy(graph.edges, ({ source }) => source)
  for (const id of order) {
    for (const { target } of leaving.get(id) ?? [])
      columns.set(target, Math.max(columns.get(target) ?? 0, (columns.get(id) ?? 0) + 1))
  }
  return columns
}
