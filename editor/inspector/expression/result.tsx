import { ArrowRight, Check, CircleSlash, CornerDownRight, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Json } from '../../../nodes/contract/json.ts'
import { classes } from '../../parts/classes.ts'
import type { PreviewStep } from '../preview.ts'
import { brief } from './brief.ts'

interface ResultProps {
  /** What the sample came to; `undefined` = there is no sample, and nothing is shown. */
  readonly step: PreviewStep | undefined
  /** Whether the port is the answer, as in a filter, or the value. */
  readonly tells: 'value' | 'port'
  readonly portLabel?: (port: string) => string
}

const linesMax = 50

/** What comes out on the sample, in one line under the expression. */
export function Result({ step, tells, portLabel = (port) => port }: ResultProps) {
  return (
    <div aria-live="polite" className="min-w-0 empty:hidden">
      {step !== undefined && <Line step={step} tells={tells} portLabel={portLabel} />}
      {step !== undefined && step.logs.length > 0 && (
        <ol
          aria-label="Log"
          tabIndex={0}
          className="mt-1 max-h-32 overflow-auto rounded-md bg-surface-2 px-2.5 py-1.5 font-mono text-xs text-text-2"
        >
          {step.logs.slice(0, linesMax).map(({ level, text }, at) => (
            <li
              // oxlint-disable-next-line no-array-index-key -- lines of a log have no other name
              key={at}
              className={classes(
                'break-words whitespace-pre-wrap',
                level === 'error' && 'text-fail',
                level === 'warn' && 'text-wait',
              )}
            >
              {text.slice(0, 2_000)}
            </li>
          ))}
          {step.logs.length > linesMax && <li>… and {step.logs.length - linesMax} lines more</li>}
        </ol>
      )}
    </div>
  )
}

function Line({ step, tells, portLabel }: Required<ResultProps> & { readonly step: PreviewStep }) {
  if (step.state === 'skipped') {
    return (
      <Told icon={<CircleSlash />} colour="text-text-3">
        Nothing reaches this on the sample.
      </Told>
    )
  }
  if (step.state === 'failed') {
    return (
      <Told icon={<TriangleAlert />} colour="text-fail">
        <span className="line-clamp-3">{step.error?.message ?? 'It failed on the sample.'}</span>
      </Told>
    )
  }
  if (tells === 'port' && step.port !== null) {
    const isFirst = step.port !== 'otherwise'
    return (
      <Told icon={isFirst ? <Check /> : <CornerDownRight />} colour={isFirst ? 'text-ok' : 'text-text-2'}>
        {portLabel(step.port)} <span className="text-text-3">on the sample</span>
      </Told>
    )
  }
  const output: Json = step.output ?? null
  return (
    <Told icon={<ArrowRight />} colour="text-ok">
      <code className="block truncate text-xs text-text-1" title={brief(output, 600)}>
        {brief(output, 160)}
      </code>
    </Told>
  )
}

const Told = ({
  icon,
  colour,
  children,
}: {
  readonly icon: ReactNode
  readonly colour: string
  readonly children: ReactNode
}) => (
  <p
    className={classes(
      'flex min-w-0 items-start gap-1.5 text-xs [&>svg]:mt-px [&>svg]:size-3.5 [&>svg]:shrink-0',
      colour,
    )}
  >
    {icon}
    <span className="min-w-0 grow">{children}</span>
  </p>
)
