import { schemesOf } from '../../../nodes/providers/index.ts'
import { Input, Select } from '../../parts/input.tsx'
import { messagesAt } from '../control.ts'
import { inWords } from '../durations.ts'
import { Part } from '../field-frame.tsx'
import { DurationInput } from './seconds.tsx'
import type { SettingProps } from './verification-setting.tsx'

/** How old a request may be; and where its time stands, which presets know. */
export function TimestampSettings({ id, provider, settings, onChange, issues }: Omit<SettingProps, 'name'>) {
  const { from, unit, toleranceSeconds } = settings.timestamp ?? {}
  const set = (change: Readonly<Record<string, unknown>>) => {
    const next = Object.fromEntries(
      Object.entries({ ...settings.timestamp, ...change }).filter(([, each]) => each !== undefined),
    )
    onChange({ timestamp: Object.keys(next).length === 0 ? undefined : next })
  }
  const isJwt = provider.id === 'jwt'
  const tolerance = (
    <Part
      id={`${id}-tolerance`}
      label={isJwt ? 'Clocks may differ by' : 'A request may be this old'}
      messages={messagesAt(issues, 'timestamp.toleranceSeconds')}
    >
      <DurationInput
        id={`${id}-tolerance`}
        value={toleranceSeconds}
        onChange={(value) => set({ toleranceSeconds: value })}
        placeholder={usualTolerance(provider, settings)}
        className="max-w-36"
      />
    </Part>
  )
  if (provider.id !== 'hmac') return tolerance
  const own = issues.filter(({ path }) => path === 'timestamp').map(({ message }) => message)
  return (
    <div className="grid grid-cols-[repeat(auto-fill,minmax(150px,1fr))] items-start gap-3">
      <Part
        id={id}
        label="Where the timestamp is"
        messages={[...own, ...messagesAt(issues, 'timestamp.from')]}
      >
        <Input
          id={id}
          value={from ?? ''}
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => set({ from: target.value === '' ? undefined : target.value })}
          placeholder="header:X-Timestamp"
          className="font-mono"
        />
      </Part>
      <Part id={`${id}-unit`} label="Written in" messages={messagesAt(issues, 'timestamp.unit')}>
        <Select
          id={`${id}-unit`}
          value={unit ?? 'seconds'}
          options={[
            { value: 'seconds', label: 'Seconds' },
            { value: 'milliseconds', label: 'Milliseconds' },
            { value: 'rfc3339', label: 'ISO 8601' },
          ]}
          onChoose={(value) => set({ unit: value === 'seconds' ? undefined : value })}
        />
      </Part>
      {tolerance}
    </div>
  )
}

/** What holds while the workflow says nothing, in words. */
function usualTolerance(
  { id }: SettingProps['provider'],
  { scheme, variant }: SettingProps['settings'],
): string {
  if (id === 'hmac') return '5 min'
  const [first] = schemesOf({ scheme, variant })
  if (first?.kind === 'jwt') return inWords(first.toleranceSeconds)
  const usual = first?.kind === 'signature' ? first.timestamp?.toleranceSeconds : undefined
  return usual === undefined ? 'Any age' : inWords(usual)
}
