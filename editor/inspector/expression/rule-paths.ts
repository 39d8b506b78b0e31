/** The fields that a rule may look at, with their values on the sample. */
import { isJsonObject, type Json } from '../../../nodes/contract/json.ts'
import { brief } from './brief.ts'
import { pathIn } from './path-forms.ts'
import { type Shapes, namesOf, under, written } from './shapes.ts'

export interface RuleField {
  readonly path: string
  readonly value: string
}

const depthMax = 6
const fieldsMax = 400

export function ruleFields({ message, event }: Shapes): readonly RuleField[] {
  const found: RuleField[] = []
  const add = (path: string, value: Json | undefined) => {
    const field = pathIn('rule', path)
    if (field !== undefined && found.length < fieldsMax)
      found.push({ path: field, value: value === undefined ? '' : brief(value, 40) })
  }
  const walk = (path: string, values: readonly Json[], depth: number): void => {
    for (const [name, value] of namesOf(values)) {
      const inner = path === '' ? written(name) : `${path}.${written(name)}`
      const isBranch = isJsonObject(value) || Array.isArray(value)
      if (!isBranch || depth === depthMax || Array.isArray(value)) add(inner, value)
      if (isBranch && depth < depthMax) walk(inner, under(values, name), depth + 1)
    }
  }
  if (message !== undefined) walk('', [message], 1)
  for (const name of ['method', 'path', 'type', 'ip']) add(`$event.${name}`, event[name])
  for (const name of ['headers', 'query'] as const) walk(`$event.${name}`, [event[name] ?? {}], 1)
  return found
}
