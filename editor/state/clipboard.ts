/**
 * Pieces of a graph as text: copied here, pasted here, into another workflow or into another browser. Pure, as the
 * commands are. A secret in plain text never leaves by the clipboard; a reference to one does.
 */
import type { Saved } from '../../nodes/contract/field.ts'
import { isJsonObject } from '../../nodes/contract/json.ts'
import {
  type Graph,
  type GraphEdge,
  type GraphNode,
  type GraphNote,
  graphSchema,
  nodeIdPattern,
  nodesMax,
} from '../../nodes/contract/graph.ts'
import type { AnyNodeType, NodeTypes } from '../../nodes/contract/node.ts'
import { shapeProblems } from '../../nodes/contract/problems.ts'
import { nodeTypes } from '../../nodes/index.ts'
import { type Ids, type Point, freshId } from './commands.ts'
import { renameSteps } from './step-references.ts'

/** A piece of a newer Hookloom says so here. */
const format = 1
/** Far above the largest graph that is of use; a clipboard can hold anything. */
const textLengthMax = 8_000_000
/** Of an id, so that a number still fits behind it: see `nodeIdPattern`. */
const baseLengthMax = 56
/** A piece that would lie exactly on what is there is put so far beside it. */
const besideBy = 24
const grid = 8

/** What was chosen, as JSON; edges only where both ends were chosen. */
export function copyOf(graph: Graph, ids: Ids): string {
  const nodes = graph.nodes.filter(({ id }) => ids.has(id)).map(withoutSecrets)
  const edges = edgesWithin(graph.edges, new Set(nodes.map(({ id }) => id)))
  const notes = (graph.notes ?? []).filter(({ id }) => ids.has(id))
  return JSON.stringify({ hookloom: format, nodes, edges, notes }, null, 2)
}

const edgesWithin = (edges: readonly GraphEdge[], ids: Ids): readonly GraphEdge[] =>
  edges.filter(({ source, target }) => ids.has(source) && ids.has(target))

function withoutSecrets(node: GraphNode): GraphNode {
  const type = typeOf(nodeTypes, node.type)
  if (type === undefined) return node
  const config = Object.fromEntries(
    Object.entries(node.data.config).flatMap(([name, saved]) => {
      const kept = withoutSecret(type.fields[name]?.control, saved)
      return kept === undefined ? [] : [[name, kept]]
    }),
  )
  return { ...node, data: { ...node.data, config } }
}

function withoutSecret(control: string | undefined, saved: unknown): unknown {
  if (control === 'secret' || control === 'signing') {
    if (typeof saved === 'string') return undefined
    return isJsonObject(saved) && typeof saved['secret'] === 'string' ? undefined : saved
  }
  return control === 'verification' && isJsonObject(saved) ? withoutVerificationSecrets(saved) : saved
}

function withoutVerificationSecrets(verification: Saved): Saved {
  return Object.fromEntries(
    Object.entries(verification).flatMap(([name, saved]): [string, unknown][] => {
      if (name === 'secret' || name === 'verifyToken') return typeof saved === 'string' ? [] : [[name, saved]]
      if (name !== 'secrets' || !Array.isArray(saved)) return [[name, saved]]
      const references = saved.filter((secret) => typeof secret !== 'string')
      return references.length === 0 ? [] : [[name, references]]
    }),
  )
}

const typeOf = (types: NodeTypes, id: string): AnyNodeType | undefined =>
  Object.hasOwn(types, id) ? types[id] : undefined

/** The graph with the piece in it and the ids of what came, or why it cannot be pasted. */
export type Pasted =
  | {
      readonly graph: Graph
      readonly ids: Ids
      /** What was not taken over, and why; absent when all was. */
      readonly leftOut?: string
    }
  | { readonly problem: string }

const oneWebhook = 'A workflow has one webhook node, and this one has its own.'

/**
 * Puts a copied piece into the graph with its upper left corner at a point; it may also be a whole workflow file or a bare
 * graph. Everything gets an id that nobody has, and expressions that read `$steps` follow.
 */
export function pasteInto(graph: Graph, text: string, at: Point, types: NodeTypes): Pasted {
  const read = readPiece(text)
  if ('problem' in read) return read
  const { piece } = read
  const starts = ({ type }: GraphNode) => typeOf(types, type)?.role === 'starts'
  const [first] = graph.nodes.some(starts) ? [] : piece.nodes.filter(starts)
  const nodes = piece.nodes.filter((node) => !starts(node) || node === first)
  const { notes = [] } = piece
  const isShort = nodes.length < piece.nodes.length
  if (nodes.length === 0 && notes.length === 0) {
    return { problem: isShort ? oneWebhook : 'There is nothing to paste: no node and no note was copied.' }
  }
  if (graph.nodes.length + nodes.length > nodesMax) {
    return {
      problem: `A graph has at most ${nodesMax} nodes. This one has ${graph.nodes.length}, and ${nodes.length} would come.`,
    }
  }
  const placed = place(renamed({ ...piece, nodes, notes }, graph), graph, at)
  const [fault] = shapeProblems(placed, types)
  if (fault !== undefined) return { problem: `This cannot be pasted. ${fault.message}` }
  return {
    graph: {
      ...graph,
      nodes: [...graph.nodes, ...placed.nodes],
      edges: [...graph.edges, ...placed.edges],
      ...(placed.notes.length > 0 && { notes: [...(graph.notes ?? []), ...placed.notes] }),
    },
    ids: new Set([...placed.nodes, ...placed.notes].map(({ id }) => id)),
    ...(isShort && { leftOut: `The copied webhook node was left out. ${oneWebhook}` }),
  }
}

