import { isJsonObject, type Json } from '../../../nodes/contract/json.ts'

/** A value in one line of at most so many characters; a large one is not written out to be cut. */
export function brief(value: Json, max = 160): string {
  let left = max
  let isCut = false
  const take = (text: string): string => {
    if (isCut) return ''
    isCut = text.length > left
    const kept = isCut ? `${text.slice(0, Math.max(0, left - 1))}…` : text
    left -= text.length
    return kept
  }
  const write = (inner: Json): string => {
    if (isCut) return ''
    if (typeof inner === 'string') return take(JSON.stringify(inner.slice(0, Math.max(0, left) + 1)))
    if (Array.isArray(inner)) {
      return list('[', inner as readonly Json[], ']', (item) => write(item))
    }
    if (isJsonObject(inner)) {
      return list('{', Object.keys(inner), '}', (key) => {
        const name = take(`${JSON.stringify(key)}: `)
        return name + write(inner[key] ?? null)
      })
    }
    return take(JSON.stringify(inner))
  }
  const list = <T>(open: string, items: readonly T[], close: string, each: (item: T) => string): string => {
    let text = take(open)
    for (const [at, item] of items.entries()) {
      if (isCut) break
      text += (at === 0 ? '' : take(', ')) + each(item)
    }
    return text + take(close)
  }
  return write(value)
}

/** What kind of value, in a word for the side of a completion. */
export function kindOf(value: Json): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `list of ${value.length}`
  return typeof value
}
