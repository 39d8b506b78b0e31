/** What the graph stands on, and how both are moved. */
import { ViewportPortal, useStore, useStoreApi } from '@xyflow/react'
import { type RefObject, useLayoutEffect } from 'react'
import { grid } from './card.ts'

const gapOf = (zoom: number) => Math.round(grid * 3 * zoom)

/** How far the ground reaches beyond the middle of its tile, and how far a pan goes before it is laid anew; on the screen. */
const reachPx = 16_000
const tilePx = 8_000

/**
 * It lies below the cards and moves with them. So the picture that the browser moves is opaque and does not change its size
 * when a card enters: a transparent one is blended in each frame, and one that grows is painted anew as a whole
 * (both together: half of the time of a pan with software rendering).
 */
export function Ground({ dotted }: { readonly dotted: boolean }) {
  const zoom = useStore(({ transform: [, , zoom] }) => zoom)
  const x = useStore(({ transform: [x] }) => Math.round(-x / tilePx) * tilePx - reachPx)
  const y = useStore(({ transform: [, y] }) => Math.round(-y / tilePx) * tilePx - reachPx)
  const onCanvas = (px: number) => Math.round(px / zoom)
  const gap = gapOf(zoom)
  const onGap = (px: number) => Math.ceil(px / gap) * gap
  return (
    <ViewportPortal>
      <div
        aria-hidden
        className="canvas-ground"
        // Whole numbers: a picture that ends within a pixel counts as transparent.
        style={{
          left: wholeOnBoth(onCanvas(x), zoom),
          top: wholeOnBoth(onCanvas(y), zoom),
          width: onCanvas(2 * reachPx),
          height: onCanvas(2 * reachPx),
        }}
      />
      {dotted && (
        <div
          aria-hidden
          className="canvas-dots"
          style={{
            // Within the ground, wherever that begins.
            width: 2 * reachPx - tilePx,
            height: 2 * reachPx - tilePx,
            backgroundSize: `${gap}px ${gap}px`,
            transform: `scale(${1 / zoom}) translate(${onGap(x + tilePx / 2)}px,${onGap(y + tilePx / 2)}px)`,
          }}
        />
      )}
    </ViewportPortal>
  )
}

/**
 * The next place on the canvas that is a whole pixel of the screen, too (to a thousandth): where the picture begins between
 * two pixels, all of it is resampled in each frame.
 */
function wholeOnBoth(start: number, zoom: number): number {
  let best = start
  let bestOff = 1
  for (let place = start; place < start + 1_000 && bestOff > 0.0002; place += 1) {
    const off = Math.abs(place * zoom - Math.round(place * zoom))
    if (off < bestOff) [best, bestOff] = [place, off]
  }
  return best
}

/**
 * Moves the graph by whole pixels, and apart from its scale. React Flow's `translate() scale()` in one is worse to move: the
 * browser keeps the picture of a scaled layer at full size, and resamples all of it when it lies between two pixels.
 */
export function useMoves(surface: RefObject<HTMLDivElement | null>): void {
  const store = useStoreApi()
  useLayoutEffect(() => {
    const viewport = surface.current?.querySelector<HTMLElement>('.react-flow__viewport')
    if (viewport === null || viewport === undefined) return undefined
    const { style } = viewport
    // React Flow has subscribed before, and has written both into `transform`.
    const place = ({ transform: [x, y, zoom] }: ReturnType<typeof store.getState>) => {
      style.transform = `translate3d(${Math.round(x)}px,${Math.round(y)}px,0) scale(${zoom})`
    }
    place(store.getState())
    return store.subscribe((now, before) => {
      if (now.transform !== before.transform) place(now)
    })
  }, [store, surface])
}
