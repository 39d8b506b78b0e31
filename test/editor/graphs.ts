/** Graphs as people draw them, by chance: random commands, each said in numbers that find something to act on. */
import * as fc from 'fast-check'
import { type Graph, type GraphEdge, type GraphNode } from '../../nodes/contract/graph.ts'
import { add, openPort } from '../../editor/canvas/add.ts'
import { types } from '../../editor/parts/node-words.ts'
import { portsOfNode } from '../../editor/parts/node-words.ts'
import type { Link } from '../../editor/state/canvas.ts'
import * as commands from '../../editor/state/commands.ts'

export type Command = (graph: Graph) => Graph

export const empty: Graph = { nodes: [], edges: [] }

export const node = (id: string, type: string, config: GraphNode['data']['config'] = {}): GraphNode => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data: { config },
})

export const edge = (id: string, source: string, target: string, sourceHandle?: string): GraphEdge => ({
  id,
  source,
  target,
  ...(sourceHandle !== undefined && { sourceHandle }),
})

const pick = <T>(items: readonly T[], index: number): T | undefined => items[index % (items.length || 1)]

const index = fc.nat(1_000)
const point = fc.record({ x: fc.integer({ min: -500, max: 500 }), y: fc.integer({ min: -500, max: 500 }) })
const type = fc.constantFrom(...Object.keys(types))

const port = (node: GraphNode, at: number) => pick(Object.keys(portsOfNode(node)), at)

function linkOf(graph: Graph, kind: number, at: number): Link | undefined {
  const chosen = pick(graph.nodes, at)
  const line = pick(graph.edges, at)
  if (kind === 0 && chosen) return { kind: 'after', source: chosen.id, sourceHandle: openPort(graph, chosen) }
  if (kind === 1 && chosen) return { kind: 'before', target: chosen.id }
  return kind === 2 && line ? { kind: 'into', edge: line.id } : undefined
}

/** Each names what it does, so that a failing sequence can be read. */
const kinds: Readonly<Record<string, fc.Arbitrary<Command>>> = {
  add: fc
    .record({ type, position: fc.option(point, { nil: undefined }), kind: fc.nat(3), at: index })
    .map(({ type, position, kind, at }) => (graph) => {
      const link = linkOf(graph, kind, at)
      return add(graph, { type, position, ...(link && { link }) }).graph
    }),
  connect: fc.tuple(index, index, index).map(([from, at, to]) => (graph) => {
    const [source, target] = [pick(graph.nodes, from), pick(graph.nodes, to)]
    if (!source || !target) return graph
    const sourceHandle = port(source, at)
    return commands.connect(graph, { source: source.id, sourceHandle, target: target.id }, types)
  }),
  reconnect: fc.tuple(index, index, index, index).map(([which, from, at, to]) => (graph) => {
    const [line, source, target] = [pick(graph.edges, which), pick(graph.nodes, from), pick(graph.nodes, to)]
    if (!line || !source || !target) return graph
    const connection = { source: source.id, sourceHandle: port(source, at), target: target.id }
    return commands.reconnect(graph, line.id, connection, types)
  }),
  insert: fc.tuple(index, index).map(([line, at]) => (graph) => {
    const [edge, chosen] = [pick(graph.edges, line), pick(graph.nodes, at)]
    return edge && chosen ? commands.insertOnEdge(graph, edge.id, chosen.id, types) : graph
  }),
  remove: fc.array(index, { maxLength: 4 }).map((at) => (graph) => {
    const all = [...graph.nodes, ...graph.edges, ...(graph.notes ?? [])]
    const ids = at.flatMap((each) => pick(all, each)?.id ?? [])
    return commands.remove(graph, new Set(ids), types)
  }),
  move: fc.array(fc.tuple(index, point), { maxLength: 4 }).map((moves) => (graph) => {
    const all = [...graph.nodes, ...(graph.notes ?? [])]
    return commands.move(
      graph,
      new Map(moves.flatMap(([at, to]) => (all.length ? [[pick(all, at)?.id ?? '', to] as const] : []))),
    )
  }),
  cases: fc.tuple(index, fc.subarray(['a', 'b', 'c'])).map(([at, ports]) => (graph) => {
    const chosen = pick(
      graph.nodes.filter(({ type }) => type === 'switch'),
      at,
    )
    if (!chosen) return graph
    const cases = ports.map((port) => ({ port, condition: 'true' }))
    return commands.dropLooseEdges(commands.configure(graph, chosen.id, 'cases', cases), types)
  }),
  label: fc.tuple(index, fc.string()).map(([at, text]) => (graph) => {
    const chosen = pick(graph.nodes, at)
    return chosen ? commands.label(graph, chosen.id, text) : graph
  }),
  note: fc.tuple(point, fc.string()).map(
    ([at, text]) =>
      (graph) =>
        commands.addNote(graph, at, text).graph,
  ),
}

/** Commands in the order in which they are done. */
export const commandLists: fc.Arbitrary<readonly Command[]> = fc.array(
  fc.oneof(
    ...Object.entries(kinds).map(([name, command]) =>
      command.map((run) => Object.assign((graph: Graph) => run(graph), { [fc.toStringMethod]: () => name })),
    ),
  ),
  { maxLength: 60 },
)
