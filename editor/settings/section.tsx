import { type ReactNode, useId } from 'react'

interface SectionProps {
  readonly title: string
  readonly about: ReactNode
  readonly children: ReactNode
}

/** One subject of the settings: what it is at the left, what can be done at the right. */
export function Section({ title, about, children }: SectionProps) {
  const heading = useId()
  return (
    <section aria-labelledby={heading} className="border-b px-6 py-8 last:border-b-0">
      <div className="grid max-w-4xl gap-x-12 gap-y-4 lg:grid-cols-[240px_minmax(0,1fr)]">
        <div>
          <h2 id={heading} className="text-base font-semibold">
            {title}
          </h2>
          <p className="mt-1 text-sm text-text-2">{about}</p>
        </div>
        <div className="min-w-0">{children}</div>
      </div>
    </section>
  )
}
