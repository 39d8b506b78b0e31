/**
 * The shape of a card, said once: the styles, the ends of the edges, the layout and the drag all count on it, so that
 * nothing has to be measured before the first edge is drawn. All on the 8 px grid.
 */
import { cardHeight, cardWidth, headHeight, portHeight } from '../../nodes/contract/card-size.ts'
import type { GraphNode } from '../../nodes/contract/graph.ts'
import { portsOfNode } from '../parts/node-words.ts'
import type { Size } from '../state/canvas.ts'

export { cardWidth, headHeight, stepX } from '../../nodes/contract/card-size.ts'

export const grid = 8
/** Of the input, and of the output when there is one: cards in a row are joined by straight lines. */
export const handleY = headHeight / 2
/** From a card to one that is added below it. */
export const stepY = 96

export const snap = (value: number): number => Math.round(value / grid) * grid

export const cardSize = (node: GraphNode): Size => ({
  width: cardWidth,
  height: cardHeight(Object.keys(portsOfNode(node)).length),
})

const noteMin: Size = { width: 96, height: 48 }

/** What a note becomes when it is to be so large: on the grid, and large enough to be taken. */
export const noteSize = ({ width, height }: Size): Size => ({
  width: snap(Math.max(noteMin.width, width)),
  height: snap(Math.max(noteMin.height, height)),
})

export const sizesOf = (nodes: readonly GraphNode[]): ReadonlyMap<string, Size> =>
  new Map(nodes.map((node) => [node.id, cardSize(node)]))

/** From the top of the card to the middle of its port. */
export const portY = (index: number, count: number): number =>
  count > 1 ? headHeight + index * portHeight + portHeight / 2 : handleY
