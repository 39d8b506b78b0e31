/**
 * Everything that a person does to a graph, as pure functions from graph to graph. What does not change stays the same
 * object, so that a card is drawn again only when its own node changed. A command that would change nothing returns the
 * graph itself.
 */
import type { Graph, GraphEdge, GraphNode, GraphNote } from '../../nodes/contract/graph.ts'
import { topologicalOrder } from '../../nodes/contract/graph.ts'
import { type NodeTypes, portsOf } from '../../nodes/contract/node.ts'
import { equal } from './equal.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

/** What a line that somebody draws would connect. */
export interface Connection {
  readonly source: string
  /** Absent = the first port. */
  readonly sourceHandle?: string | null | undefined
  readonly target: string
}

/** Some of a graph, by the ids of nodes, edges and notes. */
export type Ids = ReadonlySet<string>

const portOf = ({ sourceHandle }: Pick<Connection, 'sourceHandle'>, node: GraphNode, types: NodeTypes) =>
  sourceHandle ?? firstPort(node, types)

export function firstPort({ type, data }: GraphNode, types: NodeTypes): string {
  const declared = types[type]
  return declared === undefined ? 'out' : (Object.keys(portsOf(declared, data.config))[0] ?? 'out')
}

/** Why the line cannot be drawn, as a sentence for the person who draws it; `undefined` when it can. */
export function whyNotConnected(graph: Graph, connection: Connection, types: NodeTypes): string | undefined {
  const { source, target } = connection
  const from = graph.nodes.find(({ id }) => id === source)
  const to = graph.nodes.find(({ id }) => id === target)
  if (from === undefined || to === undefined) return 'One end of this line is gone.'
  if (source === target) return 'A node cannot feed itself.'
  if (types[to.type]?.role === 'starts') return 'Nothing leads into the webhook: it is where events come in.'
  const port = portOf(connection, from, types)
  const declared = types[from.type]
  if (declared && !Object.hasOwn(portsOf(declared, from.data.config), port)) return 'This port is gone.'
  if (graph.edges.some((edge) => isSame(edge, source, target) && portOf(edge, from, types) === port)) {
    return 'These two are connected already.'
  }
  const edges = [...graph.edges, { id: '?', source, target }]
  return topologicalOrder({ ...graph, edges }) === undefined
    ? 'That would make a circle: a message would go round for ever.'
    : undefined
}

const isSame = (edge: GraphEdge, source: string, target: string) =>
  edge.source === source && edge.target === target

/** The same graph when the line cannot be drawn, see `whyNotConnected`. */
export function connect(graph: Graph, connection: Connection, types: NodeTypes): Graph {
  if (whyNotConnected(graph, connection, types) !== undefined) return graph
  return { ...graph, edges: [...graph.edges, newEdge(graph, connection)] }
}

/** Leads an edge from or to somewhere else; the same graph when it cannot go there. */
export function reconnect(graph: Graph, edgeId: string, connection: Connection, types: NodeTypes): Graph {
  const rest = without(graph, edgeId)
  if (rest === graph || whyNotConnected(rest, connection, types) !== undefined) return graph
  const { source, sourceHandle, target } = connection
  const edge = { id: edgeId, source, target, ...(sourceHandle != null && { sourceHandle }) }
  return { ...graph, edges: graph.edges.map((before) => (before.id === edgeId ? edge : before)) }
}

/** The graph without one edge: what an edge that is drawn anew is judged against. */
export function without(graph: Graph, edgeId: string): Graph {
  const edges = graph.edges.filter(({ id }) => id !== edgeId)
  return edges.length === graph.edges.length ? graph : { ...graph, edges }
}

function newEdge(graph: Graph, { source, sourceHandle, target }: Connection): GraphEdge {
  const id = freshId('e', new Set(graph.edges.map((edge) => edge.id)))
  return { id, source, target, ...(sourceHandle != null && { sourceHandle }) }
}

/** A readable id that nobody has: `filter`, `filter2`, … */
export function freshId(base: string, taken: Ids): string {
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? base : `${base}${n}`
    if (!taken.has(id)) return id
  }
}

export interface NewNode {
  readonly type: string
  readonly position: Point
  readonly config?: GraphNode['data']['config']
  readonly label?: string
}

/** Adds a node; its id says what it is. */
export function addNode(
  graph: Graph,
  { type, position, config = {}, label }: NewNode,
): { readonly graph: Graph; readonly id: string } {
  const id = freshId(type, new Set(graph.nodes.map((node) => node.id)))
  const node: GraphNode = { id, type, position, data: { ...(label !== undefined && { label }), config } }
  return { graph: { ...graph, nodes: [...graph.nodes, node] }, id }
}

/** Puts a node that is there into an edge: what flowed along it flows through the node. */
export function insertOnEdge(graph: Graph, edgeId: string, nodeId: string, types: NodeTypes): Graph {
  const edge = graph.edges.find(({ id }) => id === edgeId)
  const node = graph.nodes.find(({ id }) => id === nodeId)
  if (edge === undefined || node === undefined || edge.source === nodeId || edge.target === nodeId)
    return graph
  const rest = without(graph, edgeId)
  const into = { source: edge.source, sourceHandle: edge.sourceHandle, target: nodeId }
  const out = { source: nodeId, target: edge.target }
  if (whyNotConnected(rest, into, types) !== undefined) return graph
  const half = connect(rest, into, types)
  return whyNotConnected(half, out, types) === undefined ? connect(half, out, types) : graph
}

