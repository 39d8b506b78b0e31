import { CircleCheck, CircleDashed, PauseCircle } from 'lucide-react'
import type { WorkflowSummary } from '../../nodes/contract/api.ts'

/** Whether a workflow runs, and which version of it. */
export function Status({ workflow: { version, enabled } }: { readonly workflow: WorkflowSummary }) {
  const {
    icon: Icon,
    colour,
    words,
  } = version === null
    ? { icon: CircleDashed, colour: 'text-text-3', words: 'Draft' }
    : enabled
      ? { icon: CircleCheck, colour: 'text-ok', words: `Published v${version}` }
      : { icon: PauseCircle, colour: 'text-wait', words: `Paused v${version}` }
  return (
    <span className={`flex items-center gap-1.5 text-sm whitespace-nowrap ${colour}`}>
      <Icon className="size-4" aria-hidden />
      {words}
    </span>
  )
}
