import { isJsonObject, type Json } from '../../nodes/contract/json.ts'

/** JSON on as few lines as a width allows: what fits stands on one. */
export function pretty(value: Json, width = 42, indent = 0): string {
  const flat = onOneLine(value)
  if (flat.length + indent <= width) return flat
  const pad = ' '.repeat(indent + 2)
  const end = `\n${' '.repeat(indent)}`
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item) => `${pad}${pretty(item, width, indent + 2)}`)
    return `[\n${items.join(',\n')}${end}]`
  }
  if (isJsonObject(value)) {
    const entries = Object.entries(value).map(
      ([name, inner]) => `${pad}${JSON.stringify(name)}: ${pretty(inner, width, indent + 2)}`,
    )
    return `{\n${entries.join(',\n')}${end}}`
  }
  return flat
}

function onOneLine(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(onOneLine).join(', ')}]`
  if (!isJsonObject(value)) return JSON.stringify(value)
  const entries = Object.entries(value)
  return entries.length === 0
    ? '{}'
    : `{ ${entries.map(([name, inner]) => `${JSON.stringify(name)}: ${onOneLine(inner)}`).join(', ')} }`
}
