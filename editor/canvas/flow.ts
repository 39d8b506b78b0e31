/**
 * The graph in React Flow's words. What did not change stays the same object from one time to the next, so that a drag of
 * one card draws one card.
 */
import { type Edge, type Node, type NodeHandle, Position } from '@xyflow/react'
import type { Graph, GraphEdge, GraphNode, GraphNote } from '../../nodes/contract/graph.ts'
import type { CanvasState, Size } from '../state/canvas.ts'
import { portsOfNode, sentenceOf, titleOf, typeOf } from '../parts/node-words.ts'
import { cardSize, cardWidth, handleY, portY } from './card.ts'
import { type Mark, noMark } from './marks.ts'

// React Flow takes data that is a record: an interface is none.
type CardData = { readonly node: GraphNode; readonly mark: Mark; readonly shape: CardShape }
type NoteData = { readonly note: GraphNote }
type LineData = {
  /** Absent where it would say nothing, as with the one port of a delay. */
  readonly label: string | undefined
  /** `passed`, `aside`: by the shown run. `below`: the dragged node falls into it. */
  readonly look: 'plain' | 'passed' | 'aside' | 'below'
  /** How many messages went along it, where production is shown. */
  readonly count: number | undefined
}
interface CardShape extends Size {
  readonly measured: Size
  readonly handles: NodeHandle[]
}
export type CardNode = Node<CardData, 'card'>
export type NoteNode = Node<NoteData, 'note'>
export type FlowNode = CardNode | NoteNode
export type FlowEdge = Edge<LineData, 'line'>

/** Of the dot that a line is drawn from; what takes the pointer is larger. */
const handleSize = 10
export const inputId = 'in'

/** React Flow's wrapper says nothing: the card inside it does. */
const plainDiv = { 'aria-roledescription': undefined }

/** Of the card of a node or a note. */
export const domId = (nodeId: string): string => `node-${nodeId}`

type NodesSeen = Pick<CanvasState, 'selected' | 'dragged' | 'resized'> & {
  readonly marks: ReadonlyMap<string, Mark>
}
type EdgesSeen = Pick<CanvasState, 'selected' | 'edgeBelow'> & {
  readonly passed: ReadonlySet<string> | undefined
  readonly counts?: ReadonlyMap<string, number>
}

export interface Flow {
  nodes(graph: Graph, seen: NodesSeen): FlowNode[]
  edges(graph: Graph, seen: EdgesSeen): FlowEdge[]
}

export function createFlow(): Flow {
  const cards = keeper<GraphNode, CardNode>()
  const notes = keeper<GraphNote, NoteNode>()
  const lines = keeper<GraphEdge, FlowEdge>()
  return {
    nodes: (graph, { selected, dragged, resized, marks }) => [
      ...notes(graph.notes ?? [], (note) => {
        const position = dragged.get(note.id) ?? note.position
        const { width, height } = resized.get(note.id) ?? note
        const isSelected = selected.has(note.id)
        return {
          parts: [note, position.x, position.y, width, height, isSelected],
          make: () => flowNote(note, position, { width, height }, isSelected),
        }
      }),
      ...cards(graph.nodes, (node) => {
        const position = dragged.get(node.id) ?? node.position
        const mark = marks.get(node.id) ?? noMark
        const isSelected = selected.has(node.id)
        return {
          parts: [node, position.x, position.y, mark, isSelected],
          make: (before) => flowCard(node, position, mark, isSelected, before),
        }
      }),
    ],
    edges(graph, { selected, edgeBelow, passed, counts }) {
      const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
      return lines(graph.edges, (edge) => {
        const [source, target] = [nodes.get(edge.source), nodes.get(edge.target)]
        const ran = passed && (passed.has(edge.id) ? 'passed' : 'aside')
        const look = edge.id === edgeBelow ? 'below' : (ran ?? 'plain')
        const count = counts?.get(edge.id)
        const isSelected = selected.has(edge.id)
        return {
          // Where the cards stand is none of it: React Flow leads the line from the one to the other.
          parts: [edge, source?.data, target?.data, look, count, isSelected],
          make: () => flowLine(edge, source, target, { look, count }, isSelected),
        }
      })
    },
  }
}

