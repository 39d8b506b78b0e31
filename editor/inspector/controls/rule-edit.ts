/** Changes of a rule list, as pure functions; a place in it is the positions that lead there. */
import type { Comparison, Rule, RuleOperator, Scalar } from '../../../nodes/contract/rules.ts'

export type RuleGroup = Extract<Rule, { readonly all: unknown } | { readonly any: unknown }>
export type Place = readonly number[]

export const isGroup = (rule: Rule): rule is RuleGroup => 'all' in rule || 'any' in rule
export const membersOf = (group: RuleGroup): readonly Rule[] => ('all' in group ? group.all : group.any)
export const kindOf = (group: RuleGroup): 'all' | 'any' => ('all' in group ? 'all' : 'any')
export const groupOf = (kind: 'all' | 'any', members: readonly Rule[]): RuleGroup =>
  kind === 'all' ? { all: members } : { any: members }

/** The rule without the `not`s around it, and whether they turn it round. */
export function unwrapped(rule: Rule): { readonly rule: RuleGroup | Comparison; readonly negated: boolean } {
  let inner = rule
  let negated = false
  while ('not' in inner) {
    inner = inner.not
    negated = !negated
  }
  return { rule: inner, negated }
}
export const wrapped = (rule: RuleGroup | Comparison, negated: boolean): Rule =>
  negated ? { not: rule } : rule

/** What the builder draws is always a group; a single comparison is one of one. */
export function asGroup(rule: Rule): RuleGroup {
  return isGroup(rule) ? rule : { all: [rule] }
}

/** Changes the rule at a place; `undefined` takes it away, and a group that nothing is left in goes with it. */
export function changeAt(
  rule: Rule,
  place: Place,
  change: (rule: Rule) => Rule | undefined,
): Rule | undefined {
  const [at, ...rest] = place
  if (at === undefined) return change(rule)
  const { rule: group, negated } = unwrapped(rule)
  if (!isGroup(group)) return rule
  const members = membersOf(group).flatMap((member, other) =>
    other === at ? (changeAt(member, rest, change) ?? []) : [member],
  )
  return members.length === 0 ? undefined : wrapped(groupOf(kindOf(group), members), negated)
}

export const emptyRule: Comparison = { field: 'message', is: 'equals', value: '' }

/** The comparison with another operator, keeping of its value what the operator can take. */
export function withOperator(rule: Comparison, is: RuleOperator): Comparison {
  const { field } = rule
  const values = 'value' in rule ? [rule.value].flat() : []
  const [first = ''] = values
  switch (is) {
    case 'exists':
      return { field, is }
    case 'equals':
    case 'not-equals':
      return { field, is, value: first }
    case 'in-list':
      return { field, is, value: values }
    case 'in-cidr':
      return { field, is, value: values.map(String) }
    case 'greater':
    case 'greater-or-equal':
    case 'less':
    case 'less-or-equal':
      return { field, is, value: typeof first === 'number' ? first : String(first ?? '') }
    default:
      return { field, is, value: String(first ?? '') }
  }
}

/** The comparison with a value that was typed. */
export function withValue(rule: Comparison, text: string): Comparison {
  const { field } = rule
  switch (rule.is) {
    case 'exists':
      return rule
    case 'equals':
    case 'not-equals':
      return { field, is: rule.is, value: readScalar(text) }
    case 'in-list':
      return { field, is: rule.is, value: linesOf(text).map(readScalar) }
    case 'in-cidr':
      return { field, is: rule.is, value: linesOf(text) }
    case 'greater':
    case 'greater-or-equal':
    case 'less':
    case 'less-or-equal': {
      const value = readScalar(text)
      return { field, is: rule.is, value: typeof value === 'number' ? value : text }
    }
    default:
      return { field, is: rule.is, value: text }
  }
}

export function valueText(rule: Comparison): string {
  switch (rule.is) {
    case 'exists':
      return ''
    case 'equals':
    case 'not-equals':
      return writeScalar(rule.value)
    case 'in-list':
      return rule.value.map(writeScalar).join('\n')
    case 'in-cidr':
      return [rule.value].flat().join('\n')
    default:
      return String(rule.value)
  }
}

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '')

/** `5`, `true` and `null` are what they look like, unless they stand in quotes; `05` is text. */
export function readScalar(text: string): Scalar {
  if (text === 'true') return true
  if (text === 'false') return false
  if (text === 'null') return null
  if (/^".*"$/.test(text) && isOther(text.slice(1, -1))) return text.slice(1, -1)
  return isNumber(text) ? Number(text) : text
}

export const writeScalar = (value: Scalar): string =>
  typeof value === 'string' && isOther(value) ? `"${value}"` : String(value)

const isNumber = (text: string): boolean =>
  /^-?\d/.test(text) && String(Number(text)) === text && Number.isFinite(Number(text))
const isOther = (text: string): boolean => ['true', 'false', 'null'].includes(text) || isNumber(text)
