import { ViewportPortal } from '@xyflow/react'
import { useStore } from 'zustand'
import { useEditing } from '../workflows/editing.tsx'

/** Lines that show with what a dragged card is aligned. */
export function Guides() {
  const guides = useStore(useEditing().canvas, ({ guides }) => guides)
  return guides.length === 0 ? null : (
    <ViewportPortal>
      {guides.map(({ axis, at, from, to }) => (
        <div
          key={axis}
          className="pointer-events-none absolute top-0 left-0 bg-accent"
          style={
            axis === 'x'
              ? { transform: `translate(${at}px,${from}px)`, width: 1, height: to - from }
              : { transform: `translate(${from}px,${at}px)`, width: to - from, height: 1 }
          }
        />
      ))}
    </ViewportPortal>
  )
}
