import { isTemplate } from '../../../nodes/contract/field.ts'
import { describedBy, labelIdOf } from '../field-frame.tsx'
import type { ControlProps } from '../control.ts'
import { useOpenNode } from '../open-node.ts'
import { Code } from '../expression/code.tsx'
import { Result } from '../expression/result.tsx'
import { templateExpression } from '../expression/template.ts'
import { useTrial } from '../expression/trial.ts'
import { useShapes } from '../expression/use-shapes.ts'

interface TextInputProps extends ControlProps {
  readonly lines: 'one' | 'many'
  readonly placeholder?: string
}

/** Text with `{{ JSONata }}` inside where it varies. */
export function TextInput({ field, id, value, onChange, issues, lines, placeholder }: TextInputProps) {
  const node = useOpenNode()
  const step = useTrial(node.id, isTemplate(value) ? `(${templateExpression(value)})` : undefined)
  return (
    <>
      <Code
        id={id}
        language="template"
        lines={lines}
        value={typeof value === 'string' ? value : ''}
        onChange={(text) => onChange(text === '' ? undefined : text)}
        labelledBy={labelIdOf(id)}
        describedBy={describedBy(id)}
        placeholder={placeholder ?? (typeof field.initial === 'string' ? field.initial : '')}
        shapes={useShapes()}
        messages={value === undefined ? [] : issues.map(({ message }) => message)}
      />
      <Result step={step} tells="value" />
    </>
  )
}
