import { Tooltip } from 'radix-ui'
import type { ReactNode } from 'react'
import { Keys } from './keys.tsx'

interface TipProps {
  readonly text: ReactNode
  readonly keys?: string
  readonly side?: 'top' | 'right' | 'bottom' | 'left'
  readonly children: ReactNode
}

/** A word on hover and focus. Its provider stands around the app. */
export const Tip = ({ text, keys, side = 'bottom', children }: TipProps) => (
  <Tooltip.Root>
    <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
    <Tooltip.Portal>
      <Tooltip.Content
        side={side}
        sideOffset={6}
        className="z-50 flex max-w-72 items-center gap-2 rounded-md border bg-surface-1 px-2 py-1 text-xs text-text-1 shadow-float"
      >
        {text}
        {keys !== undefined && <Keys keys={keys} />}
      </Tooltip.Content>
    </Tooltip.Portal>
  </Tooltip.Root>
)
