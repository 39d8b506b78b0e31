import { isJsonObject } from '../../../nodes/contract/json.ts'
import { queuedDefault } from '../../../nodes/contract/limits.ts'
import { Input } from '../../parts/input.tsx'
import { count } from '../../parts/words.ts'
import { type ControlProps, messagesAt } from '../control.ts'
import { Part, describedBy } from '../field-frame.tsx'
import { readBytes, sizeInWords } from '../sizes.ts'
import { useDraft } from './draft.ts'
import { readNumber } from './number.tsx'

interface Limit {
  readonly name: string
  readonly label: string
  readonly placeholder: string
}

const noLimit = 'No limit'

/** A rate and what may come at once stand beside each other. */
const limits: readonly Limit[] = [
  { name: 'perSecond', label: 'Requests a second', placeholder: noLimit },
  { name: 'burst', label: 'Requests at once', placeholder: 'One second’s' },
  { name: 'addressPerSecond', label: 'A second, per address', placeholder: noLimit },
  { name: 'addressBurst', label: 'At once, per address', placeholder: 'One second’s' },
  { name: 'concurrent', label: 'In hand at once', placeholder: noLimit },
  { name: 'queued', label: 'Runs that wait', placeholder: count(queuedDefault) },
]

/** What the hook takes at most. */
export function Limits({ id, value, onChange, issues }: ControlProps) {
  const settings = isJsonObject(value) ? value : {}
  const set = (name: string, next: unknown) => {
    const given = Object.entries({ ...settings, [name]: next }).filter(([, each]) => each !== undefined)
    onChange(given.length === 0 ? undefined : Object.fromEntries(given))
  }
  return (
    <div className="grid grid-cols-[repeat(auto-fill,minmax(150px,1fr))] items-start gap-3">
      <div className="col-span-full">
        <Part id={id} label="Largest body" messages={messagesAt(issues, 'bodyBytes')}>
          <Size id={id} value={settings['bodyBytes']} onChange={(next) => set('bodyBytes', next)} />
        </Part>
      </div>
      {limits.map(({ name, label, placeholder }) => {
        const messages = messagesAt(issues, name)
        return (
          <Part key={name} id={`${id}-${name}`} label={label} messages={messages}>
            <Amount
              id={`${id}-${name}`}
              value={settings[name]}
              placeholder={placeholder}
              isWrong={messages.length > 0}
              onChange={(next) => set(name, next)}
            />
          </Part>
        )
      })}
    </div>
  )
}

interface InputProps {
  readonly id: string
  readonly value: unknown
  readonly onChange: (value: unknown) => void
}

function Size({ id, value, onChange }: InputProps) {
  const [text, setText] = useDraft<unknown>(value, onChange, {
    read: (written) => (written.trim() === '' ? undefined : (readBytes(written) ?? written.trim())),
    write: (bytes) => (typeof bytes === 'number' ? sizeInWords(bytes) : String(bytes)),
  })
  return (
    <div className="flex items-center gap-2">
      <Input
        id={id}
        value={text}
        autoComplete="off"
        onChange={({ target }) => setText(target.value)}
        placeholder="As the sender needs"
        aria-describedby={describedBy(id)}
        className="max-w-44 tabular-nums"
      />
      <span className="text-xs text-text-2 tabular-nums">
        {typeof value === 'number' ? `${count(value)} bytes` : 'such as 512 KB, 5 MB'}
      </span>
    </div>
  )
}

interface AmountProps extends InputProps {
  readonly placeholder: string
  readonly isWrong: boolean
}

/** A number, or nothing. */
export function Amount({ id, value, onChange, placeholder, isWrong }: AmountProps) {
  const [text, setText] = useDraft<unknown>(value, onChange, { read: readNumber, write: String })
  return (
    <Input
      id={id}
      inputMode="decimal"
      value={text}
      autoComplete="off"
      onChange={({ target }) => setText(target.value)}
      placeholder={placeholder}
      aria-describedby={describedBy(id)}
      aria-invalid={isWrong}
      className="tabular-nums"
    />
  )
}
