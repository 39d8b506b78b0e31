import { inCidr } from './address.ts'
import type { EventView } from './context.ts'
import type { Json } from './json.ts'
import { parsePattern } from './pattern.ts'
import { parseRulePath, type RulePath, type RuleRoot, valuesAt } from './rule-path.ts'
import type { Comparison, OrderOperator, Rule, Scalar } from './rules.ts'

type InCidr = Extract<Comparison, { is: 'in-cidr' }>

/**
 * One JSONata expression that is true where the rule holds. Nothing that an author wrote reaches it except between
 * quotes or slashes that it cannot leave; patterns therefore run in the sandbox. JSONata knows no networks:
 * `networks` decides `in-cidr` beforehand, and its answer stands in the expression.
 */
export function ruleExpression(rule: Rule, networks: (rule: InCidr) => boolean): string {
  const compile = (each: Rule): string => ruleExpression(each, networks)
  if ('all' in rule) return `(${rule.all.map(compile).join(' and ')})`
  if ('any' in rule) return `(${rule.any.map(compile).join(' or ')})`
  if ('not' in rule) return `$not(${compile(rule.not)})`
  if (rule.is === 'in-cidr') return String(networks(rule))
  const path = pathOf(rule.field)
  if (rule.is === 'not-equals') return `$not(${some(path, equals(rule.value, path.root))})`
  return some(path, testOf(rule, path.root))
}

/** Decides the `in-cidr` rules on an event and a message. */
export const networksOf =
  (event: EventView, message: Json) =>
  ({ field, value }: InCidr): boolean => {
    const { root, steps } = pathOf(field)
    const start = root === 'message' ? message : event[memberOf[root]]
    return valuesAt(start, steps).some(
      (found) => typeof found === 'string' && [value].flat().some((cidr) => inCidr(found.trim(), cidr)),
    )
  }

const memberOf = {
  method: 'method',
  path: 'path',
  ip: 'ip',
  type: 'type',
  header: 'headers',
  query: 'query',
  body: 'body',
} as const satisfies Record<Exclude<RuleRoot, 'message'>, keyof EventView>

function pathOf(field: string): RulePath {
  const path = parseRulePath(field)
  if ('problem' in path)
    throw new Error(`A rule's field was not checked before it was compiled: ${path.problem}`)
  return path
}

/** Any of the values at the path passes the test, in which `$` is the value. */
function some({ root, steps }: RulePath, test: string): string {
  const start = root === 'message' ? '$' : `$event.${quoted(memberOf[root])}`
  const rest = steps.map((step) => (typeof step === 'number' ? `[${step}]` : `.${quoted(step)}`))
  return `$exists([${start}${rest.join('')}][${test}])`
}

function testOf(rule: Exclude<Comparison, InCidr>, root: RuleRoot): string {
  switch (rule.is) {
    case 'exists':
      return '$type($) != "null"'
    case 'equals':
    case 'not-equals':
      return equals(rule.value, root)
    case 'in-list':
      return rule.value.length === 0
        ? 'false'
        : rule.value.map((value) => `(${equals(value, root)})`).join(' or ')
    case 'contains':
      return textual(`$contains($string($), ${quoted(rule.value)})`)
    case 'starts-with':
      return textual(`$contains($string($), /^${exactly(rule.value)}/)`)
    case 'ends-with':
      return textual(`$contains($string($), /${exactly(rule.value)}$/)`)
    case 'matches': {
      const pattern = parsePattern(rule.value)
      if ('problem' in pattern) throw new Error(`A rule's pattern was not checked before it was compiled`)
      return textual(`$contains($string($), /${pattern.source}/${pattern.flags})`)
    }
    default:
      return ordered(rule.is, rule.value)
  }
}

const textual = (test: string): string => `$type($) in ["string", "number", "boolean"] ? ${test} : false`

function equals(value: Scalar, root: RuleRoot): string {
  if (value === null) return '$type($) = "null"'
  if (typeof value === 'string') {
    return textual(`$string($) = ${quoted(root === 'method' ? value.toUpperCase() : value)}`)
  }
  return `$type($) = "${typeof value}" ? $ = ${value} : $ = ${quoted(String(value))}`
}

const signs = {
  greater: '>',
  'greater-or-equal': '>=',
  less: '<',
  'less-or-equal': '<=',
} as const satisfies Record<OrderOperator, string>

/** As many digits as a double can count; JSONata's `$number` refuses what becomes infinite. */
const decimal = String.raw`^-?[0-9]{1,300}(\.[0-9]{1,300})?$`

function ordered(operator: OrderOperator, value: number | string): string {
  const sign = signs[operator]
  if (typeof value === 'string' && !new RegExp(decimal).test(value)) {
    return `$type($) = "string" ? $ ${sign} ${quoted(value)} : false`
  }
  const bound = Number(value)
  const isDecimal = `$type($) = "string" ? $contains($, /${decimal}/) : false`
  return `$type($) = "number" ? $ ${sign} ${bound} : (${isDecimal}) ? $number($) ${sign} ${bound} : false`
}

/** JSONata's strings take JSON's escapes; ASCII alone leaves no character that some reader may take for a line's end. */
const quoted = (text: string): string => `"${text.split('').map(literal).join('')}"`

const literal = (unit: string): string => (/[\w .:@,;/-]/.test(unit) ? unit : unicode(unit))

/** A pattern that matches exactly this text. */
const exactly = (text: string): string =>
  text
    .split('')
    .map((unit) => (/\w/.test(unit) ? unit : unicode(unit)))
    .join('')

const unicode = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
