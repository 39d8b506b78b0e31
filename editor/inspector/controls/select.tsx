import { Select } from '../../parts/input.tsx'
import { describedBy } from '../field-frame.tsx'
import type { ControlProps } from '../control.ts'

export function SelectInput({
  field,
  id,
  value,
  onChange,
  issues,
  options,
}: ControlProps & { readonly options: readonly string[] }) {
  const chosen = typeof value === 'string' ? value : String(field.initial)
  // What a file says and the declaration does not know is shown, not silently replaced.
  const known = options.includes(chosen) ? options : [chosen, ...options]
  return (
    <Select
      id={id}
      value={chosen}
      options={known.map((option) => ({ value: option, label: option }))}
      onChoose={(next) => onChange(next === field.initial ? undefined : next)}
      aria-describedby={describedBy(id)}
      aria-invalid={issues.length > 0}
      className="max-w-44"
    />
  )
}
