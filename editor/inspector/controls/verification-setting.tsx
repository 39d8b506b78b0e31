import type { ReactNode } from 'react'
import { isSecretReference } from '../../../nodes/contract/field.ts'
import type { Provider } from '../../../nodes/contract/provider.ts'
import { type SettingName, type VerificationSettings, jwtAlgorithms } from '../../../nodes/contract/scheme.ts'
import { algorithmNames } from '../../../nodes/providers/generic.ts'
import { Input, Select } from '../../parts/input.tsx'
import { type Issue, messagesAt } from '../control.ts'
import { Part, describedBy } from '../field-frame.tsx'
import { SecretPicker } from './secret.tsx'
import { SignatureParts } from './verification-parts.tsx'
import { TimestampSettings } from './verification-timestamp.tsx'

export interface SettingProps {
  readonly name: SettingName
  /** Of the whole verification. */
  readonly id: string
  readonly provider: Provider
  readonly settings: VerificationSettings
  readonly onChange: (change: Partial<VerificationSettings>) => void
  readonly issues: readonly Issue[]
}

type Draw = (props: SettingProps) => ReactNode

interface Words {
  readonly label: string
  readonly help?: string
  readonly placeholder: string | ((provider: Provider) => string)
}

const written =
  ({ label, help, placeholder }: Words): Draw =>
  ({ name, id: base, provider, settings, onChange, issues }) => {
    const id = `${base}-${name}`
    const messages = messagesAt(issues, name)
    const saved = settings[name]
    return (
      <Part id={id} label={label} help={help} messages={messages}>
        <Input
          id={id}
          autoComplete="off"
          spellCheck={false}
          value={typeof saved === 'string' ? saved : ''}
          onChange={({ target }) => onChange({ [name]: target.value === '' ? undefined : target.value })}
          placeholder={typeof placeholder === 'string' ? placeholder : placeholder(provider)}
          aria-describedby={describedBy(id)}
          aria-invalid={messages.length > 0}
          className="font-mono"
        />
      </Part>
    )
  }

interface Option {
  readonly value: string
  readonly label: string
}

/** The first option stands for what holds when nothing is said. */
const chosen =
  (label: string, optionsFor: (props: SettingProps) => readonly Option[]): Draw =>
  (props) => {
    const { name, id: base, settings, onChange, issues } = props
    const id = `${base}-${name}`
    const messages = messagesAt(issues, name)
    const saved = settings[name]
    return (
      <Part id={id} label={label} messages={messages}>
        <Select
          id={id}
          value={typeof saved === 'string' ? saved : ''}
          options={optionsFor(props)}
          onChoose={(value) => onChange({ [name]: value === '' ? undefined : value })}
          aria-invalid={messages.length > 0}
        />
      </Part>
    )
  }

const same = (value: string): Option => ({ value, label: value })

const usualHeaders: Readonly<Record<string, string>> = { hmac: 'X-Signature', 'api-key': 'X-Api-Key' }

/** Every setting of the language: one that is added there does not compile until it is drawn here. */
export const settingControls = {
  username: written({ label: 'User name', placeholder: 'hookloom' }),
  header: written({ label: 'Header', placeholder: ({ id }) => usualHeaders[id] ?? 'Authorization' }),
  query: written({ label: 'Query parameter', placeholder: 'signature' }),
  prefix: written({ label: 'Prefix', placeholder: ({ id }) => (id === 'hmac' ? 'sha256=' : 'Token') }),
  id: written({ label: 'Where {id} is', placeholder: 'header:X-Id' }),
  issuer: written({ label: 'Issuer', placeholder: 'https://issuer.example.com' }),
  audience: written({ label: 'Audience', placeholder: 'hookloom' }),
  keysUrl: written({
    label: 'Where its keys are (JWKS)',
    placeholder: 'https://issuer.example.com/jwks.json',
  }),
  topic: written({ label: 'Topic', placeholder: 'https://example.com/feed' }),
  signed: written({
    label: 'What is signed',
    help: '{body}, {timestamp}, {id}, {url}, {method}, {path} or {header:NAME}; all else as it stands.',
    placeholder: '{body}',
  }),
  variant: chosen('Which of its signatures', ({ provider: { schemes } }) => [
    { value: '', label: 'As the sender signs' },
    ...(typeof schemes === 'function' ? [] : schemes.flatMap(({ variant }) => variant ?? [])).map(
      (value) => ({ value, label: `Only ${value}` }),
    ),
  ]),
  algorithm: chosen('Algorithm', ({ provider: { id }, settings: { algorithm } }) =>
    id === 'jwt'
      ? [{ value: '', label: 'What the key says' }, ...jwtAlgorithms.map(same)]
      : [
          { value: '', label: 'hmac-sha256' },
          // `sha256` is another name of `hmac-sha256`.
          ...algorithmNames
            .filter((name) => name === algorithm || (name !== 'hmac-sha256' && !name.startsWith('sha')))
            .map(same),
        ],
  ),
  encoding: chosen('Written as', () => [{ value: '', label: 'hex' }, same('base64'), same('base64url')]),
  key: chosen('The secret is', () => [
    { value: '', label: 'Text, or a public key' },
    { value: 'text', label: 'Text' },
    { value: 'hex', label: 'Hex' },
    { value: 'base64', label: 'Base64' },
    { value: 'whsec', label: 'whsec_ and Base64' },
    { value: 'public', label: 'A public key' },
  ]),
  verifyToken: ({ id: base, settings, onChange, issues }) => (
    <Part
      id={`${base}-verifyToken`}
      label="Verify token"
      help="Made up by you, and entered at the sender too."
      messages={messagesAt(issues, 'verifyToken')}
    >
      <SecretPicker
        id={`${base}-verifyToken`}
        label="Verify token"
        value={settings.verifyToken}
        onChange={(value) =>
          onChange({
            verifyToken: typeof value === 'string' || isSecretReference(value) ? value : undefined,
          })
        }
        issues={[]}
      />
    </Part>
  ),
  algorithms: ({ id: base, settings: { algorithms = [] }, onChange, issues }) => (
    <Part
      id={`${base}-algorithms`}
      label="Algorithms that are taken"
      help="None: the one that the key is for."
      messages={messagesAt(issues, 'algorithms')}
    >
      <div className="grid grid-cols-4 gap-x-3 gap-y-1">
        {jwtAlgorithms.map((name, at) => (
          <label key={name} className="flex min-h-6 items-center gap-1.5 font-mono text-xs text-text-1">
            <input
              {...(at === 0 && { id: `${base}-algorithms` })}
              type="checkbox"
              checked={algorithms.includes(name)}
              onChange={() => {
                const next = jwtAlgorithms.filter((each) => algorithms.includes(each) !== (each === name))
                onChange({ algorithms: next.length === 0 ? undefined : next })
              }}
              className="size-3.5 accent-accent"
            />
            {name}
          </label>
        ))}
      </div>
    </Part>
  ),
  parts: ({ id: base, settings, onChange, issues }) => (
    <SignatureParts
      id={`${base}-parts`}
      parts={settings.parts}
      onChange={(parts) => onChange({ parts })}
      issues={issues}
    />
  ),
  timestamp: (props) => <TimestampSettings {...props} id={`${props.id}-timestamp`} />,
} as const satisfies Record<SettingName, Draw>
