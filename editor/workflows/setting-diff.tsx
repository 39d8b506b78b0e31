import { isExpression, isSecretReference } from '../../nodes/contract/field.ts'
import { isJsonObject } from '../../nodes/contract/json.ts'
import { cut, visible } from '../parts/visible-text.ts'
import type { SettingChange } from '../state/diff.ts'
import { types } from '../parts/node-words.ts'
import { TextDiff } from './text-diff.tsx'

const shownMax = 2_000

interface SettingDiffProps {
  /** The node's. */
  readonly type: string
  readonly setting: SettingChange
}

/** One setting: its name as the form has it, and what became of its value. */
export function SettingDiff({ type, setting }: SettingDiffProps) {
  const { name, control } = fieldOf(type, setting.path)
  const isHidden = isSecret(setting.path, control)
  const before = written(setting.before, isHidden)
  const after = written(setting.after, isHidden)
  return (
    <div className="grid grid-cols-[9rem_minmax(0,1fr)] gap-2 @max-[420px]:grid-cols-1 @max-[420px]:gap-0">
      <dt className="break-words text-text-2">{name}</dt>
      <dd className="min-w-0 font-mono text-xs leading-5">
        {before !== undefined && after !== undefined && before.kind === 'text' && after.kind === 'text' ? (
          <TextDiff before={before.text} after={after.text} />
        ) : (
          <>
            {before !== undefined && (
              <del className="mr-2 rounded-sm bg-fail-soft break-words whitespace-pre-wrap text-fail">
                {visible(cut(before.text, shownMax))}
              </del>
            )}
            {after !== undefined && (
              <ins className="rounded-sm bg-ok-soft break-words whitespace-pre-wrap text-ok underline-offset-2">
                {visible(cut(after.text, shownMax))}
              </ins>
            )}
          </>
        )}
      </dd>
    </div>
  )
}

/** `config.verification.scheme` of a webhook is `Verification · scheme`. */
function fieldOf(type: string, path: string): { readonly name: string; readonly control: string } {
  if (path === 'label') return { name: 'Name', control: '' }
  if (path === 'type') return { name: 'Kind of node', control: '' }
  const [, setting = '', rest = ''] = /^config\.([^.[]+)\.?(.*)$/s.exec(path) ?? []
  const field: unknown = types[type]?.fields[setting]
  const label = isJsonObject(field) && typeof field['label'] === 'string' ? field['label'] : setting
  const control = isJsonObject(field) && typeof field['control'] === 'string' ? field['control'] : ''
  return { name: rest === '' ? label : `${label} · ${rest}`, control }
}

/** A secret that was typed is text until it is saved. */
const isSecret = (path: string, control: string): boolean =>
  control === 'secret' ||
  control === 'signing' ||
  (control === 'verification' && /\.(secret|secrets|verifyToken)\b/.test(path))

interface Written {
  readonly kind: 'text' | 'value'
  readonly text: string
}

function written(value: unknown, isHidden: boolean): Written | undefined {
  if (value === undefined) return undefined
  if (isSecretReference(value)) return { kind: 'value', text: `secret ${value.$secret}` }
  if (isHidden) return { kind: 'value', text: '••••••' }
  if (isExpression(value)) return { kind: 'text', text: value.$ }
  if (typeof value === 'string') return { kind: 'text', text: value === '' ? '(empty)' : value }
  return { kind: 'value', text: JSON.stringify(value, undefined, 1) }
}
