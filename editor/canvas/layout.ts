/** Where the nodes of a graph go when somebody asks for order. Dagre comes only then. */
import type { Graph, GraphNode } from '../../nodes/contract/graph.ts'
import { portsOf } from '../../nodes/contract/node.ts'
import { types } from '../parts/node-words.ts'
import type { Point } from '../state/commands.ts'

export interface Size {
  readonly width: number
  readonly height: number
}

const grid = 8
/** Between columns there is room for an edge's label and its count. */
const columnGap = 88
const rowGap = 32
/** Of a card that was not drawn yet. */
const sizeDefault: Size = { width: 224, height: 72 }
/** Nodes that nothing leads to lie in rows at least so wide. */
const looseWidthMin = 4 * (sizeDefault.width + rowGap)

/**
 * From left to right along the edges, targets of one node in the order of its ports, on the grid; nodes without edges lie
 * below, in rows. The webhook stays where it is, so that the picture does not run away.
 */
export async function tidy(
  graph: Graph,
  sizes: ReadonlyMap<string, Size>,
): Promise<ReadonlyMap<string, Point>> {
  const { Graph: Layers, layout } = await import('@dagrejs/dagre')
  const sizeOf = ({ id }: GraphNode): Size => sizes.get(id) ?? sizeDefault
  const joined = new Set(graph.edges.flatMap(({ source, target }) => [source, target]))
  const targets = targetsInOrder(graph)

  const layers = new Layers<object, Size & Point>()
  layers.setGraph({ rankdir: 'LR', ranksep: columnGap, nodesep: rowGap, edgesep: grid * 2 })
  layers.setDefaultEdgeLabel(() => ({}))
  const connected = graph.nodes.filter(({ id }) => joined.has(id))
  for (const node of connected) layers.setNode(node.id, { ...sizeOf(node), x: 0, y: 0 })
  for (const [source, to] of targets) for (const target of to) layers.setEdge(source, target)
  layout(layers, { constraints: [...constraintsOf(targets)] })

  const at = new Map(
    connected.map(({ id }) => {
      const { x, y, width, height } = layers.node(id)
      return [id, { x: x - width / 2, y: y - height / 2 }]
    }),
  )
  return onGrid(withLoose(at, graph, sizeOf), graph)
}

/** The targets of each node, in the order of its ports. */
function targetsInOrder({ nodes, edges }: Graph): ReadonlyMap<string, readonly string[]> {
  const bySource = Map.groupBy(edges, ({ source }) => source)
  const known = new Set(nodes.map(({ id }) => id))
  return new Map(
    nodes.map((node) => {
      const type = types[node.type]
      const ports = type === undefined ? [] : Object.keys(portsOf(type, node.data.config))
      const rank = (port: string | null | undefined) => (port == null ? 0 : ports.indexOf(port))
      const leaving = (bySource.get(node.id) ?? [])
        .filter(({ target }) => known.has(target))
        .toSorted((a, b) => rank(a.sourceHandle) - rank(b.sourceHandle))
      return [node.id, [...new Set(leaving.map(({ target }) => target))]]
    }),
  )
}

/** "This one above that one", as far as two nodes do not ask for the opposite: the first that asks is heard. */
function* constraintsOf(targets: ReadonlyMap<string, readonly string[]>) {
  const above = new Map<string, string[]>()
  const leadsTo = (from: string, to: string): boolean => {
    const seen = new Set([from])
    for (const id of seen) for (const next of above.get(id) ?? []) seen.add(next)
    return seen.has(to)
  }
  for (const to of targets.values()) {
    for (const [index, right] of to.entries()) {
      const left = to[index - 1]
      if (left === undefined || leadsTo(right, left)) continue
      above.set(left, [...(above.get(left) ?? []), right])
      yield { left, right }
    }
  }
}

/** Adds the nodes without edges, in rows under the rest. */
function withLoose(
  at: ReadonlyMap<string, Point>,
  { nodes }: Graph,
  sizeOf: (node: GraphNode) => Size,
): ReadonlyMap<string, Point> {
  const placed = nodes.flatMap((node) => {
    const point = at.get(node.id)
    return point === undefined ? [] : [{ point, size: sizeOf(node) }]
  })
  const right = Math.max(looseWidthMin, ...placed.map(({ point, size }) => point.x + size.width))
  const all = new Map(at)
  let x = 0
  let y = placed.length === 0 ? 0 : Math.max(...placed.map(({ point, size }) => point.y + size.height))
  if (placed.length > 0) y += 2 * rowGap
  let rowHeight = 0
  for (const node of nodes) {
    if (at.has(node.id)) continue
    const { width, height } = sizeOf(node)
    if (x > 0 && x + width > right) {
      x = 0
      y += rowHeight + rowGap
      rowHeight = 0
    }
    all.set(node.id, { x, y })
    x += width + rowGap
    rowHeight = Math.max(rowHeight, height)
  }
  return all
}

function onGrid(at: ReadonlyMap<string, Point>, { nodes }: Graph): ReadonlyMap<string, Point> {
  const anchor = nodes.find(({ type }) => type === 'webhook') ?? nodes[0]
  const from = anchor && at.get(anchor.id)
  if (anchor === undefined || from === undefined) return at
  const by = { x: snap(anchor.position.x) - from.x, y: snap(anchor.position.y) - from.y }
  return new Map([...at].map(([id, { x, y }]) => [id, { x: snap(x + by.x), y: snap(y + by.y) }]))
}

const snap = (value: number): number => Math.round(value / grid) * grid
