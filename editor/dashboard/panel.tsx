import { type ReactNode, useId } from 'react'
import { classes } from '../parts/classes.ts'

interface PanelProps {
  readonly title: string
  /** At the right of the title: a figure, or the way to all of it. */
  readonly aside?: ReactNode
  readonly children: ReactNode
  readonly className?: string
}

/** One subject of the dashboard. */
export function Panel({ title, aside, children, className }: PanelProps) {
  const heading = useId()
  return (
    <section aria-labelledby={heading} className={classes('min-w-0 p-6', className)}>
      <header className="mb-4 flex min-h-5 items-baseline justify-between gap-4">
        <h2 id={heading} className="text-sm font-semibold">
          {title}
        </h2>
        {aside !== undefined && <div className="text-sm text-text-2">{aside}</div>}
      </header>
      {children}
    </section>
  )
}
