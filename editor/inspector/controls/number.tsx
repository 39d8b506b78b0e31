import { Input } from '../../parts/input.tsx'
import { describedBy } from '../field-frame.tsx'
import type { ControlProps } from '../control.ts'
import { useDraft } from './draft.ts'

/** What is no number is kept as it was typed, and its problem stands under it. */
export const readNumber = (text: string): unknown => {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  return Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed
}

export function NumberInput({ field, id, value, onChange, issues }: ControlProps) {
  const [text, setText] = useDraft(value, onChange, { read: readNumber, write: String })
  return (
    <Input
      id={id}
      inputMode="decimal"
      autoComplete="off"
      value={text}
      onChange={({ target }) => setText(target.value)}
      placeholder={typeof field.initial === 'number' ? String(field.initial) : ''}
      aria-describedby={describedBy(id)}
      aria-invalid={issues.length > 0 && value !== undefined}
      className="max-w-44 tabular-nums"
    />
  )
}
