/** What an action of the canvas acts on. */
import type { Graph } from '../../nodes/contract/graph.ts'
import type { CanvasStore } from '../state/canvas.ts'
import type { Point } from '../state/commands.ts'
import { type DocumentStore, graphOf } from '../state/document.ts'

/** What can be seen of the graph, and where things are on the screen. */
export interface View {
  /** Shows the whole graph, or some of it. */
  readonly fit: () => void
  readonly zoomTo: (level: number) => void
  readonly zoomIn: () => void
  readonly zoomOut: () => void
  /** Moves the view no further than is needed to see the node. */
  readonly reveal: (nodeId: string) => void
  /** Where a point of the screen is on the canvas. */
  readonly toCanvas: (screen: Point) => Point
  /** Where a point of the canvas is on the screen. */
  readonly toScreen: (canvas: Point) => Point
  /** On the screen: where the pointer is over the canvas, else the middle of what is seen. */
  readonly pointer: () => Point
  readonly focus: () => void
}

export interface Editor {
  readonly document: DocumentStore
  readonly canvas: CanvasStore
  readonly view: View
  /** Asks the bar to publish. */
  readonly publish: () => void
  /** Gives the keyboard to the inspector. */
  readonly inspect: () => void
}

export const graphOfEditor = ({ document }: Pick<Editor, 'document'>): Graph => graphOf(document.getState())
