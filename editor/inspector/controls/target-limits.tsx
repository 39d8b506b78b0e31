import { isJsonObject } from '../../../nodes/contract/json.ts'
import { perSecondsDefault } from '../../../nodes/contract/target-limits.ts'
import { type ControlProps, messagesAt } from '../control.ts'
import { inWords } from '../durations.ts'
import { Part } from '../field-frame.tsx'
import { Amount } from './limits.tsx'
import { DurationInput } from './seconds.tsx'

/** What the target takes at most: so many in a time, so many at once. */
export function TargetLimitsInput({ id, value, onChange, issues }: ControlProps) {
  const settings = isJsonObject(value) ? value : {}
  const set = (name: string, next: unknown) => {
    const given = Object.entries({ ...settings, [name]: next }).filter(([, each]) => each !== undefined)
    onChange(given.length === 0 ? undefined : Object.fromEntries(given))
  }
  const amount = (name: string, at: string, label: string) => {
    const messages = messagesAt(issues, name)
    return (
      <Part id={at} label={label} messages={messages}>
        <Amount
          id={at}
          value={settings[name]}
          placeholder="No limit"
          isWrong={messages.length > 0}
          onChange={(next) => set(name, next)}
        />
      </Part>
    )
  }
  const within = messagesAt(issues, 'perSeconds')
  return (
    <div className="grid grid-cols-[repeat(auto-fill,minmax(110px,1fr))] items-start gap-3">
      {amount('requests', id, 'Requests')}
      <Part id={`${id}-perSeconds`} label="In each" messages={within}>
        <DurationInput
          id={`${id}-perSeconds`}
          value={settings['perSeconds']}
          onChange={(next) => set('perSeconds', next)}
          placeholder={inWords(perSecondsDefault)}
          invalid={within.length > 0}
        />
      </Part>
      {amount('concurrent', `${id}-concurrent`, 'At once')}
    </div>
  )
}