/**
 * Removes nodes, edges and notes with all that hangs on them. A removed node with one edge in and one out leaves an edge
 * in its place.
 */
export function remove(graph: Graph, ids: Ids, types: NodeTypes): Graph {
  const gone = graph.nodes.filter(({ id }) => ids.has(id))
  if (gone.length === 0 && ![...graph.edges, ...(graph.notes ?? [])].some(({ id }) => ids.has(id)))
    return graph
  const kept: Graph = { ...graph, edges: graph.edges.filter(({ id }) => !ids.has(id)) }
  const healed = gone.reduce((rest, { id }) => heal(rest, id, types), kept)
  return {
    ...healed,
    nodes: healed.nodes.filter(({ id }) => !ids.has(id)),
    ...(graph.notes && { notes: graph.notes.filter(({ id }) => !ids.has(id)) }),
  }
}

function heal(graph: Graph, nodeId: string, types: NodeTypes): Graph {
  const into = graph.edges.filter(({ target }) => target === nodeId)
  const out = graph.edges.filter(({ source }) => source === nodeId)
  const rest: Graph = {
    ...graph,
    edges: graph.edges.filter((edge) => !into.includes(edge) && !out.includes(edge)),
  }
  const [before] = into
  const [after] = out
  if (into.length !== 1 || out.length !== 1 || !before || !after) return rest
  const { source, sourceHandle } = before
  return connect(rest, { source, sourceHandle, target: after.target }, types)
}

/** Moves nodes and notes to where they were dropped. */
export function move(graph: Graph, positions: ReadonlyMap<string, Point>): Graph {
  const nodes = moved(graph.nodes, positions)
  const notes = graph.notes && moved(graph.notes, positions)
  return nodes === graph.nodes && notes === graph.notes ? graph : { ...graph, nodes, ...(notes && { notes }) }
}

function moved<T extends { readonly id: string; readonly position: Point }>(
  items: readonly T[],
  positions: ReadonlyMap<string, Point>,
): readonly T[] {
  let changed = false
  const after = items.map((item) => {
    const to = positions.get(item.id)
    if (to === undefined || (to.x === item.position.x && to.y === item.position.y)) return item
    changed = true
    return { ...item, position: { x: to.x, y: to.y } }
  })
  return changed ? after : items
}

function withNode(graph: Graph, id: string, change: (node: GraphNode) => GraphNode): Graph {
  const nodes = graph.nodes.map((node) => (node.id === id ? change(node) : node))
  return nodes.every((node, index) => node === graph.nodes[index]) ? graph : { ...graph, nodes }
}

/** Sets one setting of a node; `undefined` takes it away, so that the declared start holds. */
export function configure(graph: Graph, nodeId: string, name: string, value: unknown): Graph {
  return withNode(graph, nodeId, (node) => {
    const { [name]: before, ...rest } = node.data.config
    if (equal(before, value)) return node
    const config = value === undefined ? rest : { ...node.data.config, [name]: value }
    return { ...node, data: { ...node.data, config } }
  })
}

/** Takes the place of all settings of a node: an example that somebody loads. */
export const replaceConfig = (graph: Graph, nodeId: string, config: GraphNode['data']['config']): Graph =>
  withNode(graph, nodeId, (node) =>
    equal(node.data.config, config) ? node : { ...node, data: { ...node.data, config } },
  )

/** Edges that left by a port that these settings no longer have go with it. */
export function dropLooseEdges(graph: Graph, types: NodeTypes): Graph {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]))
  const edges = graph.edges.filter(({ source, sourceHandle }) => {
    const node = byId.get(source)
    const type = node && types[node.type]
    if (node === undefined || type === undefined || sourceHandle == null) return true
    return Object.hasOwn(portsOf(type, node.data.config), sourceHandle)
  })
  return edges.length === graph.edges.length ? graph : { ...graph, edges }
}

/** An empty label leaves the node type's title. */
export const label = (graph: Graph, nodeId: string, text: string): Graph =>
  withNode(graph, nodeId, (node) => {
    const { label: before, ...data } = node.data
    const after = text.trim() === '' ? undefined : text
    return before === after ? node : { ...node, data: after === undefined ? data : { ...data, label: after } }
  })

export function addNote(
  graph: Graph,
  position: Point,
  text = '',
): { readonly graph: Graph; readonly id: string } {
  const notes = graph.notes ?? []
  const id = freshId('note', new Set([...notes, ...graph.nodes].map((item) => item.id)))
  const note: GraphNote = { id, position, width: 220, height: 120, text }
  return { graph: { ...graph, notes: [...notes, note] }, id }
}

export const changeNote = (
  graph: Graph,
  id: string,
  change: Partial<Pick<GraphNote, 'text' | 'width' | 'height' | 'position'>>,
): Graph => ({
  ...graph,
  notes: (graph.notes ?? []).map((note) => (note.id === id ? { ...note, ...change } : note)),
})
