/** Where a dragged card comes to lie: on the grid, or in line with its neighbours. Pure. */
import type { Graph } from '../../nodes/contract/graph.ts'
import type { Guide, Size } from '../state/canvas.ts'
import type { Point } from '../state/commands.ts'
import { cardSize, snap } from './card.ts'

/** How near a card's line must be before it is taken: less than half of the grid would never be felt. */
const pull = 6
/** Cards further away are no neighbours. */
const reach = 1_200

interface Snapped {
  /** What is added to everything that is dragged. */
  readonly by: Point
  readonly guides: readonly Guide[]
}

/**
 * @param held the card under the pointer, and where the pointer has brought it
 * @param moving everything that is dragged, which is no line to be taken
 */
export function snapping(
  graph: Graph,
  held: { readonly position: Point; readonly size?: Size | undefined },
  moving: ReadonlyMap<string, Point>,
): Snapped {
  const { x, y } = held.position
  const near = graph.nodes.filter(
    ({ id, position }) =>
      !moving.has(id) && Math.abs(position.x - x) < reach && Math.abs(position.y - y) < reach,
  )
  const column = nearest(
    near.map(({ position }) => position.x),
    x,
  )
  const row = nearest(
    near.map(({ position }) => position.y),
    y,
  )
  const to = { x: column ?? snap(x), y: row ?? snap(y) }
  const box = held.size ?? { width: 0, height: 0 }
  const inLine = (axis: 'x' | 'y', at: number): Guide => {
    const other = axis === 'x' ? 'y' : 'x'
    const size = axis === 'x' ? 'height' : 'width'
    const ends = near
      .filter(({ position }) => position[axis] === at)
      .flatMap((each) => [each.position[other], each.position[other] + cardSize(each)[size]])
    return {
      axis,
      at,
      from: Math.min(to[other], ...ends),
      to: Math.max(to[other] + box[size], ...ends),
    }
  }
  return {
    by: { x: to.x - x, y: to.y - y },
    guides: [
      ...(column === undefined ? [] : [inLine('x', column)]),
      ...(row === undefined ? [] : [inLine('y', row)]),
    ],
  }
}

function nearest(lines: readonly number[], at: number): number | undefined {
  let best: number | undefined
  for (const line of lines) {
    const distance = Math.abs(line - at)
    if (distance <= pull && (best === undefined || distance < Math.abs(best - at))) best = line
  }
  return best
}
