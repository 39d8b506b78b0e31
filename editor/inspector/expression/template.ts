/** Text with `{{ JSONata }}` inside, in its parts. */
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
