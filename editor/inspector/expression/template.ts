/** Text with `{{ JSONata }}` inside, in its parts, and as one expression. */
import { isExpression, isSecretReference, isTemplate } from '../../../nodes/contract/field.ts'
import { isJsonObject } from '../../../nodes/contract/json.ts'
import { type Token, readTokens } from './tokens.ts'

export type TemplatePart =
  | { readonly kind: 'text'; readonly from: number; readonly to: number }
  | {
      readonly kind: 'expression'
      /** Between the braces. */
      readonly from: number
      readonly to: number
      readonly closed: boolean
      readonly tokens: readonly Token[]
    }

export function templateParts(source: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = []
  let at = 0
  for (;;) {
    const open = source.indexOf('{{', at)
    if (open !== at && (open < 0 ? source.length : open) > at)
      parts.push({ kind: 'text', from: at, to: open < 0 ? source.length : open })
    if (open < 0) return parts
    const { tokens, end } = readTokens(source, open + 2, 'to the braces')
    const to = end < 0 ? source.length : end
    parts.push({ kind: 'expression', from: open + 2, to, closed: end >= 0, tokens })
    if (end < 0) return parts
    at = end + 2
  }
}

/** One expression that makes the same text: `a {{ b }}` is `"a " & (b)`. */
export function templateExpression(source: string): string {
  const parts = templateParts(source)
  const pieces = parts.map((part) =>
    part.kind === 'text'
      ? JSON.stringify(source.slice(part.from, part.to))
      : parts.length === 1
        ? source.slice(part.from, part.to).trim()
        : `(${source.slice(part.from, part.to).trim()})`,
  )
  return pieces.length === 0 ? '""' : pieces.join(' & ')
}

/** Whether anything in a value is found only when it is used. */
export const varies = (value: unknown): boolean =>
  isTemplate(value) ||
  isExpression(value) ||
  isSecretReference(value) ||
  (typeof value === 'object' && value !== null && Object.values(value).some(varies))

/**
 * One expression that makes the same JSON; a secret is not shown. An expression in a list is not either: JSONata would
 * put the members of its value among those of the list.
 */
export function valueExpression(value: unknown): string {
  if (isTemplate(value)) return `(${templateExpression(value)})`
  // An object leaves out what is not there, and a setting holds null.
  if (isExpression(value)) return `($found := (${value.$}\n); $exists($found) ? $found : null)`
  if (isSecretReference(value)) return '"•••"'
  if (Array.isArray(value))
    return `[${value.map((item) => (isExpression(item) ? '"…"' : valueExpression(item))).join(', ')}]`
  if (!isJsonObject(value)) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).map(
    ([name, inner]) => `${JSON.stringify(name)}: ${valueExpression(inner)}`,
  )
  return `{${entries.join(', ')}}`
}
