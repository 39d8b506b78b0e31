/** Where a new node goes, and what it is connected with: pure. */
import type { Saved } from '../../nodes/contract/field.ts'
import type { Graph, GraphNode } from '../../nodes/contract/graph.ts'
import type { Link } from '../state/canvas.ts'
import { type Point, addNode, connect, insertOnEdge, move } from '../state/commands.ts'
import { portsOfNode, types } from '../parts/node-words.ts'
import { cardSize, cardWidth, handleY, snap, stepX, stepY } from './card.ts'

export interface Addition {
  readonly type: string
  readonly config?: Saved | undefined
  /** Of its corner; absent = beside what it is linked with. */
  readonly position?: Point | undefined
  readonly link?: Link | undefined
}

/**
 * The graph with the node in it, connected as asked where that is possible. A second webhook node is not added: the id is
 * that of the first.
 */
export function add(
  graph: Graph,
  { type, config, position, link }: Addition,
): { readonly graph: Graph; readonly id: string } {
  const [first] = types[type]?.role === 'starts' ? graph.nodes.filter((node) => node.type === type) : []
  if (first !== undefined) return { graph, id: first.id }
  const roomy = link?.kind === 'into' ? makeRoom(graph, link.edge) : graph
  const spot = freeSpot(roomy, position ?? beside(roomy, link))
  const added = addNode(roomy, { type, position: spot, ...(config && { config }) })
  return { id: added.id, graph: linked(added.graph, added.id, link) }
}

/** The corner, on the grid, of a card whose input is at the place. */
export const cornerAt = ({ x, y }: Point): Point => ({ x: snap(x), y: snap(y - handleY) })

function linked(graph: Graph, id: string, link: Link | undefined): Graph {
  switch (link?.kind) {
    case 'after':
      return connect(graph, { source: link.source, sourceHandle: link.sourceHandle, target: id }, types)
    case 'before':
      return connect(graph, { source: id, target: link.target }, types)
    case 'into':
      return insertOnEdge(graph, link.edge, id, types)
    default:
      return graph
  }
}

function beside({ nodes, edges }: Graph, link: Link | undefined): Point {
  const at = (id: string | undefined) => nodes.find((node) => node.id === id)?.position
  switch (link?.kind) {
    case 'after': {
      const { x, y } = at(link.source) ?? { x: 0, y: 0 }
      return { x: snap(x + stepX), y: snap(y) }
    }
    case 'before': {
      const { x, y } = at(link.target) ?? { x: 0, y: 0 }
      return { x: snap(x - stepX), y: snap(y) }
    }
    case 'into': {
      const edge = edges.find(({ id }) => id === link.edge)
      const from = at(edge?.source) ?? { x: 0, y: 0 }
      const to = at(edge?.target) ?? from
      const x = Math.max(from.x + stepX, from.x + (to.x - from.x) / 2)
      return { x: snap(x), y: snap(to.y) }
    }
    default:
      return { x: 0, y: 0 }
  }
}

/** Moves what comes after an edge to the right, when another card would not fit into it. */
function makeRoom(graph: Graph, edgeId: string): Graph {
  const edge = graph.edges.find(({ id }) => id === edgeId)
  const at = (id: string | undefined) => graph.nodes.find((node) => node.id === id)?.position
  const [from, to] = [at(edge?.source), at(edge?.target)]
  if (edge === undefined || from === undefined || to === undefined) return graph
  const missing = snap(from.x + 2 * stepX - to.x)
  if (missing <= 0 || to.x <= from.x) return graph
  const after = downstream(graph, edge.target)
  const moved = graph.nodes.filter(({ id, position }) => after.has(id) && position.x >= to.x)
  return move(
    graph,
    new Map(moved.map(({ id, position }) => [id, { x: position.x + missing, y: position.y }])),
  )
}

/** The node and all that its messages can reach. */
export function downstream({ edges }: Graph, nodeId: string): ReadonlySet<string> {
  const targets = Map.groupBy(edges, ({ source }) => source)
  const reached = new Set([nodeId])
  for (const id of reached) for (const { target } of targets.get(id) ?? []) reached.add(target)
  return reached
}

/** The point, or the first one under it where the new card covers no other. */
function freeSpot({ nodes }: Graph, { x, y }: Point): Point {
  const covers = (node: GraphNode, top: number) =>
    Math.abs(node.position.x - x) < cardWidth &&
    node.position.y < top + stepY - 8 &&
    node.position.y + cardSize(node).height > top - 8
  let top = y
  while (nodes.some((node) => covers(node, top))) top += stepY
  return { x, y: top }
}

/** The port that a node which is added after this one is drawn from: the first that nothing leaves yet. */
export function openPort({ edges }: Graph, node: GraphNode): string {
  const ports = Object.keys(portsOfNode(node))
  const [first = 'out'] = ports
  const taken = new Set(
    edges.filter(({ source }) => source === node.id).map(({ sourceHandle }) => sourceHandle ?? first),
  )
  return ports.find((port) => !taken.has(port)) ?? first
}