type Piece = Graph & { readonly notes: readonly GraphNote[] }

function readPiece(text: string): { readonly piece: Graph } | { readonly problem: string } {
  if (text.trim() === '') return { problem: 'The clipboard is empty. Copy some nodes first.' }
  if (text.length > textLengthMax) return { problem: 'The clipboard holds too much text for a graph.' }
  const parsed = parse(text)
  if (parsed === undefined) {
    return {
      problem: /^\s*\{\s*"(hookloom|nodes|graph)"/.test(text)
        ? 'This piece of a workflow is cut off or damaged: its JSON does not end as it should. Copy it again.'
        : 'The clipboard holds no nodes. Copy nodes, a graph or a workflow file first.',
    }
  }
  if (!isJsonObject(parsed)) return { problem: notNodes }
  const newer = parsed['hookloom']
  if (typeof newer === 'number' && newer > format)
    return { problem: 'These nodes were copied in a newer Hookloom. Upgrade this one to paste them.' }
  const inner = isJsonObject(parsed['graph']) ? parsed['graph'] : parsed
  if (!Array.isArray(inner['nodes'])) return { problem: notNodes }
  const piece = graphSchema.safeParse(inner)
  if (!piece.success) {
    const [issue] = piece.error.issues
    const where = issue === undefined ? 'graph' : issue.path.join('.')
    return { problem: `These nodes cannot be read: ${where} is not what a graph holds there.` }
  }
  const ids = piece.data.nodes.map(({ id }) => id)
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  return twice === undefined
    ? { piece: piece.data }
    : { problem: `Two of these nodes have the id "${twice}", so their edges cannot be told apart.` }
}

const notNodes = 'The clipboard holds JSON, but no nodes. Copy nodes, a graph or a workflow file first.'

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** Ids that are free stay: a piece from elsewhere keeps its names, and so do the expressions that read them. */
function renamed(piece: Piece, graph: Graph): Piece {
  const taken = new Set([...graph.nodes, ...(graph.notes ?? [])].map(({ id }) => id))
  const take = (id: string, type: string): string => {
    const base = nodeIdPattern.test(id) ? id.slice(0, baseLengthMax).replace(/(?<=.)\d+$/, '') : type
    const free = nodeIdPattern.test(id) && !taken.has(id) ? id : freshId(base, taken)
    taken.add(free)
    return free
  }
  const ids = new Map(piece.nodes.map(({ id, type }) => [id, take(id, type)]))
  const edgeIds = new Set(graph.edges.map(({ id }) => id))
  const edges = edgesWithin(piece.edges, new Set(ids.keys())).map((edge) => {
    const id = freshId('e', edgeIds)
    edgeIds.add(id)
    const end = (node: string) => ids.get(node) ?? node
    return { ...edge, id, source: end(edge.source), target: end(edge.target) }
  })
  const nodes = piece.nodes.map((node) => ({
    ...node,
    id: ids.get(node.id) ?? node.id,
    data: { ...node.data, config: renameSteps(node.data.config, ids) },
  }))
  return { nodes, edges, notes: piece.notes.map((note) => ({ ...note, id: take(note.id, 'note') })) }
}

function place(piece: Piece, graph: Graph, at: Point): Piece {
  const items = [...piece.nodes, ...piece.notes]
  const corner = {
    x: Math.min(...items.map(({ position }) => position.x)),
    y: Math.min(...items.map(({ position }) => position.y)),
  }
  const there = new Set([...graph.nodes, ...(graph.notes ?? [])].map(({ position }) => keyOf(position)))
  for (let beside = 0; ; beside += besideBy) {
    const by = { x: snap(at.x) - corner.x + beside, y: snap(at.y) - corner.y + beside }
    const put = <T extends { readonly position: Point }>(item: T): T => ({
      ...item,
      position: { x: item.position.x + by.x, y: item.position.y + by.y },
    })
    if (items.some((item) => there.has(keyOf(put(item).position)))) continue
    return { ...piece, nodes: piece.nodes.map(put), notes: piece.notes.map(put) }
  }
}

const snap = (value: number): number => Math.round(value / grid) * grid
const keyOf = ({ x, y }: Point): string => `${x},${y}`
