/** React Flow's view in the words of `Editor`. */
import {
  type ReactFlowInstance,
  type Viewport,
  getNodesBounds,
  getViewportForBounds,
  useReactFlow,
} from '@xyflow/react'
import { type RefObject, useMemo } from 'react'
import type { Graph } from '../../nodes/contract/graph.ts'
import type { Size } from '../state/canvas.ts'
import type { Point } from '../state/commands.ts'
import { boxesOf } from './arrange.ts'
import type { View } from './editor.ts'
import type { FlowEdge, FlowNode } from './flow.ts'

/** Of the canvas, so that a card is not glued to its edge. */
const marginPx = 32

const calm = matchMedia('(prefers-reduced-motion: reduce)')
const motion = () => ({ duration: calm.matches ? 0 : 180 })

export const fitOptions = { padding: 0.12, maxZoom: 1 } as const
export const zoomMin = 0.1
/** Below it a graph is seen and not read: it opens at its beginning instead. */
const legibleZoom = 0.5
const openingZoom = 0.8

/** What is seen first: the whole graph, or the beginning of a large one. */
export function openingView(graph: Graph, frame: Size): Viewport {
  const ids = new Set([...graph.nodes, ...(graph.notes ?? [])].map(({ id }) => id))
  const bounds = getNodesBounds(boxesOf(graph, ids).map((box) => ({ ...box, data: {} })))
  const { width, height } = frame
  const whole = getViewportForBounds(bounds, width, height, zoomMin, 1, fitOptions.padding)
  const start = graph.nodes.find(({ type }) => type === 'webhook') ?? graph.nodes[0]
  if (whole.zoom >= legibleZoom || start === undefined) return whole
  const { x, y } = start.position
  return {
    x: width / 8 - x * openingZoom,
    y: height / 3 - y * openingZoom,
    zoom: openingZoom,
  }
}

const nowhere: RefObject<Point | undefined> = { current: undefined }

/** @param hovered where the pointer is over the graph, for what is added there */
export function useView(
  surface: RefObject<HTMLDivElement | null>,
  hovered: RefObject<Point | undefined> = nowhere,
): View {
  const flow = useReactFlow<FlowNode, FlowEdge>()
  return useMemo(() => viewOf(flow, surface, hovered), [flow, surface, hovered])
}

function viewOf(
  flow: ReactFlowInstance<FlowNode, FlowEdge>,
  surface: RefObject<HTMLDivElement | null>,
  hovered: RefObject<Point | undefined>,
): View {
  const frame = () => surface.current?.getBoundingClientRect() ?? new DOMRect()
  return {
    fit: () => void flow.fitView({ ...fitOptions, ...motion() }),
    zoomTo: (level) => void flow.zoomTo(level, motion()),
    zoomIn: () => void flow.zoomIn(motion()),
    zoomOut: () => void flow.zoomOut(motion()),
    reveal(nodeId) {
      // A node that was added just now is drawn first; the inspector that opens with it takes its place.
      requestAnimationFrame(() => requestAnimationFrame(() => reveal(flow, frame(), nodeId)))
    },
    toCanvas: (point) => flow.screenToFlowPosition(point),
    toScreen: (point) => flow.flowToScreenPosition(point),
    pointer() {
      if (hovered.current !== undefined) return hovered.current
      const { x, y, width, height } = frame()
      return { x: x + width / 2, y: y + height / 2 }
    },
    focus() {
      // Nobody asked for it by keyboard yet: see the frame in canvas.css.
      surface.current?.setAttribute('data-quiet', '')
      surface.current?.focus({ preventScroll: true })
    },
  }
}

function reveal(flow: ReactFlowInstance<FlowNode, FlowEdge>, frame: DOMRect, nodeId: string): void {
  const node = flow.getNode(nodeId)
  if (node === undefined) return
  const { x, y, zoom } = flow.getViewport()
  const left = node.position.x * zoom + x
  const top = node.position.y * zoom + y
  const by = {
    x: inside(left, left + (node.width ?? 0) * zoom, frame.width),
    y: inside(top, top + (node.height ?? 0) * zoom, frame.height),
  }
  if (by.x !== 0 || by.y !== 0) void flow.setViewport({ x: x + by.x, y: y + by.y, zoom }, motion())
}

/** How far a stretch has to be moved to lie between the margins. */
function inside(start: number, end: number, length: number): number {
  if (start < marginPx) return marginPx - start
  const over = end - (length - marginPx)
  return over > 0 ? -Math.min(over, start - marginPx) : 0
}
