import { useStore as useFlow } from '@xyflow/react'
import { Maximize, Minus, Plus } from 'lucide-react'
import { IconButton } from '../parts/button.tsx'
import type { View } from './editor.ts'

interface ZoomButtonsProps {
  readonly view: View
  /** The keys that do the same, where there are some. */
  readonly keys?: Readonly<Record<'out' | 'in' | 'fit', string | undefined>>
}

/** How large the graph is seen. */
export function ZoomButtons({ view, keys }: ZoomButtonsProps) {
  const percent = useFlow(({ transform: [, , zoom] }) => Math.round(zoom * 100))
  const tip = (key: 'out' | 'in' | 'fit') => ({
    side: 'top' as const,
    ...(keys?.[key] !== undefined && { keys: keys[key] }),
  })
  return (
    <>
      <IconButton label="Zoom out" {...tip('out')} onClick={view.zoomOut}>
        <Minus />
      </IconButton>
      <button
        type="button"
        aria-label={`Zoom is ${percent} %. Zoom to 100 %`}
        onClick={() => view.zoomTo(1)}
        className="h-8 w-12 rounded-md text-xs text-text-2 tabular-nums hover:bg-surface-2 hover:text-text-1"
      >
        {percent} %
      </button>
      <IconButton label="Zoom in" {...tip('in')} onClick={view.zoomIn}>
        <Plus />
      </IconButton>
      <IconButton label="Show the whole graph" {...tip('fit')} onClick={view.fit}>
        <Maximize />
      </IconButton>
    </>
  )
}