interface Recipe<T> {
  /** What the thing is made of: the same parts give the same object. */
  readonly parts: readonly unknown[]
  /** @param before what was made of the same item's earlier parts */
  readonly make: (before: T | undefined) => T
}

function keeper<I extends { readonly id: string }, T>() {
  let before = new Map<string, { readonly parts: readonly unknown[]; readonly made: T }>()
  return (items: readonly I[], recipe: (item: I) => Recipe<T>): T[] => {
    const now: typeof before = new Map()
    const all = items.map((item) => {
      const { parts, make } = recipe(item)
      const old = before.get(item.id)
      const kept = old?.parts.every((part, index) => part === parts[index])
        ? old
        : { parts, made: make(old?.made) }
      now.set(item.id, kept)
      return kept.made
    })
    before = now
    return all
  }
}

function flowCard(
  node: GraphNode,
  position: GraphNode['position'],
  mark: Mark,
  selected: boolean,
  before: CardNode | undefined,
): CardNode {
  // Made by what is filled in: wherever the card goes, and in every step that can be undone, it is the same.
  const shape = before?.data.node.data === node.data ? before.data.shape : shapeOf(node)
  return {
    id: node.id,
    type: 'card',
    position,
    ...shape,
    selected,
    data: { node, mark, shape },
    domAttributes: plainDiv,
  }
}

function shapeOf(node: GraphNode): CardShape {
  const size = cardSize(node)
  return { ...size, measured: size, handles: handlesOf(node) }
}

function flowNote(
  note: GraphNote,
  position: GraphNote['position'],
  size: Pick<GraphNote, 'width' | 'height'>,
  selected: boolean,
): NoteNode {
  return {
    id: note.id,
    type: 'note',
    position,
    ...size,
    measured: size,
    selected,
    zIndex: -1,
    data: { note },
    domAttributes: plainDiv,
  }
}

function handlesOf(node: GraphNode): NodeHandle[] {
  const half = handleSize / 2
  const size = { width: handleSize, height: handleSize }
  const ports = Object.keys(portsOfNode(node))
  return [
    { id: inputId, type: 'target', position: Position.Left, x: -half, y: handleY - half, ...size },
    ...ports.map((id, index): NodeHandle => {
      const y = portY(index, ports.length) - half
      return { id, type: 'source', position: Position.Right, x: cardWidth - half, y, ...size }
    }),
  ]
}

/** The card, for people who hear it. */
export function spoken(node: GraphNode, { problems, outcome }: Mark): string {
  const kind = typeOf(node.type)?.title ?? node.type
  const title = titleOf(node)
  return [
    title === kind ? title : `${title}, ${kind}`,
    sentenceOf(node),
    ...problems.map((problem) => `To mend: ${problem}`),
    ...(outcome ? [outcome.text] : []),
  ].join('. ')
}

function flowLine(
  edge: GraphEdge,
  source: GraphNode | undefined,
  target: GraphNode | undefined,
  seen: Pick<LineData, 'look' | 'count'>,
  selected: boolean,
): FlowEdge {
  const ports = source ? Object.entries(portsOfNode(source)) : []
  const port = edge.sourceHandle ?? ports[0]?.[0] ?? null
  // That a message goes on as it should need not be said; where it was decided, and what failed, is.
  const isPlain = port === ports[0]?.[0] && source !== undefined && typeOf(source.type)?.role !== 'decides'
  const label = isPlain ? undefined : ports.find(([id]) => id === port)?.[1]
  const from = source ? titleOf(source) : edge.source
  return {
    id: edge.id,
    type: 'line',
    source: edge.source,
    target: edge.target,
    sourceHandle: port,
    targetHandle: inputId,
    selected,
    reconnectable: selected,
    data: { label, ...seen },
    ariaLabel: `${from}${label === undefined ? '' : ` (${label})`} to ${target ? titleOf(target) : edge.target}`,
  }
}
