/** Keeps secrets out of what is kept: records, errors, step outputs. */
import type { Json } from '../../nodes/contract/json.ts'
import { type Form, formsOf } from './secret-forms.ts'

export const mask = '•••'

/** Replaces the secrets that it knows by `•••`, in every form that `formsOf` finds. */
export interface Redactor {
  readonly text: (text: string) => string
  /** Strings and keys at any depth; other values are returned as they are. */
  readonly json: (value: Json) => Json
  readonly finds: (text: string) => boolean
  /** The longest run of characters that it may replace: where a text is cut nearer to a secret, it is not recognised. */
  readonly reach: number
}

const nothing: Redactor = { text: (text) => text, json: (value) => value, finds: () => false, reach: 0 }

export function openRedactor(secrets: readonly string[]): Redactor {
  if (secrets.length === 0) return nothing
  const forms = [...new Set(secrets)].flatMap(knownForms).toSorted((a, b) => b.reach - a.reach)
  if (forms.length === 0) return nothing
  const text = (given: string): string => {
    let clean = given
    for (const { needle, pattern } of forms) {
      if (clean.includes(needle)) clean = clean.replace(pattern, mask)
    }
    return clean
  }
  const json = (value: Json): Json => {
    if (typeof value === 'string') return text(value)
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map(json)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [text(key), json(each)]))
  }
  return { text, json, finds: (given) => text(given) !== given, reach: forms[0]?.reach ?? 0 }
}

/** `text` with every one of `secrets`, in every form, replaced by `•••`. */
export const redact = (text: string, secrets: readonly string[]): string => openRedactor(secrets).text(text)

/** Making the forms of a secret costs as much as sending a request: those in use are kept, so many at most. */
const knownSecretsMax = 500
const known = new Map<string, readonly Form[]>()

function knownForms(secret: string): readonly Form[] {
  const made = known.get(secret)
  if (made !== undefined) return made
  const forms = formsOf(secret)
  if (known.size >= knownSecretsMax) known.clear()
  known.set(secret, forms)
  return forms
}
