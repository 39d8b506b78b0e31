/** Moving and walking by keyboard: pure. */
import type { Graph, GraphNode } from '../../nodes/contract/graph.ts'
import type { Size } from '../state/canvas.ts'
import type { Ids, Point } from '../state/commands.ts'
import { portsOfNode } from '../parts/node-words.ts'
import { cardSize, snap } from './card.ts'

export const directions = ['left', 'right', 'up', 'down'] as const
export type Direction = (typeof directions)[number]

interface Box extends Size {
  readonly id: string
  readonly position: Point
}

/** The selected cards and notes with their sizes. */
export const boxesOf = ({ nodes, notes = [] }: Graph, ids: Ids): readonly Box[] => [
  ...nodes
    .filter(({ id }) => ids.has(id))
    .map((node) => ({ id: node.id, position: node.position, ...cardSize(node) })),
  ...notes.filter(({ id }) => ids.has(id)),
]

export function nudge(graph: Graph, ids: Ids, direction: Direction, by: number): ReadonlyMap<string, Point> {
  const x = direction === 'left' ? -by : direction === 'right' ? by : 0
  const y = direction === 'up' ? -by : direction === 'down' ? by : 0
  return new Map(
    boxesOf(graph, ids).map(({ id, position }) => [id, { x: position.x + x, y: position.y + y }]),
  )
}

export const sides = ['left', 'centre', 'right', 'top', 'middle', 'bottom'] as const
export type Side = (typeof sides)[number]

/** Positions in which the boxes share an edge or a middle. */
export function align(graph: Graph, ids: Ids, side: Side): ReadonlyMap<string, Point> {
  const boxes = boxesOf(graph, ids)
  const left = Math.min(...boxes.map(({ position }) => position.x))
  const right = Math.max(...boxes.map(({ position, width }) => position.x + width))
  const top = Math.min(...boxes.map(({ position }) => position.y))
  const bottom = Math.max(...boxes.map(({ position, height }) => position.y + height))
  const to = ({ position: { x, y }, width, height }: Box): Point =>
    ({
      left: { x: left, y },
      centre: { x: snap((left + right - width) / 2), y },
      right: { x: right - width, y },
      top: { x, y: top },
      middle: { x, y: snap((top + bottom - height) / 2) },
      bottom: { x, y: bottom - height },
    })[side]
  return new Map(boxes.map((box) => [box.id, to(box)]))
}

/** Positions with equal gaps from the first to the last. */
export function distribute(graph: Graph, ids: Ids, axis: 'x' | 'y'): ReadonlyMap<string, Point> {
  const size = axis === 'x' ? 'width' : 'height'
  const boxes = boxesOf(graph, ids).toSorted((a, b) => a.position[axis] - b.position[axis])
  const [first, last] = [boxes[0], boxes.at(-1)]
  if (first === undefined || last === undefined) return new Map()
  const filled = boxes.reduce((sum, box) => sum + box[size], 0)
  const gap = (last.position[axis] + last[size] - first.position[axis] - filled) / (boxes.length - 1)
  let at = first.position[axis]
  return new Map(
    boxes.map((box) => {
      const position = { ...box.position, [axis]: snap(at) }
      at += box[size] + gap
      return [box.id, position]
    }),
  )
}

/** Where one gets along the edges from a node; from nowhere, the webhook node. */
export function walk(graph: Graph, from: string | undefined, direction: Direction): string | undefined {
  const node = graph.nodes.find(({ id }) => id === from)
  if (node === undefined) return (graph.nodes.find(({ type }) => type === 'webhook') ?? graph.nodes[0])?.id
  switch (direction) {
    case 'right':
      return targetsOf(graph, node)[0]
    case 'left':
      return graph.edges.find(({ target }) => target === node.id)?.source
    default:
      return sibling(graph, node, direction)
  }
}

/** In the order of the node's ports. */
function targetsOf(graph: Graph, node: GraphNode): readonly string[] {
  const ports = Object.keys(portsOfNode(node))
  const rank = (port: string | null | undefined) => (port == null ? 0 : ports.indexOf(port))
  return graph.edges
    .filter(({ source }) => source === node.id)
    .toSorted((a, b) => rank(a.sourceHandle) - rank(b.sourceHandle))
    .map(({ target }) => target)
}

/** The next one that the same node leads to; without one, the nearest card in that direction. */
function sibling(graph: Graph, node: GraphNode, direction: 'up' | 'down'): string | undefined {
  const step = direction === 'down' ? 1 : -1
  const before = graph.edges.find(({ target }) => target === node.id)?.source
  const parent = graph.nodes.find(({ id }) => id === before)
  const siblings = parent ? targetsOf(graph, parent) : []
  const next = siblings[siblings.indexOf(node.id) + step]
  if (next !== undefined && siblings.includes(node.id)) return next
  const distance = ({ position }: GraphNode) =>
    Math.hypot(position.x - node.position.x, position.y - node.position.y)
  const [nearest] = graph.nodes
    .filter(({ position }) => (position.y - node.position.y) * step > 0)
    .toSorted((a, b) => distance(a) - distance(b))
  return nearest?.id
}
