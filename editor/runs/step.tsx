import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { Step } from '../../nodes/contract/api.ts'
import type { Json } from '../../nodes/contract/json.ts'
import { aboveRow, rowLink, rowLook } from '../events/table.tsx'
import { Ago } from '../parts/ago.tsx'
import { classes } from '../parts/classes.ts'
import { Attempts } from '../parts/attempts.tsx'
import { JsonTree } from '../parts/json-tree.tsx'
import { Log } from '../parts/log.tsx'
import { NodeIcon } from '../parts/node-icon.tsx'
import { portWord } from '../parts/node-words.ts'
import { StateMark } from '../parts/state-mark.tsx'
import { visible } from '../parts/visible-text.ts'
import { duration, plural } from '../parts/words.ts'
import type { NodeName } from './node-names.ts'
import type { Stretch } from './time-line.tsx'

interface StepRowProps {
  readonly step: Step
  readonly name: NodeName
  readonly stretch: Stretch
  readonly isOpenAtFirst: boolean
  /** Its error is the run's, which stands at the top of the page. */
  readonly isTold: boolean
}

export function StepRow({ step, name, stretch, isOpenAtFirst, isTold }: StepRowProps) {
  const [isOpen, setOpen] = useState(isOpenAtFirst)
  const { id, state, port, attempts, startedAt, endedAt, resumeAt } = step
  const leftBy = port === null ? undefined : portWord(name.type, port)
  const inSplit = id.includes('#') ? id.slice(id.indexOf('#')) : ''
  return (
    <li className="border-b last:border-0">
      <div className={classes(rowLook, 'flex h-11 items-center gap-3 border-b-0 px-4 text-sm')}>
        <ChevronRight
          aria-hidden
          className={classes(
            'size-4 shrink-0 text-text-3 transition-transform duration-150',
            isOpen && 'rotate-90',
          )}
        />
        <StateMark state={state} bare />
        <NodeIcon type={name.type} />
        <button
          type="button"
          data-row
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className={classes(rowLink, 'min-w-0 truncate text-left font-medium')}
        >
          {name.label}
          {inSplit !== '' && <span className="ml-1.5 font-normal text-text-3">{inSplit}</span>}
        </button>
        {leftBy !== undefined && (
          <span className="shrink-0 text-text-3">
            <span aria-hidden>→ </span>
            {leftBy}
          </span>
        )}
        {attempts.length > 1 && (
          <span className="shrink-0 text-text-3">{plural(attempts.length, 'attempt')}</span>
        )}
        <Bar step={step} stretch={stretch} />
        <span className="w-20 shrink-0 text-right text-text-2 tabular-nums">
          {state === 'waiting' && resumeAt !== null ? (
            <span className={aboveRow}>
              <Ago at={resumeAt} />
            </span>
          ) : (
            duration(new Date(endedAt).getTime() - new Date(startedAt).getTime())
          )}
        </span>
      </div>
      {isOpen && <StepDetails step={step} isTold={isTold} />}
    </li>
  )
}

const colours = { succeeded: 'bg-ok', failed: 'bg-fail', waiting: 'bg-wait' } as const

/** Where the step lay in the whole; at least as wide as can be seen. */
function Bar({ step: { startedAt, endedAt, state }, stretch }: Pick<StepRowProps, 'step' | 'stretch'>) {
  const share = (at: string) => ((new Date(at).getTime() - stretch.from) / (stretch.to - stretch.from)) * 100
  const left = share(startedAt)
  return (
    <span aria-hidden className="relative ml-auto h-1.5 w-1/3 max-w-80 shrink-0 max-md:hidden">
      <span className="absolute inset-x-0 top-1/2 h-px bg-line" />
      <span
        className={classes('absolute inset-y-0 min-w-1 rounded-full', colours[state])}
        style={{ left: `min(${left}%, 100% - 4px)`, width: `${share(endedAt) - left}%` }}
      />
    </span>
  )
}

function StepDetails({ step, isTold }: Pick<StepRowProps, 'step' | 'isTold'>) {
  const { state, input, output, error, logs, attempts, resumeAt, waitsFor } = step
  return (
    <div className="flex flex-col gap-5 border-t bg-surface-0 px-4 py-4">
      {resumeAt !== null && state === 'waiting' && (
        <p className="text-sm text-wait">
          {waitsFor !== null && `Waits for ${waitsFor}. `}
          Goes on <Ago at={resumeAt} />.
        </p>
      )}
      {error !== null && !isTold && (
        <div role="group" aria-label="Error" className="rounded-lg bg-fail-soft px-4 py-3 text-sm">
          <code className="text-fail">{error.code}</code>
          <p className="max-w-prose">{visible(error.message)}</p>
        </div>
      )}
      <div className="grid gap-4 lg:grid-cols-2">
        <Data label="Input" value={input} />
        {state === 'failed' && output === null ? (
          <NoData>The step failed, so nothing went on.</NoData>
        ) : isSame(input, output) ? (
          <NoData>The message went on as it came.</NoData>
        ) : (
          <Data label="Output" value={output} />
        )}
      </div>
      {logs.length > 0 && <Log lines={logs} />}
      {attempts.length > 0 && <Attempts attempts={attempts} />}
    </div>
  )
}

const Data = ({ label, value }: { readonly label: string; readonly value: Json }) => (
  <div className="max-h-96 min-w-0 overflow-auto rounded-lg border bg-surface-1 px-3 pb-1">
    <JsonTree label={label} value={value} />
  </div>
)

const NoData = ({ children }: { readonly children: string }) => (
  <div role="group" aria-label="Output" className="rounded-lg border border-dashed px-3 pb-3 text-sm">
    <h3 className="flex h-8 items-center text-xs font-medium text-text-2">Output</h3>
    <p className="text-text-2">{children}</p>
  </div>
)

/** Filters, switches and delays pass on what they got: to show it twice would hide that. */
const isSame = (a: Json, b: Json): boolean =>
  a === b || (typeof a === 'object' && a !== null && JSON.stringify(a) === JSON.stringify(b))
