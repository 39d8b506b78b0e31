import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { isSecretReference } from '../../../nodes/contract/field.ts'
import type { SecretText, VerificationSettings } from '../../../nodes/contract/scheme.ts'
import { Button, IconButton } from '../../parts/button.tsx'
import { type Issue, messagesAt } from '../control.ts'
import { Part } from '../field-frame.tsx'
import { SecretPicker } from './secret.tsx'

interface VerificationSecretsProps {
  readonly id: string
  readonly settings: VerificationSettings
  readonly onChange: (change: Partial<VerificationSettings>) => void
  readonly issues: readonly Issue[]
}

type Slot = SecretText | undefined

const secretsMax = 10

/** Mostly one secret; several while one is replaced by another. */
export function VerificationSecrets({ id, settings, onChange, issues }: VerificationSecretsProps) {
  const given: readonly Slot[] = [
    ...(settings.secret === undefined ? [] : [settings.secret]),
    ...(settings.secrets ?? []),
  ]
  // A place for one more is nothing that could be saved before it is filled.
  const [hasRoom, setRoom] = useState(false)
  const slots = given.length === 0 || hasRoom ? [...given, undefined] : given
  const set = (next: readonly Slot[]) => {
    const filled = next.filter((each) => each !== undefined)
    const [only] = filled
    setRoom(false)
    onChange(
      filled.length > 1 ? { secret: undefined, secrets: filled } : { secret: only, secrets: undefined },
    )
  }
  return (
    <div className="flex flex-col gap-2">
      {slots.map((secret, at) => {
        const slot = `${id}-${at}`
        const label = slots.length === 1 ? 'Secret' : `Secret ${at + 1}`
        return (
          <Part
            key={slot}
            id={slot}
            label={label}
            messages={[
              ...(at === 0 ? messagesAt(issues, 'secret') : []),
              ...messagesAt(issues, `secrets.${at}`),
            ]}
          >
            <div className="flex items-start gap-1">
              <div className="flex min-w-0 grow flex-col gap-1.5">
                <SecretPicker
                  id={slot}
                  label={label}
                  value={secret}
                  onChange={(next) => set(slots.map((each, other) => (other === at ? slotOf(next) : each)))}
                  issues={[]}
                />
              </div>
              {slots.length > 1 && (
                <IconButton
                  label={`Remove ${label.toLowerCase()}`}
                  onClick={() => set(slots.filter((_, other) => other !== at))}
                >
                  <X />
                </IconButton>
              )}
            </div>
          </Part>
        )
      })}
      {given.length > 0 && !hasRoom && given.length < secretsMax && (
        <Button
          size="sm"
          look="quiet"
          icon={<Plus className="size-3.5" />}
          onClick={() => setRoom(true)}
          className="-ml-2.5 self-start"
        >
          Another secret, while one replaces the other
        </Button>
      )}
    </div>
  )
}

const slotOf = (value: unknown): Slot =>
  typeof value === 'string' || isSecretReference(value) ? value : undefined
