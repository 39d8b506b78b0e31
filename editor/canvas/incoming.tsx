import { useStore } from 'zustand'
import { NodeIcon } from '../parts/node-icon.tsx'
import { typeOf } from '../parts/node-words.ts'
import { useEditing } from '../workflows/editing.tsx'
import { cardSize } from './card.ts'
import type { Editor } from './editor.ts'

/** The card in the hand, as large as it will be: above the canvas and what stands beside it. */
export function Incoming({ editor: { view } }: { readonly editor: Editor }) {
  const incoming = useStore(useEditing().canvas, ({ incoming }) => incoming)
  if (incoming === undefined) return null
  const { type, config, position, isOver } = incoming
  const { x, y } = view.toScreen(position)
  const zoom = view.toScreen({ x: position.x + 1, y: position.y }).x - x
  return (
    <div
      aria-hidden
      data-over={isOver || undefined}
      className="pointer-events-none fixed top-0 left-0 z-50 origin-top-left rounded-lg border border-accent bg-surface-1 px-2.5 pt-2 opacity-60 shadow-float data-over:opacity-90"
      style={{
        ...cardSize({ id: '', type, position, data: { config } }),
        transform: `translate(${x}px,${y}px) scale(${zoom})`,
      }}
    >
      <span className="flex items-center gap-2">
        <span className="flex size-6 shrink-0 items-center justify-center rounded-md bg-surface-2">
          <NodeIcon type={type} className="!size-3.5" />
        </span>
        <span className="truncate text-sm font-medium text-text-1">{typeOf(type)?.title ?? type}</span>
      </span>
    </div>
  )
}
