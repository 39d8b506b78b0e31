import { ChevronRight } from 'lucide-react'
import { isJsonObject } from '../../../nodes/contract/json.ts'
import { retryDefault } from '../../../nodes/contract/retry.ts'
import { Input, Select } from '../../parts/input.tsx'
import { type ControlProps, messagesAt } from '../control.ts'
import { inWords, stepNice } from '../durations.ts'
import { Part, describedBy } from '../field-frame.tsx'
import { useDraft } from './draft.ts'
import { readNumber } from './number.tsx'
import { RetryLine } from './retry-line.tsx'
import { inSentence, policyOf, presets, scheduleOf, waitsOf } from './retry-times.ts'
import { DurationInput } from './seconds.tsx'

/** How often, after which waits, and after which answers an attempt is made again. */
export function Retry({ id, value, onChange, issues }: ControlProps) {
  const saved = isJsonObject(value) ? value : {}
  const policy = policyOf(value)
  const waits = waitsOf(policy)
  const set = (change: Readonly<Record<string, unknown>>) => {
    const next = Object.fromEntries(
      Object.entries({ ...saved, ...change }).filter(([, each]) => each !== undefined),
    )
    onChange(Object.keys(next).length === 0 ? undefined : next)
  }
  const setWait = (at: number, seconds: unknown) =>
    set({
      attempts: policy.attempts,
      schedule: scheduleOf(waits).map((wait, other) => (other === at + 1 ? (seconds ?? 0) : wait)),
    })
  const preset = presets.find(
    ({ attempts, schedule }) => attempts === policy.attempts && isSame(schedule, scheduleOf(waits)),
  )
  const [attempts, setAttempts] = useDraft<unknown>(saved['attempts'], (next) => set({ attempts: next }), {
    read: readNumber,
    write: String,
  })
  const [statuses, setStatuses] = useDraft<unknown>(saved['statuses'], (next) => set({ statuses: next }), {
    read: (text) => (text === '' ? undefined : text),
    write: String,
  })
  return (
    <div className="flex flex-col gap-3 rounded-lg border p-3">
      <div className="grid grid-cols-2 gap-2">
        <Part id={id} label="Tried again for">
          <Select
            id={id}
            value={preset?.name ?? ''}
            options={[
              ...(preset === undefined ? [{ value: '', label: 'As set below' }] : []),
              ...presets.map(({ name }) => ({ value: name, label: name })),
            ]}
            onChoose={(name) => {
              const chosen = presets.find((each) => each.name === name)
              if (chosen !== undefined) set({ attempts: chosen.attempts, schedule: chosen.schedule })
            }}
            aria-describedby={describedBy(id)}
          />
        </Part>
        <Part id={`${id}-attempts`} label="Attempts" messages={messagesAt(issues, 'attempts')}>
          <Input
            id={`${id}-attempts`}
            inputMode="numeric"
            autoComplete="off"
            value={attempts}
            onChange={({ target }) => setAttempts(target.value)}
            placeholder={String(retryDefault.attempts)}
            aria-invalid={messagesAt(issues, 'attempts').length > 0}
            className="tabular-nums"
          />
        </Part>
      </div>
      <div>
        <p className="text-xs text-text-2" aria-live="polite">
          {inSentence(policy)}
          {policy.attempts > 1 &&
            ' Each wait is varied by a fifth, and an answer’s Retry-After can make it longer.'}
        </p>
        {policy.attempts > 1 && <RetryLine waits={waits} onWait={setWait} />}
      </div>
      {policy.attempts > 1 && (
        <details className="group">
          <summary className="flex list-none items-center gap-1 rounded-sm text-xs text-text-2 hover:text-text-1">
            <ChevronRight
              className="size-3.5 transition-transform duration-150 group-open:rotate-90"
              aria-hidden
            />
            Each wait
          </summary>
          <ol className="mt-2 grid grid-cols-[repeat(auto-fill,minmax(108px,1fr))] gap-x-3 gap-y-1.5">
            {waits.map((wait, at) => (
              // oxlint-disable-next-line no-array-index-key -- an attempt is its number
              <li key={at} className="flex items-center gap-1.5">
                <span className="w-5 shrink-0 text-right text-xs text-text-3 tabular-nums">{at + 2}.</span>
                <DurationInput
                  id={`${id}-wait-${at}`}
                  label={`Wait before attempt ${at + 2}, now ${inWords(wait)}`}
                  value={wait}
                  strict
                  onChange={(seconds) => setWait(at, seconds)}
                  onStep={(by) => setWait(at, stepNice(wait, by))}
                  invalid={messagesAt(issues, `schedule.${at + 1}`).length > 0}
                />
              </li>
            ))}
          </ol>
        </details>
      )}
      <Part
        id={`${id}-statuses`}
        label="Answers that are tried again"
        help="No answer at all is always tried again."
        messages={messagesAt(issues, 'statuses')}
      >
        <Input
          id={`${id}-statuses`}
          autoComplete="off"
          value={statuses}
          onChange={({ target }) => setStatuses(target.value)}
          placeholder={retryDefault.statuses}
          aria-describedby={describedBy(`${id}-statuses`)}
          aria-invalid={messagesAt(issues, 'statuses').length > 0}
          className="font-mono"
        />
      </Part>
    </div>
  )
}

const isSame = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((each, at) => each === other[at])
