import { useStore } from '@xyflow/react'
import { grid } from './card.ts'

const gapOf = (zoom: number) => Math.round(grid * 3 * zoom)

/**
 * What the graph stands on. A pan only moves it: React Flow's own dots are an SVG pattern, which is painted anew in each
 * frame (28 tiles, 17 ms of both cores with software rendering). By whole pixels, so that nothing has to be blended.
 */
export function Dots() {
  const gap = useStore(({ transform: [, , zoom] }) => gapOf(zoom))
  const x = useStore(({ transform: [x, , zoom] }) => Math.round(x) % gapOf(zoom))
  const y = useStore(({ transform: [, y, zoom] }) => Math.round(y) % gapOf(zoom))
  return (
    <div
      aria-hidden
      className="canvas-dots"
      style={{ inset: -gap, backgroundSize: `${gap}px ${gap}px`, transform: `translate(${x}px, ${y}px)` }}
    />
  )
}
