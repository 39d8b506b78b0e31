import { cardHeight, cardWidth, stepX } from './card-size.ts'
import { type Graph, type GraphNode, type WrittenGraph, type WrittenNode, topologicalOrder } from './graph.ts'
import { type NodeTypes, portsOf } from './node.ts'

type Point = GraphNode['position']

/** From a card to the next that is not joined to it. */
const gap = 32

/**
 * A graph that was written by hand or by a program: each node that does not say where it stands comes to the right of
 * those that lead to it, below whatever is there. The others stay where they are, unless all of them lie on one point.
 */
export function placed(graph: WrittenGraph, types: NodeTypes): Graph {
  const { own, origin } = ownPlaces(graph)
  const at = new Map(own)
  const latestX = latestPlaces(graph, own)
  const arriving = Map.groupBy(graph.edges, ({ target }) => target)
  const leaving = Map.groupBy(graph.edges, ({ source }) => source)
  const heights = new Map(graph.nodes.map((node) => [node.id, heightOf(node, types)]))

  // Whatever leads to a node has its place before it.
  for (const id of topologicalOrder(graph) ?? []) {
    if (at.has(id)) continue
    const sources = (arriving.get(id) ?? []).flatMap(({ source }) => at.get(source) ?? [])
    const [target] = (leaving.get(id) ?? []).flatMap(({ target }) => own.get(target) ?? [])
    const x =
      sources.length > 0 ? Math.max(...sources.map(({ x }) => x)) + stepX : (latestX.get(id) ?? origin.x)
    const { y } = sources[0] ?? target ?? origin
    at.set(id, { x, y: freeFrom(y, heights.get(id) ?? 0, cardsAround(x, at, heights)) })
  }
  return {
    ...graph,
    // In the order of `graphSchema`: what is read again is the same text.
    nodes: graph.nodes.map(({ id, type, position: _own, ...rest }) => ({
      id,
      type,
      position: at.get(id) ?? origin,
      ...rest,
    })),
  }
}

/**
 * Where nodes say that they stand, and the corner that the others begin at. Where all of them say the same point, a
 * program said it because it had to say something.
 */
function ownPlaces({ nodes }: WrittenGraph): { own: ReadonlyMap<string, Point>; origin: Point } {
  const places = nodes.flatMap(({ id, position }) =>
    position === undefined ? [] : [[id, position] as const],
  )
  const [left, top] = [places.map(([, { x }]) => x), places.map(([, { y }]) => y)]
  const origin = places.length === 0 ? { x: 0, y: 0 } : { x: Math.min(...left), y: Math.min(...top) }
  const isOnePoint =
    nodes.length > 1 &&
    places.length === nodes.length &&
    origin.x === Math.max(...left) &&
    origin.y === Math.max(...top)
  return { own: new Map(isOnePoint ? [] : places), origin }
}

/** How far to the right nodes may stand that lead to some with a place of their own; without those, anywhere. */
function latestPlaces(graph: WrittenGraph, own: ReadonlyMap<string, Point>): ReadonlyMap<string, number> {
  const latest = new Map<string, number>([...own].map(([id, { x }]) => [id, x]))
  const leaving = Map.groupBy(graph.edges, ({ source }) => source)
  for (const id of topologicalOrder(graph)?.toReversed() ?? []) {
    const after = (leaving.get(id) ?? []).flatMap(({ target }) => latest.get(target) ?? [])
    if (!latest.has(id) && after.length > 0) latest.set(id, Math.min(...after) - stepX)
  }
  return latest
}

interface Span {
  readonly top: number
  readonly bottom: number
}

/** From top to bottom: what stands where a card at `x` could touch it. */
const cardsAround = (x: number, at: ReadonlyMap<string, Point>, heights: ReadonlyMap<string, number>) =>
  [...at]
    .filter(([, place]) => Math.abs(place.x - x) < cardWidth + gap)
    .map(([id, { y }]): Span => ({ top: y, bottom: y + (heights.get(id) ?? 0) }))
    .toSorted((a, b) => a.top - b.top)

/** The first place from `y` downwards that is so high. */
const freeFrom = (y: number, height: number, taken: readonly Span[]): number =>
  taken.reduce((free, { top, bottom }) => (top < free + height && free < bottom ? bottom : free), y)

/** With the gap to the next card below. */
function heightOf({ type, data }: WrittenNode, types: NodeTypes): number {
  const known = types[type]
  const ports = known === undefined ? 0 : Object.keys(portsOf(known, data.config)).length
  return cardHeight(ports) + gap
}
