import type { ReactNode } from 'react'

interface PageProps {
  readonly title: string
  readonly actions?: ReactNode
  /** Filters, under the title. */
  readonly bar?: ReactNode
  readonly children: ReactNode
}

/** A page that is not the canvas: a title, what can be done, and the content that scrolls. */
export const Page = ({ title, actions, bar, children }: PageProps) => (
  <div className="flex h-full min-w-0 flex-col">
    <header className="flex min-h-14 shrink-0 flex-wrap items-center gap-2 border-b bg-surface-1 px-6 py-2">
      <h1 className="mr-auto text-lg font-semibold">{title}</h1>
      {actions}
    </header>
    {bar !== undefined && (
      <div className="flex shrink-0 flex-wrap items-center gap-2 border-b bg-surface-1 px-6 py-2">{bar}</div>
    )}
    <div className="relative min-h-0 grow overflow-auto" tabIndex={-1}>
      {children}
    </div>
  </div>
)
