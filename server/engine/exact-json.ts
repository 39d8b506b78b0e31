/** Of the language, but not yet of TypeScript's library (ECMAScript's "JSON.parse source text access"). */
interface ExactJson {
  parse(text: string, revive: (key: string, value: unknown, context: { source?: string }) => unknown): unknown
  rawJSON(text: string): unknown
}
const exact = JSON as unknown as ExactJson

/** Numbers of fewer digits come back from JavaScript as they went in. What looks like one within a string is taken for one. */
const longNumbers = /-?[\d.]{16}[\d.eE+-]*/g
const keepsDigits = (text: string): boolean =>
  (text.match(longNumbers) ?? []).every((number) => String(Number(number)) === number)

/**
 * JSON text with every number as it was written, which JavaScript's own numbers cannot promise beyond 2^53. Of repeated keys
 * the last stays, alone: whoever reads it next must not see another value than the filters did.
 * @param value what `text` holds
 */
export function exactJson(text: string, value: unknown): string {
  return keepsDigits(text) ? JSON.stringify(value) : JSON.stringify(parseExactly(text))
}

const parseExactly = (text: string): unknown =>
  exact.parse(text, (_key, part, { source }) =>
    typeof part === 'number' && source !== undefined ? exact.rawJSON(source) : part,
  )

/** The items of a list, each as `exactJson` writes it. */
export function exactItems(text: string, list: readonly unknown[]): readonly string[] {
  if (keepsDigits(text)) return list.map((item) => JSON.stringify(item))
  const items = parseExactly(text)
  return Array.isArray(items) ? items.map((item: unknown) => JSON.stringify(item)) : []
}
