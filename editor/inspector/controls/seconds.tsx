import { Input } from '../../parts/input.tsx'
import { inWords, readSeconds } from '../durations.ts'
import { describedBy } from '../field-frame.tsx'
import type { ControlProps } from '../control.ts'
import { useDraft } from './draft.ts'

const read = (text: string): unknown => (text.trim() === '' ? undefined : (readSeconds(text) ?? text.trim()))
const write = (value: unknown): string => (typeof value === 'number' ? inField(value) : String(value))

/** Small ones as they are said, odd ones as seconds, so that nothing is rounded. */
const inField = (seconds: number): string =>
  readSeconds(inWords(seconds)) === seconds ? inWords(seconds) : `${seconds} s`

interface DurationInputProps {
  readonly id: string
  readonly value: unknown
  readonly onChange: (value: unknown) => void
  readonly placeholder?: string
  readonly invalid?: boolean
  readonly className?: string
  readonly onStep?: (by: 1 | -1) => void
  /** Whether only a length of time can be saved here, and nothing that is still being typed. */
  readonly strict?: boolean
  readonly label?: string
}

/** A length of time: `90`, `5 min`, `1 h 30 min`. */
export function DurationInput({
  id,
  value,
  onChange,
  placeholder = '',
  invalid = false,
  className = '',
  onStep,
  strict = false,
  label,
}: DurationInputProps) {
  const [text, setText] = useDraft(value, onChange, {
    read,
    write,
    takes: (next) => !strict || typeof next === 'number',
  })
  return (
    <Input
      id={id}
      value={text}
      autoComplete="off"
      onChange={({ target }) => setText(target.value)}
      onKeyDown={(event) => {
        if (onStep === undefined || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
        event.preventDefault()
        onStep(event.key === 'ArrowUp' ? 1 : -1)
      }}
      placeholder={placeholder}
      aria-label={label}
      aria-describedby={describedBy(id)}
      aria-invalid={invalid}
      className={`tabular-nums ${className}`}
    />
  )
}

export const SecondsInput = ({ field, id, value, onChange, issues }: ControlProps) => (
  <div className="flex items-center gap-2">
    <DurationInput
      id={id}
      value={value}
      onChange={onChange}
      placeholder={typeof field.initial === 'number' ? inWords(field.initial) : '10 min'}
      invalid={issues.length > 0 && value !== undefined}
      className="max-w-36"
    />
    <span className="text-xs text-text-2 tabular-nums">
      {typeof value === 'number' ? `${value} s` : 'such as 90, 5 min, 1 h 30 min'}
    </span>
  </div>
)
