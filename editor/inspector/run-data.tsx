import { CircleSlash, Loader, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import type { Run, Step } from '../../nodes/contract/api.ts'
import { Ago } from '../parts/ago.tsx'
import { Select } from '../parts/input.tsx'
import { StateMark } from '../parts/state-mark.tsx'
import { duration } from '../parts/words.ts'
import { hasEnded } from '../runs/ended.ts'
import { useShownWork } from '../runs/shown-work.ts'
import { useGraph } from '../workflows/editing.tsx'
import { Attempts } from '../parts/attempts.tsx'
import { InputOutput } from './input-output.tsx'
import { Log } from '../parts/log.tsx'
import { Verdict } from './verdict.tsx'
import { portLabel } from '../parts/node-words.ts'

interface RunDataProps {
  readonly run: Run
  readonly nodeId: string
}

/** What a node did in a run: its data, its attempts, its log. */
export function RunData({ run, nodeId }: RunDataProps) {
  const steps = run.steps.filter((step) => step.nodeId === nodeId)
  const [chosen, setChosen] = useState<string>()
  const step = steps.find(({ id }) => id === chosen) ?? steps[0]
  if (step === undefined) return <NoStep run={run} nodeId={nodeId} />
  return (
    <>
      {steps.length > 1 && (
        <Select
          aria-label="Which item"
          value={step.id}
          onChoose={setChosen}
          options={steps.map(({ id }) => ({ value: id, label: id }))}
        />
      )}
      <StepData step={step} />
    </>
  )
}

function NoStep({ run, nodeId }: RunDataProps) {
  const isAtWork = useShownWork().has(nodeId)
  if (isAtWork) {
    return (
      <Verdict icon={<Loader className="animate-spin" />} tone="quiet" title="Running">
        Data appears as soon as this node is done.
      </Verdict>
    )
  }
  const goesOn = !hasEnded(run.state)
  return (
    <Verdict
      icon={<CircleSlash />}
      tone="quiet"
      title={goesOn ? 'Not here yet' : 'This run did not get here'}
    >
      {goesOn
        ? 'Data appears as soon as the run reaches this node.'
        : 'Nothing came in, and nothing went out.'}
    </Verdict>
  )
}

function StepData({ step }: { readonly step: Step }) {
  const node = useGraph().nodes.find(({ id }) => id === step.nodeId)
  const by = step.port === null ? undefined : node === undefined ? step.port : portLabel(node, step.port)
  const took = new Date(step.endedAt).getTime() - new Date(step.startedAt).getTime()
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-text-2">
        <StateMark state={step.state} />
        <span className="tabular-nums">{duration(took)}</span>
        <Ago at={step.startedAt} />
        {step.resumeAt !== null && (
          <span>
            {step.waitsFor !== null && `waits for ${step.waitsFor}; `}
            goes on <Ago at={step.resumeAt} />
          </span>
        )}
      </p>
      {step.error !== null && (
        <Verdict icon={<TriangleAlert />} tone="fail" title={step.error.message}>
          <span className="font-mono text-xs">{step.error.code}</span>
        </Verdict>
      )}
      {step.attempts.length > 0 && <Attempts attempts={step.attempts} />}
      {step.logs.length > 0 && <Log lines={step.logs} />}
      <InputOutput
        nodeId={step.nodeId}
        {...(node?.type !== 'webhook' && { input: step.input })}
        {...(step.state === 'succeeded' && { output: step.output })}
        {...(by !== undefined && { by })}
      />
    </>
  )
}
