/** React Flow's view in the words of `Editor`. */
import { type ReactFlowInstance, useReactFlow } from '@xyflow/react'
import { type RefObject, useMemo } from 'react'
import type { Point } from '../state/commands.ts'
import type { View } from './editor.ts'
import type { FlowEdge, FlowNode } from './flow.ts'

/** Of the canvas, so that a card is not glued to its edge. */
const marginPx = 32

const calm = matchMedia('(prefers-reduced-motion: reduce)')
const motion = () => ({ duration: calm.matches ? 0 : 180 })

export const fitOptions = { padding: 0.12, maxZoom: 1 } as const

export function useView(
  surface: RefObject<HTMLDivElement | null>,
  hovered: RefObject<Point | undefined>,
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
