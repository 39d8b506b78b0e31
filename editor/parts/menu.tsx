import { DropdownMenu } from 'radix-ui'
import { Fragment, type ReactNode } from 'react'
import { classes } from './classes.ts'
import { Keys } from './keys.tsx'

export interface MenuItem {
  readonly label: string
  readonly icon?: ReactNode
  readonly keys?: string
  readonly danger?: boolean
  readonly disabled?: boolean
  /** Stands under a line. */
  readonly apart?: boolean
  readonly onSelect: () => void
}

interface MenuProps {
  /** The button that opens it. */
  readonly children: ReactNode
  readonly items: readonly MenuItem[]
  readonly align?: 'start' | 'end'
}

export const Menu = ({ children, items, align = 'end' }: MenuProps) => (
  // A modal one hides its own button from screen readers while that still has the focus.
  <DropdownMenu.Root modal={false}>
    <DropdownMenu.Trigger asChild>{children}</DropdownMenu.Trigger>
    <DropdownMenu.Portal>
      <DropdownMenu.Content
        align={align}
        // Clear of the line under the bar that the button stands in.
        sideOffset={12}
        className="z-50 min-w-44 rounded-lg border bg-surface-1 p-1 shadow-float"
      >
        {items.map(({ label, icon, keys, danger = false, disabled = false, apart = false, onSelect }) => (
          <Fragment key={label}>
            {apart && <DropdownMenu.Separator className="my-1 h-px bg-line" />}
            <DropdownMenu.Item
              disabled={disabled}
              onSelect={onSelect}
              className={classes(
                'flex cursor-pointer items-center gap-2 rounded-md px-2 py-1.5 text-sm outline-none data-disabled:cursor-default data-disabled:opacity-50 data-highlighted:bg-surface-2 [&_svg]:size-4',
                danger ? 'text-fail' : 'text-text-1',
              )}
            >
              {icon}
              <span className="grow">{label}</span>
              {keys !== undefined && <Keys keys={keys} />}
            </DropdownMenu.Item>
          </Fragment>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu.Portal>
  </DropdownMenu.Root>
)
