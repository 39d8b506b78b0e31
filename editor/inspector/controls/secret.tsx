import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { isSecretReference } from '../../../nodes/contract/field.ts'
import { client } from '../../api/client.ts'
import { Button } from '../../parts/button.tsx'
import { Input, Select } from '../../parts/input.tsx'
import { Trouble } from '../../parts/states.tsx'
import { PutSecret } from '../../settings/put-secret.tsx'
import { describedBy } from '../field-frame.tsx'
import type { Issue } from '../control.ts'

interface SecretPickerProps {
  readonly id: string
  /** What the secret is for. */
  readonly label: string
  readonly value: unknown
  readonly onChange: (value: unknown) => void
  readonly issues: readonly Issue[]
  /** Only a stored one can stand here, not a text. */
  readonly onlyStored?: boolean
  /** Where there is no room for a button, a new one is made from the list. */
  readonly compact?: boolean
}

const typed = ' typed'
const fresh = ' new'

/** A stored secret by its name, or a text that is moved into the store when the draft is saved. */
export function SecretPicker({
  id,
  label,
  value,
  onChange,
  issues,
  onlyStored = false,
  compact = false,
}: SecretPickerProps) {
  const [isMaking, setMaking] = useState(false)
  const [isTyping, setTyping] = useState(false)
  const secrets = useQuery({ queryKey: ['secrets'], queryFn: client.secrets })
  const name = isSecretReference(value) ? value.$secret : undefined
  const isText = !onlyStored && name === undefined && (isTyping || typeof value === 'string')
  const known = secrets.data?.items.map(({ name }) => name) ?? []
  const isLost = name !== undefined && secrets.data !== undefined && !known.includes(name)
  const names = name === undefined || known.includes(name) ? known : [name, ...known]
  const choose = (next: string) => {
    if (next === fresh) return setMaking(true)
    setTyping(next === typed)
    onChange(next === '' || next === typed ? undefined : { $secret: next })
  }
  return (
    <>
      <div className="flex gap-1.5">
        <Select
          id={id}
          value={name ?? (isText ? typed : '')}
          onChoose={choose}
          options={[
            { value: '', label: 'Choose a secret…' },
            ...names.map((each) => ({ value: each, label: each })),
            ...(onlyStored ? [] : [{ value: typed, label: 'Paste the text here…' }]),
            ...(compact ? [{ value: fresh, label: 'New secret…' }] : []),
          ]}
          aria-label={label}
          aria-describedby={describedBy(id)}
          aria-invalid={issues.length > 0 && value !== undefined}
          className="min-w-0 grow"
        />
        {!compact && (
          <Button icon={<Plus className="size-4" />} onClick={() => setMaking(true)}>
            New secret
          </Button>
        )}
      </div>
      {isText && (
        <>
          <Input
            id={`${id}-text`}
            type="password"
            autoComplete="off"
            aria-label={`The text of ${label}`}
            value={typeof value === 'string' ? value : ''}
            onChange={({ target }) => onChange(target.value === '' ? undefined : target.value)}
            placeholder="Paste it here"
            className="font-mono"
          />
          <p className="text-xs text-text-3">
            Saving moves it into the encrypted store; it is not shown again.
          </p>
        </>
      )}
      {isLost && (
        <p className="text-xs text-fail">
          There is no secret “{name}” any more. Choose another, or make it anew.
        </p>
      )}
      <Trouble error={secrets.error} />
      {isMaking && (
        <PutSecret
          taken={known}
          suggestion={isLost ? name : undefined}
          onClose={() => setMaking(false)}
          onPut={(made) => {
            setTyping(false)
            onChange({ $secret: made })
          }}
        />
      )}
    </>
  )
}
