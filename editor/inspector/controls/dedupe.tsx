import { isJsonObject } from '../../../nodes/contract/json.ts'
import { nameSource } from '../../../nodes/contract/scheme.ts'
import { providers } from '../../../nodes/providers/index.ts'
import { Input, Select } from '../../parts/input.tsx'
import { type ControlProps, messagesAt } from '../control.ts'
import { inWords } from '../durations.ts'
import { Code } from '../expression/code.tsx'
import { useShapes } from '../expression/use-shapes.ts'
import { Messages, Part, labelIdOf } from '../field-frame.tsx'
import { useOpenNode } from '../open-node.ts'
import { DurationInput } from './seconds.tsx'

const daySeconds = 86_400
type Kind = 'preset' | 'header' | 'expression' | 'body' | 'none'

const kindOf = (key: string): Kind =>
  key.startsWith('header:')
    ? 'header'
    : key.startsWith('$:')
      ? 'expression'
      : key === 'body' || key === 'none'
        ? key
        : 'preset'

const startOf: Readonly<Record<Kind, string>> = {
  preset: 'preset',
  header: 'header:',
  expression: '$: ',
  body: 'body',
  none: 'none',
}

/** What makes two deliveries one, and for how long. */
export function Dedupe({ id, value, onChange, issues }: ControlProps) {
  const node = useOpenNode()
  const shapes = useShapes()
  const settings = isJsonObject(value) ? value : {}
  const key = typeof settings['key'] === 'string' ? settings['key'] : 'preset'
  const window: unknown = settings['windowSeconds']
  const kind = kindOf(key)
  const set = (change: Readonly<Record<string, unknown>>) => {
    const next = Object.fromEntries(
      Object.entries({ ...settings, ...change }).filter(
        ([name, each]) => each !== undefined && !(name === 'key' && each === 'preset'),
      ),
    )
    onChange(Object.keys(next).length === 0 ? undefined : next)
  }
  return (
    <div className="flex flex-col gap-3">
      <Select
        id={id}
        value={kind}
        onChoose={(next) => {
          const chosen = options.find(({ value }) => value === next)
          if (chosen !== undefined) set({ key: startOf[chosen.value] })
        }}
        options={options}
        aria-invalid={issues.length > 0}
      />
      {kind === 'preset' && <p className="text-xs text-text-2">{presetWords(node.config['verification'])}</p>}
      {kind === 'body' && (
        <p className="text-xs text-wait">
          Two orders that are alike in every byte are taken for one. Choose an id where there is one.
        </p>
      )}
      {kind === 'header' && (
        <Part id={`${id}-header`} label="Header" messages={messagesAt(issues, 'key')}>
          <Input
            id={`${id}-header`}
            value={key.slice('header:'.length).trim()}
            onChange={({ target }) => set({ key: `header:${target.value.trim()}` })}
            placeholder="X-Request-Id"
            spellCheck={false}
            className="font-mono"
          />
        </Part>
      )}
      {kind === 'expression' && (
        <Part
          id={`${id}-key`}
          label="Expression whose value names the delivery"
          messages={messagesAt(issues, 'key')}
        >
          <Code
            id={`${id}-key`}
            language="jsonata"
            lines="one"
            labelledBy={labelIdOf(`${id}-key`)}
            value={key.slice(2).trimStart()}
            onChange={(text) => set({ key: `$: ${text}` })}
            placeholder="body.id"
            shapes={shapes}
            messages={messagesAt(issues, 'key')}
          />
        </Part>
      )}
      {kind !== 'header' && kind !== 'expression' && <Messages messages={messagesAt(issues, 'key')} />}
      {kind !== 'none' && (
        <Part id={`${id}-window`} label="Within" messages={messagesAt(issues, 'windowSeconds')}>
          <DurationInput
            id={`${id}-window`}
            value={window}
            onChange={(windowSeconds) => set({ windowSeconds })}
            placeholder={inWords(daySeconds)}
            className="max-w-36"
          />
        </Part>
      )}
    </div>
  )
}

const options: readonly { readonly value: Kind; readonly label: string }[] = [
  { value: 'preset', label: 'The sender’s own delivery id' },
  { value: 'header', label: 'A header' },
  { value: 'expression', label: 'An expression' },
  { value: 'body', label: 'The whole body' },
  { value: 'none', label: 'Nothing: every delivery runs' },
]

function presetWords(verification: unknown): string {
  const scheme = isJsonObject(verification) ? verification['scheme'] : undefined
  const provider = typeof scheme === 'string' ? providers.get(scheme) : undefined
  const [first] = provider?.delivery ?? []
  return provider === undefined || first === undefined
    ? 'This sender names its deliveries nowhere: every one runs. Choose a header or an expression if it does.'
    : `${provider.title} names each delivery in ${nameSource(first)}.`
}
