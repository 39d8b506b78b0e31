import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'

interface DialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly title: string
  /** A sentence under the title: what this is for. */
  readonly about?: ReactNode
  readonly width?: 'sm' | 'md' | 'lg' | 'xl'
  readonly children: ReactNode
  /** Buttons, the main one last. */
  readonly footer?: ReactNode
}

const widths = { sm: 'max-w-md', md: 'max-w-xl', lg: 'max-w-3xl', xl: 'max-w-6xl' } as const

export const Dialog = ({ open, onOpenChange, title, about, width = 'md', children, footer }: DialogProps) => (
  <Radix.Root open={open} onOpenChange={onOpenChange}>
    <Radix.Portal>
      <Radix.Overlay className="fixed inset-0 z-40 bg-surface-0/75" />
      <Radix.Content
        {...(about === undefined && { 'aria-describedby': undefined })}
        className={classes(
          'fixed top-1/2 left-1/2 z-40 flex max-h-[86vh] w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 flex-col rounded-lg border bg-surface-1 shadow-float focus:outline-none',
          widths[width],
        )}
      >
        <header className="flex items-start gap-4 px-5 pt-4 pb-3">
          <div className="min-w-0 grow">
            <Radix.Title className="text-lg font-semibold text-text-1">{title}</Radix.Title>
            {about !== undefined && (
              <Radix.Description className="text-sm text-text-2">{about}</Radix.Description>
            )}
          </div>
          {/* Without a tooltip: it has the focus at first, and Esc would close the tooltip instead of the dialog. */}
          <Radix.Close
            aria-label="Close"
            className="-mt-1 -mr-2 inline-flex size-8 shrink-0 items-center justify-center rounded-md text-text-2 transition-colors duration-150 hover:bg-surface-2 hover:text-text-1"
          >
            <X className="size-4" aria-hidden />
          </Radix.Close>
        </header>
        <div className="relative min-h-0 grow overflow-auto px-5 pb-5">{children}</div>
        {footer !== undefined && (
          <footer className="flex justify-end gap-2 border-t px-5 py-3">{footer}</footer>
        )}
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
)
