import type { ReactNode } from 'react'
import { classes } from '../parts/classes.ts'

const tones = {
  ok: 'bg-ok-soft text-ok',
  wait: 'bg-wait-soft text-wait',
  fail: 'bg-fail-soft text-fail',
  quiet: 'bg-surface-2 text-text-2',
} as const

interface VerdictProps {
  readonly icon: ReactNode
  readonly tone: keyof typeof tones
  readonly title: string
  readonly children?: ReactNode
}

/** One thing said of a node on this sample. */
export const Verdict = ({ icon, tone, title, children }: VerdictProps) => (
  <div className={classes('flex gap-2 rounded-md px-3 py-2 text-sm [&_svg]:mt-0.5', tones[tone])}>
    <span className="shrink-0 [&_svg]:size-4" aria-hidden>
      {icon}
    </span>
    <div className="min-w-0">
      <p className="font-medium break-words">{title}</p>
      {children !== undefined && <p className="text-text-2">{children}</p>}
    </div>
  </div>
)
