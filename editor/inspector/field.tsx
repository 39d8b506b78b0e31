import { type ReactNode, useRef, useState } from 'react'
import { type ControlName, type Field, isExpression } from '../../nodes/contract/field.ts'
import type { ControlProps } from './control.ts'
import { Addresses } from './controls/addresses.tsx'
import { Answer } from './controls/answer.tsx'
import { Body } from './controls/body.tsx'
import { Cases } from './controls/cases.tsx'
import { Dedupe } from './controls/dedupe.tsx'
import { Headers } from './controls/headers.tsx'
import { HookPath } from './controls/hook-path.tsx'
import { Limits } from './controls/limits.tsx'
import { Methods } from './controls/methods.tsx'
import { Naming } from './controls/naming.tsx'
import { NumberInput } from './controls/number.tsx'
import { Origins } from './controls/origins.tsx'
import { Expression, Jsonata, Script } from './controls/program.tsx'
import { Retry } from './controls/retry.tsx'
import { Rules } from './controls/rules.tsx'
import { SecondsInput } from './controls/seconds.tsx'
import { SecretPicker } from './controls/secret.tsx'
import { SelectInput } from './controls/select.tsx'
import { Signing } from './controls/signing.tsx'
import { TargetLimitsInput } from './controls/target-limits.tsx'
import { TextInput } from './controls/text.tsx'
import { TimeInput } from './controls/time.tsx'
import { Toggle } from './controls/toggle.tsx'
import { Verification } from './controls/verification.tsx'
import { FieldFrame } from './field-frame.tsx'
import { ModeToggle } from './mode-toggle.tsx'
import { type Mode, inMode, modeOf, modesOf } from './modes.ts'
import { useOpenNode } from './open-node.ts'
import { withoutLabel } from './problems.ts'

/** One setting of the open node, in whichever of its ways it is given. */
export function FieldRow({ name }: { readonly name: string }) {
  const node = useOpenNode()
  const field: Field = node.type.fields[name]
  const value = node.config[name]
  const id = `setting-${name}`
  const issues = node.problems
    .filter((problem) => problem.name === name)
    .map(({ path, message }) => ({ path, message: withoutLabel(message, field.label) }))

  // A secret that is not chosen yet is nothing that could be saved.
  const [wanted, setWanted] = useState<Mode>()
  const earlier = useRef(new Map<Mode, unknown>())
  const saved = modeOf(field, value)
  const mode = wanted ?? saved
  const modes = modesOf(field)
  const setMode = (next: Mode) => {
    earlier.current.set(saved, value)
    setWanted(next === 'secret' ? next : undefined)
    if (next !== 'secret')
      node.change(name, earlier.current.has(next) ? earlier.current.get(next) : inMode(field, value, next))
  }
  const onChange: ControlProps['onChange'] = (next, before) => {
    setWanted(undefined)
    node.change(name, next, before)
  }

  const props: ControlProps = { field, id, value, onChange, issues }
  return (
    <FieldFrame
      id={id}
      label={field.label}
      help={field.help}
      helpFirst={long.has(field.control)}
      messages={issues.filter(({ path }) => !showsItself(field, mode, path)).map(({ message }) => message)}
      isMissing={value === undefined}
      aside={
        modes.length > 1 && (
          <ModeToggle name={`${id}-mode`} label={field.label} modes={modes} mode={mode} onMode={setMode} />
        )
      }
    >
      {mode === 'expression' ? (
        <Expression {...props} value={isExpression(value) ? value.$ : ''} onChange={($) => onChange({ $ })} />
      ) : mode === 'secret' ? (
        <SecretPicker {...props} label={field.label} onlyStored />
      ) : (
        controls[field.control](props)
      )}
    </FieldFrame>
  )
}

const partwise: ReadonlySet<string> = new Set([
  'addresses',
  'answer',
  'cases',
  'dedupe',
  'headers',
  'limits',
  'naming',
  'origins',
  'retry',
  'rules',
  'targetLimits',
  'verification',
])

/** Where the control is long, its help comes before it. */
const long: ReadonlySet<string> = new Set([
  'answer',
  'cases',
  'dedupe',
  'limits',
  'retry',
  'rules',
  'targetLimits',
  'verification',
])

/** These say what is wrong at the row or part that it is about. */
const showsItself = ({ control }: Field, mode: Mode, path: string): boolean =>
  mode === 'fixed' && path !== '' && partwise.has(control)

/** Every control of the contract: one that is added there does not compile until it is drawn here. */
const controls = {
  text: (props) => (
    <TextInput {...props} lines={props.field.control === 'text' ? props.field.lines : 'one'} />
  ),
  url: (props) => <TextInput {...props} lines="one" placeholder="https://" />,
  headers: (props) => <Headers {...props} />,
  body: (props) => <Body {...props} />,
  number: (props) => <NumberInput {...props} />,
  seconds: (props) => <SecondsInput {...props} />,
  time: (props) => <TimeInput {...props} />,
  toggle: (props) => <Toggle {...props} />,
  select: (props) => (
    <SelectInput {...props} options={props.field.control === 'select' ? props.field.options : []} />
  ),
  retry: (props) => <Retry {...props} />,
  targetLimits: (props) => <TargetLimitsInput {...props} />,
  secret: (props) => <SecretPicker {...props} label={props.field.label} />,
  jsonata: (props) => <Jsonata {...props} />,
  script: (props) => <Script {...props} />,
  rules: (props) => <Rules {...props} />,
  cases: (props) => <Cases {...props} />,
  signing: (props) => <Signing {...props} />,
  verification: (props) => <Verification {...props} />,
  methods: (props) => <Methods {...props} />,
  addresses: (props) => <Addresses {...props} />,
  dedupe: (props) => <Dedupe {...props} />,
  answer: (props) => <Answer {...props} />,
  limits: (props) => <Limits {...props} />,
  path: (props) => <HookPath {...props} />,
  origins: (props) => <Origins {...props} />,
  naming: (props) => <Naming {...props} />,
  items: (props) => <SelectInput {...props} options={['whole', 'each']} />,
} as const satisfies Record<ControlName, (props: ControlProps) => ReactNode>
