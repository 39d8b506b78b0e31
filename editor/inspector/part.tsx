import type { ReactNode } from 'react'

interface PartProps {
  readonly title: string
  /** At the right of the title. */
  readonly aside?: ReactNode
  readonly children: ReactNode
}

/** A titled part of a panel. */
export const Part = ({ title, aside, children }: PartProps) => (
  <section aria-label={title} className="flex flex-col gap-2">
    <header className="flex min-h-5 items-center gap-2">
      <h2 className="grow text-sm font-medium">{title}</h2>
      {aside}
    </header>
    {children}
  </section>
)
