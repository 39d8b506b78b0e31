/** What an expression can reach, known from a sample: the values themselves, so that completion can show them. */
import { isJsonObject, type Json, type JsonObject } from '../../../nodes/contract/json.ts'

export interface Shapes {
  /** The message that arrives, `undefined` while nothing is known of it. */
  readonly message: Json | undefined
  readonly event: JsonObject
  /** The outputs of the nodes before this one; null where the sample does not tell. */
  readonly steps: JsonObject
  /** How people call those nodes. */
  readonly stepLabels: Readonly<Record<string, string>>
  readonly run: JsonObject
  readonly workflow: JsonObject
}

/** As many members of a list as are looked at; they mostly look alike. */
const membersMax = 50

/** A list stands for its members, as in JSONata. */
export const members = (values: readonly Json[]): readonly Json[] =>
  values
    .flatMap((value) => (isList(value) ? members(value.slice(0, membersMax)) : [value]))
    .slice(0, membersMax)

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

/** What stands under a name. */
export const under = (values: readonly Json[], name: string): readonly Json[] =>
  members(values).flatMap((value) => {
    const found = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
    return found === undefined ? [] : [found]
  })

export const children = (values: readonly Json[]): readonly Json[] =>
  members(values).flatMap((value) => (isJsonObject(value) ? Object.values(value) : []))

/** Every name that one of the values has, with what stands there. */
export function namesOf(values: readonly Json[]): ReadonlyMap<string, Json> {
  const names = new Map<string, Json>()
  for (const value of members(values)) {
    if (!isJsonObject(value)) continue
    for (const [name, inner] of Object.entries(value)) if (!names.has(name)) names.set(name, inner)
  }
  return names
}

const plainName = /^[A-Za-z_][A-Za-z0-9_]*$/
const words: ReadonlySet<string> = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'function'])

/** A name as JSONata takes it: in backticks where it would be something else. */
export const written = (name: string): string =>
  plainName.test(name) && !words.has(name) ? name : `\`${name}\``
