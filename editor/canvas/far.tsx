/**
 * A graph from afar: so small that only shapes and colours say something. Everything is drawn as a few paths then, since
 * painting 500 cards and 600 lines one by one takes 40 ms of each frame (2 cores, software rendering), this takes 3.
 */
import { Position, ViewportPortal, getSmoothStepPath, useStore } from '@xyflow/react'
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

type Tone = AnyNodeType['group'] | 'aside' | 'selected' | 'fail'
const tones: readonly Tone[] = ['trigger', 'logic', 'shape', 'send', 'aside', 'fail', 'selected']

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
        {[...lines].map(([look, path]) => (
          <path key={look} d={path} className="canvas-line" data-look={look} data-far />
        ))}
        {tones.map((tone) => {
          const path = shapes.get(tone)
          return path === undefined ? null : (
            <path key={tone} d={path} className="canvas-shape" data-tone={tone} />
          )
        })}
      </svg>
    </ViewportPortal>
  )
}

function toneOf({ selected, data: { node, mark } }: CardNode): Tone {
  if (selected === true) return 'selected'
  if (mark.outcome?.state === 'failed') return 'fail'
  return mark.aside ? 'aside' : (typeOf(node.type)?.group ?? 'aside')
}

function cardPaths(cards: readonly CardNode[]): ReadonlyMap<Tone, string> {
  const byTone = Map.groupBy(cards, toneOf)
  return new Map(
    [...byTone].map(([tone, some]) => [
      tone,
      some
        .map(({ position: { x, y }, width = 0, height = 0 }) => `M${x} ${y}h${width}v${height}h${-width}z`)
        .join(''),
    ]),
  )
}

type Look = NonNullable<FlowEdge['data']>['look']

function linePaths(cards: readonly CardNode[], edges: readonly FlowEdge[]): ReadonlyMap<Look, string> {
  const byId = new Map(cards.map((card) => [card.id, card]))
  const byLook = Map.groupBy(edges, ({ selected, data }) =>
    selected === true ? 'passed' : (data?.look ?? 'plain'),
  )
  return new Map([...byLook].map(([look, some]) => [look, some.map((edge) => linePath(edge, byId)).join('')]))
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
