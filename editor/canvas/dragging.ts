/** Dragging cards and notes: where they come to lie while the pointer moves, and one command when it lets go. */
import type { NodeChange, OnNodeDrag } from '@xyflow/react'
import { useMemo, useRef } from 'react'
import type { Graph } from '../../nodes/contract/graph.ts'
import type { CanvasStore } from '../state/canvas.ts'
import { type Point, insertOnEdge, move } from '../state/commands.ts'
import { type DocumentStore, graphOf } from '../state/document.ts'
import { types } from '../parts/node-words.ts'
import { cardSize } from './card.ts'
import type { FlowNode } from './flow.ts'
import { pointOf } from './point-of.ts'
import { snapping } from './snapping.ts'

export function useDragging(document: DocumentStore, canvas: CanvasStore) {
  /** The one under the pointer; the others follow it. */
  const held = useRef<string | undefined>(undefined)
  return useMemo(
    () => ({
      onNodesChange: (changes: NodeChange<FlowNode>[]) => {
        const selection = changes.filter((change) => change.type === 'select')
        if (selection.length > 0) canvas.getState().changeSelection(selection)
        const moved = new Map<string, Point>()
        let dragging = true
        for (const change of changes) {
          if (change.type !== 'position' || change.position === undefined) continue
          moved.set(change.id, change.position)
          if (change.dragging === false) dragging = false
        }
        if (moved.size === 0) return
        const graph = graphOf(document.getState())
        const { by, guides } = snapped(graph, held.current, moved)
        const positions = new Map([...moved].map(([id, { x, y }]) => [id, { x: x + by.x, y: y + by.y }]))
        const { drag, edgeBelow } = canvas.getState()
        if (dragging) return drag(positions, { guides, edgeBelow })
        drag(new Map())
        document.getState().change((graph) => dropped(move(graph, positions), edgeBelow, held.current))
      },
      onNodeDragStart: ((_event, { id }) => {
        held.current = id
      }) satisfies OnNodeDrag<FlowNode>,
      onNodeDrag: ((event, { id }, nodes) => {
        const { dragged, guides, drag, edgeBelow } = canvas.getState()
        const below =
          nodes.length === 1 ? edgeAt(graphOf(document.getState()), id, pointOf(event)) : undefined
        if (below !== edgeBelow) drag(dragged, { guides, edgeBelow: below })
      }) satisfies OnNodeDrag<FlowNode>,
    }),
    [document, canvas],
  )
}

function snapped(graph: Graph, held: string | undefined, moved: ReadonlyMap<string, Point>) {
  const [first] = moved
  const id = held !== undefined && moved.has(held) ? held : first?.[0]
  const position = id === undefined ? undefined : moved.get(id)
  const node = graph.nodes.find((node) => node.id === id)
  return id === undefined || position === undefined
    ? { by: { x: 0, y: 0 }, guides: [] }
    : snapping(graph, { position, size: node && cardSize(node) }, moved)
}

const dropped = (graph: Graph, edge: string | undefined, node: string | undefined): Graph =>
  edge === undefined || node === undefined ? graph : insertOnEdge(graph, edge, node, types)

/** The edge under the pointer, if the node is loose and fits into it. */
function edgeAt(graph: Graph, nodeId: string, at: Point): string | undefined {
  if (graph.edges.some(({ source, target }) => source === nodeId || target === nodeId)) return undefined
  return edgesAt(at).find((edge) => insertOnEdge(graph, edge, nodeId, types) !== graph)
}

/** The edges under a point of the screen, the uppermost first. */
export const edgesAt = ({ x, y }: Point): readonly string[] =>
  document
    .elementsFromPoint(x, y)
    .flatMap((element) => element.closest('.react-flow__edge')?.getAttribute('data-id') ?? [])
