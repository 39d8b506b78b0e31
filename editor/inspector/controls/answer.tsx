import { isJsonObject } from '../../../nodes/contract/json.ts'
import { answerSecondsDefault } from '../../../nodes/contract/webhook-answer.ts'
import { Choice } from '../choice.tsx'
import { type ControlProps, issuesAt, messagesAt } from '../control.ts'
import { inWords } from '../durations.ts'
import { Part, describedBy } from '../field-frame.tsx'
import { Input } from '../../parts/input.tsx'
import { Body } from './body.tsx'
import { useDraft } from './draft.ts'
import { Headers } from './headers.tsx'
import { readNumber } from './number.tsx'
import { DurationInput } from './seconds.tsx'

/** What the caller gets: this at once, or what a Respond node says later. */
export function Answer(props: ControlProps) {
  const { id, value, onChange } = props
  const isLater = value === 'workflow' || (isJsonObject(value) && 'from' in value)
  return (
    <div className="flex flex-col gap-3">
      <Choice
        name={`${id}-kind`}
        label="When the caller is answered"
        value={isLater ? 'workflow' : 'once'}
        options={[
          { value: 'once', label: 'At once' },
          { value: 'workflow', label: 'By a Respond node' },
        ]}
        onChoose={(next) => onChange(next === 'workflow' ? 'workflow' : undefined)}
        className="self-start"
      />
      {isLater ? <Waiting {...props} /> : <Told {...props} />}
    </div>
  )
}

/** After this the caller gets 504 with the run's id, and the run goes on. */
function Waiting({ id, value, onChange, issues }: ControlProps) {
  const seconds: unknown = isJsonObject(value) ? value['timeoutSeconds'] : undefined
  return (
    <>
      <p className="text-xs text-text-2">
        The caller waits until a Respond node is reached. Most senders give up after 5 to 30 seconds.
      </p>
      <Part id={`${id}-timeout`} label="At most" messages={messagesAt(issues, 'timeoutSeconds')}>
        <DurationInput
          id={`${id}-timeout`}
          value={seconds}
          onChange={(next) =>
            onChange(next === undefined ? 'workflow' : { from: 'workflow', timeoutSeconds: next })
          }
          placeholder={inWords(answerSecondsDefault)}
          className="max-w-36"
        />
      </Part>
    </>
  )
}

function Told({ field, id, value, onChange, issues }: ControlProps) {
  const settings = isJsonObject(value) ? value : {}
  const set = (name: string, next: unknown) => {
    const changed = Object.fromEntries(
      Object.entries({ ...settings, [name]: next }).filter(([, each]) => each !== undefined),
    )
    onChange(Object.keys(changed).length === 0 ? undefined : changed)
  }
  const [status, setStatus] = useDraft<unknown>(settings['status'], (next) => set('status', next), {
    read: readNumber,
    write: String,
  })
  return (
    <>
      <Part id={id} label="Status" messages={messagesAt(issues, 'status')}>
        <Input
          id={id}
          inputMode="numeric"
          value={status}
          onChange={({ target }) => setStatus(target.value)}
          placeholder="200"
          aria-describedby={describedBy(id)}
          aria-invalid={messagesAt(issues, 'status').length > 0}
          className="max-w-24 tabular-nums"
        />
      </Part>
      <Part id={`${id}-headers`} label="Headers">
        <Headers
          plain
          field={field}
          id={`${id}-headers`}
          value={settings['headers']}
          onChange={(next) => set('headers', next)}
          issues={issuesAt(issues, 'headers')}
        />
      </Part>
      <Part id={`${id}-body`} label="Body" messages={messagesAt(issues, 'body')}>
        <Body
          plain
          left="The event’s id"
          field={field}
          id={`${id}-body`}
          value={settings['body']}
          onChange={(next) => set('body', next)}
          issues={issuesAt(issues, 'body')}
        />
      </Part>
    </>
  )
}
