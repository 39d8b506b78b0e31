import { CalendarClock } from 'lucide-react'
import { useRef } from 'react'
import { IconButton } from '../../parts/button.tsx'
import { Ago } from '../../parts/ago.tsx'
import { exactTime } from '../../parts/words.ts'
import { isTemplate } from '../../../nodes/contract/field.ts'
import type { ControlProps } from '../control.ts'
import { TextInput } from './text.tsx'

/** A moment: ISO 8601 text, with `{{ JSONata }}` where it varies, or picked from a calendar. */
export function TimeInput(props: ControlProps) {
  const { id, value, onChange } = props
  const calendar = useRef<HTMLInputElement>(null)
  const moment =
    typeof value === 'number' || (typeof value === 'string' && !isTemplate(value))
      ? new Date(value)
      : undefined
  const isMoment = moment !== undefined && !Number.isNaN(moment.getTime())
  return (
    <>
      <div className="flex items-start gap-1">
        <div className="min-w-0 grow">
          <TextInput
            {...props}
            value={typeof value === 'number' ? new Date(value).toISOString() : value}
            lines="one"
            placeholder="2027-01-31T09:00:00Z"
          />
        </div>
        <span className="relative">
          <IconButton label="Pick a moment" onClick={() => calendar.current?.showPicker()}>
            <CalendarClock />
          </IconButton>
          <input
            ref={calendar}
            id={`${id}-calendar`}
            type="datetime-local"
            tabIndex={-1}
            aria-hidden
            className="pointer-events-none absolute inset-x-0 bottom-0 h-0 opacity-0"
            onChange={({ target }) => {
              const picked = new Date(target.value)
              if (!Number.isNaN(picked.getTime())) onChange(picked.toISOString().replace('.000Z', 'Z'))
            }}
          />
        </span>
      </div>
      {isMoment && (
        <p className="text-xs text-text-2">
          {exactTime(moment.toISOString())} here, <Ago at={moment.toISOString()} />
        </p>
      )}
    </>
  )
}
