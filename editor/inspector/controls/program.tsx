import { describedBy, labelIdOf } from '../field-frame.tsx'
import type { ControlProps } from '../control.ts'
import { portsOf } from '../../../nodes/contract/node.ts'
import { useOpenNode } from '../open-node.ts'
import { usePreview } from '../preview.ts'
import { Code } from '../expression/code.tsx'
import type { Language } from '../expression/complete.ts'
import { Result } from '../expression/result.tsx'
import { useTrial } from '../expression/trial.ts'
import { useShapes } from '../expression/use-shapes.ts'

interface EditorProps extends ControlProps {
  readonly language: Extract<Language, 'jsonata' | 'javascript'>
  readonly placeholder: string
}

function ProgramEditor({ id, value, onChange, issues, language, placeholder }: EditorProps) {
  const node = useOpenNode()
  const text = typeof value === 'string' ? value : ''
  const step = usePreview().get(node.id)
  const ports = portsOf(node.type, node.config)
  const failed = step?.state === 'failed' && step.error !== null ? [step.error.message] : []
  return (
    <>
      <Code
        id={id}
        language={language}
        lines="many"
        room={language === 'javascript' ? 8 : 3}
        value={text}
        onChange={(next) => onChange(next === '' ? undefined : next)}
        labelledBy={labelIdOf(id)}
        describedBy={describedBy(id)}
        placeholder={placeholder}
        shapes={useShapes()}
        messages={value === undefined ? [] : [...issues.map(({ message }) => message), ...failed]}
      />
      {text !== '' && issues.length === 0 && (
        <Result
          step={step}
          tells={node.type.role === 'decides' ? 'port' : 'value'}
          portLabel={(port) => ports[port] ?? port}
        />
      )}
    </>
  )
}

export const Jsonata = (props: ControlProps) => (
  <ProgramEditor {...props} language="jsonata" placeholder="Type, or Ctrl+Space for what there is" />
)

export const Script = (props: ControlProps) => (
  <ProgramEditor {...props} language="javascript" placeholder="return { ...message }" />
)

interface ExpressionProps extends Omit<ControlProps, 'value' | 'onChange'> {
  readonly value: string
  readonly onChange: (source: string) => void
}

/** JSONata in the place of a value. */
export function Expression({ id, value, onChange, issues }: ExpressionProps) {
  const node = useOpenNode()
  const step = useTrial(node.id, value)
  return (
    <>
      <Code
        id={id}
        language="jsonata"
        lines="many"
        room={1}
        value={value}
        onChange={onChange}
        labelledBy={labelIdOf(id)}
        describedBy={describedBy(id)}
        placeholder="JSONata whose value is taken"
        shapes={useShapes()}
        messages={issues.map(({ message }) => message)}
      />
      {issues.length === 0 && <Result step={step} tells="value" />}
    </>
  )
}
