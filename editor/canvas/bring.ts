/** Brings a new node to the canvas by hand: out of a list, to where it is dropped, or into the edge under it. */
import type { PointerEvent as ReactPointerEvent } from 'react'
import type { Saved } from '../../nodes/contract/field.ts'
import type { GraphNode } from '../../nodes/contract/graph.ts'
import type { Incoming, Link } from '../state/canvas.ts'
import type { Point } from '../state/commands.ts'
import { put } from './acts.ts'
import { type Addition, add } from './add.ts'
import { cardSize, cardWidth, headHeight } from './card.ts'
import { edgesAt } from './dragging.ts'
import { type Editor, graphOfEditor as graphOf } from './editor.ts'
import { pointOf } from './point-of.ts'
import { snapping } from './snapping.ts'

export interface Brought {
  readonly type: string
  readonly config?: Saved | undefined
  /** What it is connected with, unless it falls into another edge. */
  readonly link?: Link | undefined
}

/** A hand is never quite still while it clicks. */
const beginsAfterPx = 4

/** @param onBegin told when it is a drag and no click */
export function bring(
  editor: Editor,
  pressed: ReactPointerEvent,
  brought: Brought,
  onBegin = () => {},
): void {
  if (pressed.button !== 0) return
  const from = pointOf(pressed)
  const ending = new AbortController()
  const during = { signal: ending.signal, capture: true }
  let begun = false
  const end = () => {
    ending.abort()
    editor.canvas.getState().bring(undefined)
  }
  addEventListener(
    'pointermove',
    (event) => {
      const at = pointOf(event)
      if (!begun && Math.hypot(at.x - from.x, at.y - from.y) < beginsAfterPx) return
      if (!begun) onBegin()
      begun = true
      const { incoming, help } = held(editor, brought, at)
      editor.canvas.getState().bring(incoming, help)
    },
    during,
  )
  addEventListener(
    'pointerup',
    () => {
      const { incoming, edgeBelow } = editor.canvas.getState()
      end()
      if (begun) ignoreClick()
      if (incoming?.isOver === true) put(editor, dropped(incoming, edgeBelow, brought.link))
    },
    during,
  )
  addEventListener('pointercancel', end, during)
  addEventListener('blur', end, { signal: ending.signal })
  addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || !begun) return
      event.stopPropagation()
      event.preventDefault()
      end()
    },
    during,
  )
}

/** Where it is now, and what it would be aligned with or fall into. */
function held(editor: Editor, { type, config = {} }: Brought, at: Point) {
  const graph = graphOf(editor)
  const { x, y } = editor.view.toCanvas(at)
  const position = { x: x - cardWidth / 2, y: y - headHeight / 2 }
  const node: GraphNode = { id: '', type, position, data: { config } }
  const under = document.elementFromPoint(at.x, at.y)
  if (under?.closest('.react-flow__renderer') == null)
    return { incoming: { type, config, position, isOver: false }, help: undefined }
  const { by, guides } = snapping(graph, { ...node, size: cardSize(node) }, new Map())
  const snapped = { x: position.x + by.x, y: position.y + by.y }
  const edgeBelow = edgesAt(at).find((edge) => {
    const { edges } = add(graph, { type, config, link: { kind: 'into', edge } }).graph
    return edges.length > graph.edges.length
  })
  return {
    incoming: { type, config, position: snapped, isOver: true },
    help: { guides: edgeBelow === undefined ? guides : [], edgeBelow },
  }
}

function dropped(
  { type, config, position }: Incoming,
  edge: string | undefined,
  link: Link | undefined,
): Addition {
  // In an edge it has the place that belongs to it there.
  if (edge !== undefined) return { type, config, link: { kind: 'into', edge } }
  return { type, config, position, link: link?.kind === 'into' ? undefined : link }
}

/** Dropped where it was taken from, it was dragged all the same. */
function ignoreClick(): void {
  const stop = (event: Event) => event.stopPropagation()
  addEventListener('click', stop, { capture: true, once: true })
  setTimeout(() => removeEventListener('click', stop, { capture: true }))
}
