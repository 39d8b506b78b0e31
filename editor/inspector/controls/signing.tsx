import { isJsonObject } from '../../../nodes/contract/json.ts'
import { isSecretReference } from '../../../nodes/contract/field.ts'
import type { ControlProps } from '../control.ts'
import { SecretPicker } from './secret.tsx'

/** A secret, alone or as `{ secret }`; it stays in the form in which it was saved. */
export function Signing({ field, id, value, onChange, issues }: ControlProps) {
  const isWrapped = isJsonObject(value) && !isSecretReference(value)
  const secret: unknown = isWrapped ? value['secret'] : value
  return (
    <SecretPicker
      id={id}
      label={field.label}
      value={secret}
      onChange={(next) => onChange(isWrapped && next !== undefined ? { ...value, secret: next } : next)}
      issues={issues}
    />
  )
}
