import { Popover as Radix } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'
import { classes } from './classes.ts'

interface PopoverProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  /** The button that opens it. */
  readonly trigger: ReactElement
  /** What it is: read aloud. */
  readonly label: string
  readonly align?: 'start' | 'center' | 'end'
  readonly side?: 'top' | 'bottom'
  readonly className?: string
  readonly children: ReactNode
}

/** Something small to do beside its button. Esc and a click elsewhere close it. */
export const Popover = ({
  open,
  onOpenChange,
  trigger,
  label,
  align = 'start',
  side = 'bottom',
  className,
  children,
}: PopoverProps) => (
  <Radix.Root open={open} onOpenChange={onOpenChange}>
    <Radix.Trigger asChild>{trigger}</Radix.Trigger>
    <Radix.Portal>
      <Radix.Content
        aria-label={label}
        align={align}
        side={side}
        // Clear of the line under the bar that the button stands in.
        sideOffset={12}
        collisionPadding={12}
        className={classes(
          'z-30 flex max-h-[var(--radix-popover-content-available-height)] max-w-[calc(100vw-24px)] flex-col rounded-lg border bg-surface-1 shadow-float focus:outline-none',
          className,
        )}
      >
        {children}
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
)
