import type { Rewrite } from '../../../nodes/contract/diagnosis.ts'
import type { KeyForm, SignatureScheme } from '../../../nodes/contract/scheme.ts'

/** How a secret's text was meant, where it is not taken as it stands. */
export type KeySpelling = Rewrite | 'as-text' | 'after-prefix' | 'whsec' | 'base64' | 'hex'

export interface SpelledKey {
  readonly text: string
  readonly form: KeyForm
  /** `undefined`: as it stands, in the form that the scheme names. */
  readonly spelling: KeySpelling | undefined
}

/** `v1,whsec_…` is how some dashboards show a Standard Webhooks secret. */
const prefix = /^(?:v\d+,)?(?:whsec|sk|shpss|sec)_/
const rewriters: Readonly<Record<Rewrite, (text: string) => string | undefined>> = {
  trimmed: (text) => text.trim(),
  unquoted: (text) => /^(["'`])(.+)\1$/s.exec(text.trim())?.[2],
  // A line of an environment file.
  'value-only': (text) => /^[A-Z][A-Z0-9_]*=(.+)$/s.exec(text.trim())?.[1],
  'with-line-break': (text) => `${text.trimEnd()}\n`,
}

/** A secret's text written otherwise; `undefined` where that cannot be done to it. */
export const rewritten = (text: string, how: Rewrite): string | undefined => rewriters[how](text) || undefined

/**
 * A secret as it stands, and then as else it may be meant, the likelier first. A public key has no other spelling: one that
 * is not read at all is told by the door already.
 */
export function spellKey(text: string, { key, algorithm }: SignatureScheme): readonly SpelledKey[] {
  const asItStands: SpelledKey = { text, form: key, spelling: undefined }
  if (key === 'public' || !(algorithm.startsWith('hmac-') || algorithm === 'sha256')) return [asItStands]
  const trimmed = text.trim()
  const spelled: SpelledKey[] = [asItStands]
  const add = (spelling: KeySpelling, text: string | undefined, form: KeyForm) => {
    const isNew = !spelled.some((each) => each.text === text && each.form === form)
    if (text !== undefined && isNew) spelled.push({ text, form, spelling })
  }
  for (const how of ['trimmed', 'unquoted', 'value-only'] as const) add(how, rewritten(text, how), key)
  add('as-text', trimmed, 'text')
  if (prefix.test(trimmed)) {
    add('whsec', trimmed.replace(prefix, ''), 'base64')
    add('after-prefix', trimmed.replace(prefix, ''), 'text')
  }
  if (/^[0-9a-f]+$/i.test(trimmed)) add('hex', trimmed, 'hex')
  add('base64', trimmed.replaceAll('-', '+').replaceAll('_', '/'), 'base64')
  add('with-line-break', rewritten(text, 'with-line-break'), 'text')
  return spelled
}
