import { useState } from 'react'
import { Choice } from '../choice.tsx'
import type { ControlProps } from '../control.ts'
import { Code } from '../expression/code.tsx'
import { Result } from '../expression/result.tsx'
import { valueExpression, varies } from '../expression/template.ts'
import { useTrial } from '../expression/trial.ts'
import { useShapes } from '../expression/use-shapes.ts'
import { describedBy, labelIdOf } from '../field-frame.tsx'
import { literalOf } from '../modes.ts'
import { useOpenNode } from '../open-node.ts'

type Kind = 'message' | 'text' | 'json'

interface BodyProps extends ControlProps {
  /** What goes out when nothing is said here. */
  readonly left?: string
  /** Where requests are answered there are no expressions. */
  readonly plain?: boolean
}

const kindOf = (value: unknown): Kind =>
  value === undefined ? 'message' : typeof value === 'string' ? 'text' : 'json'

/** The message as it is, text, or JSON; with `{{ JSONata }}` inside where it varies. */
export function Body({ id, value, onChange, issues, left = 'The message', plain = false }: BodyProps) {
  const node = useOpenNode()
  const shapes = useShapes()
  // Text that is not JSON yet, and the kind that was chosen for it, are nothing that could be saved.
  const [draft, setDraft] = useState<{ readonly text: string; readonly of: unknown }>()
  const isDraft = draft !== undefined && draft.of === value
  const kind = isDraft ? 'json' : kindOf(value)
  const saved = kind === 'json' ? JSON.stringify(value, null, 2) : typeof value === 'string' ? value : ''
  const text = isDraft ? draft.text : saved
  const step = useTrial(node.id, !plain && varies(value) ? valueExpression(value) : undefined)

  const choose = (next: Kind) => {
    if (next === kind) return
    setDraft(undefined)
    if (next === 'message') onChange(undefined)
    if (next === 'text') onChange(text)
    if (next === 'json') {
      const parsed = literalOf(text)
      if (typeof parsed === 'object') onChange(parsed)
      else setDraft({ text: text === '' ? '{\n  \n}' : text, of: value })
    }
  }
  const write = (next: string) => {
    if (kind === 'text') return onChange(next)
    const parsed = literalOf(next)
    const isValue = parsed !== undefined && typeof parsed !== 'string'
    setDraft({ text: next, of: isValue ? parsed : value })
    if (isValue) onChange(parsed)
  }
  const notJson =
    isDraft && literalOf(text) === undefined ? ['This is not JSON yet, and is not saved before it is.'] : []
  return (
    <>
      <Choice
        name={`${id}-kind`}
        label="What the body is"
        value={kind}
        options={[
          { value: 'message', label: left },
          { value: 'text', label: 'Text' },
          { value: 'json', label: 'JSON' },
        ]}
        onChoose={choose}
        className="self-start"
      />
      {kind !== 'message' && (
        <Code
          key={kind}
          id={id}
          language={kind === 'text' ? 'template' : 'json'}
          lines="many"
          value={text}
          onChange={write}
          labelledBy={labelIdOf(id)}
          describedBy={describedBy(id)}
          placeholder={kind === 'text' ? 'Text' : '{ "text": "{{ ref }}" }'}
          shapes={shapes}
          messages={[...issues.map(({ message }) => message), ...notJson]}
        />
      )}
      {notJson.map((message) => (
        <p key={message} className="text-xs text-wait">
          {message}
        </p>
      ))}
      <Result step={step} tells="value" />
    </>
  )
}
