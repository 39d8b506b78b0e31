import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import type { Case } from '../../../nodes/contract/field.ts'
import { Button, IconButton } from '../../parts/button.tsx'
import { classes } from '../../parts/classes.ts'
import { Input } from '../../parts/input.tsx'
import { type ControlProps, messagesAt } from '../control.ts'
import { Code } from '../expression/code.tsx'
import { Result } from '../expression/result.tsx'
import { useShapes } from '../expression/use-shapes.ts'
import { Messages } from '../field-frame.tsx'
import { useOpenNode } from '../open-node.ts'
import { usePreview } from '../preview.ts'
import { TypeOffers } from './type-offers.tsx'
import { addCase, casesOf, moveCase, renamePort, whyNoPort } from './ports.ts'

/** Ports with their conditions, in the order in which they are looked at. */
export function Cases({ id, value, onChange, issues }: ControlProps) {
  const node = useOpenNode()
  const step = usePreview().get(node.id)
  const cases = casesOf(value)
  const [said, setSaid] = useState('')
  const change = (next: readonly Case[]) => onChange(next.length === 0 ? undefined : next)
  const move = (from: number, to: number) => {
    const next = moveCase(cases, from, to)
    if (next === cases) return
    change(next)
    setSaid(`${cases[from]?.port ?? 'The case'} is now case ${to + 1} of ${cases.length}.`)
    // The keys go on moving the same case.
    requestAnimationFrame(() => document.getElementById(`${id}-port-${to}`)?.focus())
  }
  return (
    <div className="flex flex-col gap-2">
      {cases.length > 0 && (
        <ol className="flex flex-col gap-2">
          {cases.map((each, at) => (
            // oxlint-disable-next-line no-array-index-key -- a port's name changes while it is written
            <li key={at}>
              <CaseRow
                id={id}
                at={at}
                cases={cases}
                isTaken={step?.state === 'succeeded' && step.port === each.port}
                messages={messagesAt(issues, String(at))}
                onCondition={(condition) =>
                  change(cases.map((other, n) => (n === at ? { ...other, condition } : other)))
                }
                onPort={(port) =>
                  onChange(
                    cases.map((other, n) => (n === at ? { ...other, port } : other)),
                    (graph) => renamePort(graph, node.id, each.port, port),
                  )
                }
                onMove={(by) => move(at, at + by)}
                onRemove={() => change(cases.filter((_, other) => other !== at))}
              />
            </li>
          ))}
        </ol>
      )}
      <div className="flex items-center justify-between gap-2">
        <Button size="sm" icon={<Plus className="size-3.5" />} onClick={() => change(addCase(cases))}>
          Add case
        </Button>
        {cases.length > 1 && <span className="text-xs text-text-3">Alt+↑ and Alt+↓ move a case</span>}
      </div>
      <TypeOffers cases={cases} onChange={change} />
      {issues.length === 0 && (
        <Result
          step={step}
          tells="port"
          portLabel={(port) => (port === 'otherwise' ? 'Otherwise' : `Leaves by ${port}`)}
        />
      )}
      <p role="status" className="sr-only">
        {said}
      </p>
    </div>
  )
}

interface CaseRowProps {
  readonly id: string
  readonly at: number
  readonly cases: readonly Case[]
  /** The sample goes this way. */
  readonly isTaken: boolean
  readonly messages: readonly string[]
  readonly onCondition: (condition: string) => void
  readonly onPort: (port: string) => void
  readonly onMove: (by: 1 | -1) => void
  readonly onRemove: () => void
}

function CaseRow({ id, at, cases, isTaken, messages, onCondition, onPort, onMove, onRemove }: CaseRowProps) {
  const { port = '', condition = '' } = cases[at] ?? {}
  // A name that cannot stand is kept here until it can: edges hang on the ports that there are.
  const [draft, setDraft] = useState<string>()
  const why = draft === undefined ? undefined : whyNoPort(cases, at, draft)
  const write = (next: string) => {
    const fits = whyNoPort(cases, at, next) === undefined
    setDraft(fits ? undefined : next)
    if (fits) onPort(next)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    event.stopPropagation()
    onMove(event.key === 'ArrowUp' ? -1 : 1)
  }
  const called = port === '' ? `case ${at + 1}` : port
  return (
    <div
      role="group"
      aria-label={`Case ${at + 1}: ${called}`}
      onKeyDownCapture={onKeyDown}
      className={classes(
        'flex flex-col gap-1.5 rounded-lg border p-2 transition-colors duration-150',
        isTaken && 'border-ok',
      )}
    >
      <div className="flex items-center gap-1">
        <span className="w-5 shrink-0 text-center text-xs text-text-3 tabular-nums">{at + 1}</span>
        <Input
          id={`${id}-port-${at}`}
          aria-label={`Port of case ${at + 1}`}
          aria-invalid={why !== undefined}
          autoComplete="off"
          spellCheck={false}
          value={draft ?? port}
          onChange={({ target }) => write(target.value.trim())}
          className="font-mono font-medium"
        />
        <IconButton label={`Move ${called} up`} keys="alt+↑" disabled={at === 0} onClick={() => onMove(-1)}>
          <ArrowUp />
        </IconButton>
        <IconButton
          label={`Move ${called} down`}
          keys="alt+↓"
          disabled={at === cases.length - 1}
          onClick={() => onMove(1)}
        >
          <ArrowDown />
        </IconButton>
        <IconButton label={`Remove ${called}`} onClick={onRemove}>
          <X />
        </IconButton>
      </div>
      <Messages messages={why === undefined ? [] : [why]} />
      <Code
        id={`${id}-condition-${at}`}
        language="jsonata"
        lines="one"
        label={`Condition of ${called}`}
        value={condition}
        onChange={onCondition}
        placeholder="type = 'invoice.paid'"
        shapes={useShapes()}
        messages={messages}
      />
      <Messages messages={messages} isMissing={condition === ''} />
    </div>
  )
}
