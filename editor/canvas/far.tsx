/**
 * A graph from afar: so small that only shapes and colours say something. Everything is drawn as a few paths then, since
 * painting 500 cards and 600 lines one by one takes 40 ms of each frame (2 cores, software rendering), this takes 3.
 */
import { Position, ViewportPortal, type XYPosition, getSmoothStepPath, useStore } from '@xyflow/react'
import { createContext, useContext, useMemo } from 'react'
import type { AnyNodeType } from '../../nodes/contract/node.ts'
import { portsOfNode, typeOf } from '../parts/node-words.ts'
import { cardSize, handleY, portY } from './card.ts'
import type { CardNode, FlowEdge, FlowNode } from './flow.ts'

/** Below it no text of a card can be read. */
const farZoom = 0.35

export const useZoomIsFar = (): boolean => useStore(({ transform: [, , zoom] }) => zoom < farZoom)

const FarContext = createContext(false)
export const FarProvider = FarContext.Provider

/** Whether cards are drawn by `FarGraph` and only take the pointer. */
export const useIsFar = (): boolean => useContext(FarContext)

type Tone = AnyNodeType['group'] | 'aside' | 'selected' | 'fail' | 'running'
const tones: readonly Tone[] = ['trigger', 'logic', 'shape', 'send', 'aside', 'running', 'fail', 'selected']

interface FarGraphProps {
  readonly nodes: readonly FlowNode[]
  readonly edges: readonly FlowEdge[]
}

export function FarGraph({ nodes, edges }: FarGraphProps) {
  const cards = useMemo(() => nodes.filter((node) => node.type === 'card'), [nodes])
  const shapes = useMemo(() => cardPaths(cards), [cards])
  const lines = useMemo(() => linePaths(cards, edges), [cards, edges])
  return (
    <ViewportPortal>
      <svg aria-hidden className="canvas-far">
        {[...lines].map(([key, { kind, path }]) => (
          <path key={key} d={path} className="canvas-line" data-look={kind} data-far />
        ))}
        {[...shapes]
          .toSorted(([, a], [, b]) => tones.indexOf(a.kind) - tones.indexOf(b.kind))
          .map(([key, { kind, path }]) => (
            <path key={key} d={path} className="canvas-shape" data-tone={kind} />
          ))}
      </svg>
    </ViewportPortal>
  )
}

function toneOf({ selected, data: { node, mark } }: CardNode): Tone {
  if (selected === true) return 'selected'
  if (mark.outcome?.state === 'failed') return 'fail'
  if (mark.outcome?.state === 'running') return 'running'
  return mark.aside ? 'aside' : (typeOf(node.type)?.group ?? 'aside')
}

/**
 * Of an area that has paths of its own, on the canvas: a card that is dragged has its area painted anew and not the graph,
 * and what is painted anew walks through the paths that reach into it only.
 */
const areaSize = 1_600

interface Drawn<K> {
  readonly kind: K
  readonly path: string
}

/** One path for all that is of a kind and begins in the same area. */
function joined<T, K extends string>(
  items: readonly T[],
  at: (item: T) => XYPosition | undefined,
  kindOf: (item: T) => K,
  pathOf: (item: T) => string,
): ReadonlyMap<string, Drawn<K>> {
  const drawn = new Map<string, Drawn<K>>()
  for (const item of items) {
    const { x, y } = at(item) ?? { x: 0, y: 0 }
    const kind = kindOf(item)
    const key = `${kind} ${Math.floor(x / areaSize)} ${Math.floor(y / areaSize)}`
    drawn.set(key, { kind, path: (drawn.get(key)?.path ?? '') + pathOf(item) })
  }
  return drawn
}

const cardPaths = (cards: readonly CardNode[]) =>
  joined(
    cards,
    ({ position }) => position,
    toneOf,
    ({ position: { x, y }, width = 0, height = 0 }) => `M${x} ${y}h${width}v${height}h${-width}z`,
  )

function linePaths(cards: readonly CardNode[], edges: readonly FlowEdge[]) {
  const byId = new Map(cards.map((card) => [card.id, card]))
  return joined(
    edges,
    ({ source }) => byId.get(source)?.position,
    ({ selected, data }) => (selected === true ? 'passed' : (data?.look ?? 'plain')),
    (edge) => linePath(edge, byId),
  )
}

function linePath({ source, sourceHandle, target }: FlowEdge, cards: ReadonlyMap<string, CardNode>): string {
  const [from, to] = [cards.get(source), cards.get(target)]
  if (from === undefined || to === undefined) return ''
  const ports = Object.keys(portsOfNode(from.data.node))
  const port = Math.max(0, ports.indexOf(sourceHandle ?? ''))
  const [path] = getSmoothStepPath({
    sourceX: from.position.x + cardSize(from.data.node).width,
    sourceY: from.position.y + portY(port, ports.length),
    sourcePosition: Position.Right,
    targetX: to.position.x,
    targetY: to.position.y + handleY,
    targetPosition: Position.Left,
    borderRadius: 0,
  })
  return path
}
