/** The steps of a run one under another, each where it lay in time. */
import type { Run, Step } from '../../nodes/contract/api.ts'
import { Section } from '../events/detail.tsx'
import { useRowKeys } from '../events/rows.ts'
import { hasEnded } from './ended.ts'
import { nameOfStep } from './node-names.ts'
import { StepRow } from './step.tsx'

/** The stretch of time that the lines of all steps share. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

export function TimeLine({ run }: { readonly run: Run }) {
  const rows = useRowKeys<HTMLOListElement>()
  const { steps } = run
  const stretch = stretchOf(steps)
  return (
    <div className="px-6 py-4">
      <Section title="Steps">
        {steps.length === 0 ? (
          <p className="text-sm text-text-2">
            {hasEnded(run.state) ? 'No step ran.' : 'No step has run yet.'}
          </p>
        ) : (
          <ol ref={rows} className="overflow-hidden rounded-lg border bg-surface-1">
            {steps.map((step) => (
              <StepRow
                key={step.id}
                step={step}
                name={nameOfStep(step)}
                stretch={stretch}
                isOpenAtFirst={step.state === 'failed' || steps.length === 1}
                isTold={step.nodeId === run.error?.nodeId && step.error?.message === run.error.message}
              />
            ))}
          </ol>
        )}
      </Section>
    </div>
  )
}

const ms = (iso: string): number => new Date(iso).getTime()

function stretchOf(steps: readonly Step[]): Stretch {
  const from = Math.min(...steps.map(({ startedAt }) => ms(startedAt)))
  const to = Math.max(...steps.map(({ endedAt }) => ms(endedAt)))
  return { from, to: Math.max(to, from + 1) }
}
