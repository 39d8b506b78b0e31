import * as z from 'zod/mini'
import { isCidr } from './address.ts'
import { parsePattern } from './pattern.ts'
import { parseRulePath } from './rule-path.ts'

/**
 * A rule list: what a person builds from rows instead of writing a condition.
 *
 *     { all: [ { field: 'body.ref', is: 'equals', value: 'refs/heads/main' },
 *              { not: { field: 'header.user-agent', is: 'starts-with', value: 'bot' } },
 *              { any: [ … ] } ] }
 *
 * What the operators mean:
 * - A path that meets a list looks at each of its members, and the rule holds when one of them fits.
 * - Text, numbers and booleans are compared by value within one type and by their text between types, so that the header
 *   `5` equals the number 5 (headers and query parameters are always text). Upper and lower case differ, except in `method`.
 * - `not-equals` is exactly "not equals", so a missing field is not equal to anything. The other operators are false there.
 * - `contains`, `starts-with`, `ends-with` and `matches` look at text, and at numbers and booleans by their text.
 * - `greater`, `less` and their or-equal forms compare numbers, and text that is a decimal number, with a number; other
 *   text with text, character by character, which puts ISO 8601 times in order.
 * - `exists` holds when there is a value: not missing, not null, not an empty list.
 * - `in-cidr` takes a network, an address, or a list of them.
 */
export type Rule =
  { readonly all: readonly Rule[] } | { readonly any: readonly Rule[] } | { readonly not: Rule } | Comparison

export type Scalar = string | number | boolean | null

export type Comparison =
  | { readonly field: string; readonly is: 'exists' }
  | { readonly field: string; readonly is: 'equals' | 'not-equals'; readonly value: Scalar }
  | { readonly field: string; readonly is: TextOperator; readonly value: string }
  | { readonly field: string; readonly is: OrderOperator; readonly value: number | string }
  | { readonly field: string; readonly is: 'in-list'; readonly value: readonly Scalar[] }
  | { readonly field: string; readonly is: 'in-cidr'; readonly value: string | readonly string[] }

export type TextOperator = 'contains' | 'starts-with' | 'ends-with' | 'matches'
export type OrderOperator = 'greater' | 'greater-or-equal' | 'less' | 'less-or-equal'
export type RuleOperator = Comparison['is']

/** Every operator with the words that a sentence uses, in the order of the editor's list. */
export const ruleOperators = {
  equals: 'is',
  'not-equals': 'is not',
  contains: 'contains',
  'starts-with': 'starts with',
  'ends-with': 'ends with',
  matches: 'matches',
  exists: 'exists',
  greater: 'is greater than',
  'greater-or-equal': 'is at least',
  less: 'is less than',
  'less-or-equal': 'is at most',
  'in-list': 'is one of',
  'in-cidr': 'is in network',
} as const satisfies Record<RuleOperator, string>

/** A rule list is read by people, and compiles to one expression that the sandbox parses. */
const rulesMax = 200
const ruleDepthMax = 10
const listLengthMax = 1_000

const field = z.string().check((found) => {
  const path = parseRulePath(found.value)
  if ('problem' in path) found.issues.push({ code: 'custom', message: path.problem, input: found.value })
})
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])
const cidr = z.string().check(z.refine(isCidr, 'a network looks like 192.0.2.0/24 or 2001:db8::/32'))
const text = z.string()
const order = z.union([z.number(), z.string()])
const pattern = z.string().check((found) => {
  const parsed = parsePattern(found.value)
  if ('problem' in parsed) found.issues.push({ code: 'custom', message: parsed.problem, input: found.value })
})

const comparison = z.discriminatedUnion(
  'is',
  [
    z.strictObject({ field, is: z.literal('exists') }),
    z.strictObject({ field, is: z.enum(['equals', 'not-equals']), value: scalar }),
    z.strictObject({ field, is: z.enum(['contains', 'starts-with', 'ends-with']), value: text }),
    z.strictObject({ field, is: z.literal('matches'), value: pattern }),
    z.strictObject({
      field,
      is: z.enum(['greater', 'greater-or-equal', 'less', 'less-or-equal']),
      value: order,
    }),
    z.strictObject({
      field,
      is: z.literal('in-list'),
      value: z.array(scalar).check(z.maxLength(listLengthMax, `a list has at most ${listLengthMax} values`)),
    }),
    z.strictObject({
      field,
      is: z.literal('in-cidr'),
      value: z.union([
        cidr,
        z.array(cidr).check(z.maxLength(listLengthMax, `a list has at most ${listLengthMax} networks`)),
      ]),
    }),
  ],
  { error: `the comparison is one of ${Object.keys(ruleOperators).join(', ')}` },
)

const rule: z.ZodMiniType<Rule> = z.lazy(() => {
  const group = z.array(rule).check(z.minLength(1, 'a group holds at least one rule'))
  return z.union([
    comparison,
    z.strictObject({ all: group }),
    z.strictObject({ any: group }),
    z.strictObject({ not: rule }),
  ])
})

export const ruleSchema: z.ZodMiniType<Rule> = rule.check(
  z.refine((rules) => sizeOf(rules).rules <= rulesMax, `at most ${rulesMax} rules`),
  z.refine((rules) => sizeOf(rules).depth <= ruleDepthMax, `groups nest at most ${ruleDepthMax} deep`),
)

const innerRules = (rule: Rule): readonly Rule[] =>
  'all' in rule ? rule.all : 'any' in rule ? rule.any : 'not' in rule ? [rule.not] : []

function sizeOf(rule: Rule): { readonly rules: number; readonly depth: number } {
  const inner = innerRules(rule).map(sizeOf)
  return {
    rules: inner.reduce((sum, { rules }) => sum + rules, 1),
    depth: Math.max(0, ...inner.map(({ depth }) => depth)) + 1,
  }
}

/** The rule list in words, for a card: `body.ref is refs/heads/main and not header.x exists`. */
export function describeRule(rule: Rule, inside = false): string {
  if ('not' in rule) return `not ${describeRule(rule.not, true)}`
  if ('all' in rule || 'any' in rule) {
    const inner = innerRules(rule)
    const words = inner
      .map((each) => describeRule(each, inner.length > 1))
      .join('all' in rule ? ' and ' : ' or ')
    return inside && inner.length > 1 ? `(${words})` : words
  }
  const value = 'value' in rule ? ` ${[rule.value].flat().map(String).join(', ')}` : ''
  return `${rule.field} ${ruleOperators[rule.is]}${value}`
}
