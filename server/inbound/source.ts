import type { Json } from '../../nodes/contract/json.ts'
import type { Condition, Source } from '../../nodes/contract/scheme.ts'
import type { InboundRequest } from './request.ts'

/** What a place may be read from. `fields` is the body as JSON or form fields. */
export interface Readable {
  readonly request: InboundRequest
  readonly fields?: Json | undefined
  /** Named pieces of the signature header. */
  readonly parts?: ReadonlyMap<string, readonly string[]>
}

/** The texts at a place: none, one, or (a repeated header or parameter, a `*` in a path) several. */
export function textsAt(source: Source, { request, fields, parts }: Readable): readonly string[] {
  if ('header' in source) {
    const value = request.header(source.header)
    if (value === undefined) return []
    return request.isRepeated(source.header) ? [value, value] : [value]
  }
  if ('query' in source) return request.query.getAll(source.query)
  if ('part' in source) return parts?.get(source.part) ?? []
  return valuesAt(fields === undefined ? request.fields : fields, source.body.split('.')).flatMap(asText)
}

/** The only text at a place; `undefined` when there is none, or more than one. */
export function textAt(source: Source, readable: Readable): string | undefined {
  const texts = textsAt(source, readable)
  return texts.length === 1 ? texts[0] : undefined
}

/** Whether the request shows all of this. A place that holds several texts shows none of them. */
export const holds = (conditions: readonly Condition[], readable: Readable): boolean =>
  conditions.every((condition) => {
    if ('absent' in condition) return textsAt(condition.from, readable).length === 0
    const text = textAt(condition.from, readable)
    return text !== undefined && (condition.is === undefined || text === condition.is)
  })

/** The first place that holds a text, for words about an event that nothing is decided by. */
export function firstText(sources: readonly Source[], readable: Readable): string | undefined {
  for (const source of sources) {
    const text = textAt(source, readable)
    if (text !== undefined && text !== '') return text
  }
  return undefined
}

export function valuesAt(value: Json | undefined, path: readonly string[]): readonly Json[] {
  const [name, ...rest] = path
  if (value === undefined) return []
  if (name === undefined) return [value]
  if (typeof value !== 'object' || value === null) return []
  if (name === '*') return Array.isArray(value) ? value.flatMap((item: Json) => valuesAtItem(item, rest)) : []
  return Object.hasOwn(value, name) ? valuesAt((value as { readonly [key: string]: Json })[name], rest) : []
}

/** An item of a `*` that lacks the field counts as one that holds the wrong text: nobody is let in by leaving it out. */
function valuesAtItem(item: Json, path: readonly string[]): readonly Json[] {
  const values = valuesAt(item, path)
  return values.length === 0 ? [''] : values
}

const asText = (value: Json): readonly string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'number' || typeof value === 'boolean'
      ? [`${value}`]
      : []
