import { describe, expect, test } from 'vitest'
import type { Json } from '../../nodes/contract/json.ts'
import { issuesOf } from '../../nodes/contract/issue.ts'
import { networksOf, ruleExpression } from '../../nodes/contract/rule-expression.ts'
import { parseRulePath } from '../../nodes/contract/rule-path.ts'
import { type Comparison, describeRule, type Rule, ruleSchema } from '../../nodes/contract/rules.ts'
import { filter } from '../../nodes/filter.ts'
import { contextOf, eventOf } from './node-context.ts'

const event = eventOf({
  method: 'POST',
  path: '/in/orders',
  ip: '203.0.113.9',
  type: 'push',
  headers: { 'x-github-event': 'push', 'content-length': '42', 'x-real-ip': '2001:db8::7' },
  query: { page: '2', tag: ['a', 'b'] },
  body: {
    ref: 'refs/heads/main',
    id: 5,
    price: 12.5,
    big: 20,
    yes: true,
    none: null,
    empty: '',
    list: [],
    at: '2026-11-22T09:30:00Z',
    'a "name".`x`': 'odd',
    commits: [
      { id: 'a1', files: ['x', 'y'], message: 'Fix [deploy]' },
      { id: 'b2', files: ['z'], message: 'Other' },
    ],
    tags: ['red', 'green', 3],
    peers: ['198.51.100.1', 'nonsense', 7],
  },
})
const message = { total: 99 }

const holds = async (rule: Rule): Promise<boolean> => {
  const { context } = contextOf({ event, input: message })
  const found = ruleSchema.parse(rule)
  return context.holds(ruleExpression(found, networksOf(event, message)))
}

const portOf = async (rule: Rule) =>
  (await filter.run({ condition: undefined, rules: rule }, contextOf({ event, input: message }).context)).port

type Row = readonly [field: string, is: Comparison['is'], value: Json | undefined, holds: boolean]

describe('a comparison', () => {
  test.each<Row>([
    ['method', 'equals', 'post', true],
    ['method', 'equals', 'GET', false],
    ['method', 'in-list', ['get', 'post'], true],
    ['path', 'starts-with', '/in/', true],
    ['type', 'equals', 'push', true],
    ['header.X-GitHub-Event', 'equals', 'push', true],
    ['header.content-length', 'equals', 42, true],
    ['header.content-length', 'greater', 41, true],
    ['header.content-length', 'greater', '5', true],
    ['header.x-none', 'equals', '', false],
    ['query.page', 'equals', 2, true],
    ['query.tag', 'equals', 'b', true],
    ['query.tag[0]', 'equals', 'b', false],
    ['body.ref', 'equals', 'refs/heads/main', true],
    ['body.ref', 'equals', 'Refs/heads/main', false],
    ['body.ref', 'not-equals', 'refs/heads/main', false],
    ['body.missing', 'not-equals', 'x', true],
    ['body.missing', 'equals', null, false],
    ['body.none', 'equals', null, true],
    ['body.none', 'equals', 'null', false],
    ['body.id', 'equals', 5, true],
    ['body.id', 'equals', '5', true],
    ['body.id', 'equals', '5.0', false],
    ['body.id', 'greater', 5, false],
    ['body.id', 'greater-or-equal', 5, true],
    ['body.id', 'less', 10, true],
    ['body.id', 'less', '10', true],
    ['body.id', 'less-or-equal', 4.9, false],
    ['body.price', 'greater', -1, true],
    ['body.ref', 'greater', 5, false],
    ['body.yes', 'greater', 0, false],
    ['body.at', 'greater', '2026-11-01T00:00:00Z', true],
    ['body.at', 'less', '2026-11-01T00:00:00Z', false],
    ['body.missing', 'less', 5, false],
    ['body.yes', 'equals', true, true],
    ['body.yes', 'equals', 'true', true],
    ['body.yes', 'equals', false, false],
    ['body.empty', 'equals', '', true],
    ['body.empty', 'exists', undefined, true],
    ['body.none', 'exists', undefined, false],
    ['body.list', 'exists', undefined, false],
    ['body.missing.deep', 'exists', undefined, false],
    ['body.commits', 'exists', undefined, true],
    ['body.commits.message', 'contains', '[deploy]', true],
    ['body.commits[1].message', 'contains', '[deploy]', false],
    ['body.commits[-1].id', 'equals', 'b2', true],
    ['body.commits[0].files[1]', 'equals', 'y', true],
    ['body.tags', 'contains', 'ree', true],
    ['body.tags', 'equals', 3, true],
    ['body.tags', 'in-list', ['blue', 'green'], true],
    ['body.tags', 'in-list', [], false],
    ['body.tags', 'starts-with', '', true],
    ['body.ref', 'ends-with', '/main', true],
    ['body.ref', 'ends-with', '.main', false],
    ['body.ref', 'matches', '^refs/heads/(main|next)$', true],
    ['body.ref', 'matches', '^REFS', false],
    ['body.ref', 'matches', '(?i)^REFS', true],
    ['body.empty', 'matches', '^$', true],
    ['body.id', 'matches', String.raw`^\d$`, true],
    ['body.none', 'matches', '.*', false],
    ['body["a \\"name\\".`x`"]', 'equals', 'odd', true],
    ['body.__proto__', 'exists', undefined, false],
    ['body.constructor', 'exists', undefined, false],
    ['message.total', 'equals', 99, true],
    ['ip', 'in-cidr', '203.0.113.0/24', true],
    ['ip', 'in-cidr', ['10.0.0.0/8', '203.0.113.9'], true],
    ['ip', 'in-cidr', '203.0.112.0/24', false],
    ['header.x-real-ip', 'in-cidr', '2001:db8::/32', true],
    ['body.peers', 'in-cidr', '198.51.100.0/24', true],
    ['body.tags', 'in-cidr', '0.0.0.0/0', false],
    ['message.total', 'in-cidr', '0.0.0.0/0', false],
  ])('%s %s %j: %s', async (field, is, value, expected) => {
    const rule = ruleSchema.parse({ field, is, ...(value !== undefined && { value }) })
    expect(await holds(rule)).toBe(expected)
    expect(await holds({ not: rule })).toBe(!expected)
  })

  test('and, or and not nest', async () => {
    const yes: Rule = { field: 'body.id', is: 'equals', value: 5 }
    const no: Rule = { field: 'body.id', is: 'equals', value: 6 }
    expect(await holds({ all: [yes, { any: [no, yes] }, { not: no }] })).toBe(true)
    expect(await holds({ all: [yes, no] })).toBe(false)
    expect(await holds({ any: [no, { not: { all: [yes, yes] } }] })).toBe(false)
  })

  test('a filter with rules passes and turns away what the rules say', async () => {
    expect(await portOf({ field: 'ip', is: 'in-cidr', value: '203.0.113.0/24' })).toBe('match')
    expect(await portOf({ field: 'ip', is: 'in-cidr', value: '192.0.2.0/24' })).toBe('otherwise')
    expect(await portOf({ field: 'message.total', is: 'less', value: 99 })).toBe('otherwise')
  })
})

test('a field is read as a path, or refused with the reason', () => {
  expect(parseRulePath('body.commits[0].id')).toEqual({ root: 'body', steps: ['commits', 0, 'id'] })
  expect(parseRulePath('header.X-A.B')).toEqual({ root: 'header', steps: ['x-a.b'] })
  expect(parseRulePath('body["a.b"][-1]')).toEqual({ root: 'body', steps: ['a.b', -1] })
  expect(parseRulePath('body')).toEqual({ root: 'body', steps: [] })
  for (const wrong of [
    '',
    'ref',
    'bodyx',
    'body.',
    'body..a',
    'body[x]',
    'body["a]',
    'header',
    'header.a b',
    'query',
    'ip.x',
    `body.${'a'.repeat(600)}`,
  ]) {
    expect(parseRulePath(wrong), wrong).toHaveProperty('problem')
  }
})

describe('a rule list that is wrong is told what is wrong, and where', () => {
  const deep = (levels: number): Json =>
    levels === 0 ? { field: 'ip', is: 'exists' } : { not: deep(levels - 1) }
  test.each<readonly [what: string, rule: Json, path: string, words: RegExp]>([
    ['an unknown root', { field: 'ref', is: 'exists' }, 'field', /starts with method, path/],
    [
      'an unknown comparison',
      { field: 'body.ref', is: 'equal', value: 'x' },
      'is',
      /one of equals, not-equals/,
    ],
    [
      'no value',
      { field: 'body.ref', is: 'equals' },
      'value',
      /expected text or a number or true or false or null, found nothing/,
    ],
    ['a value that is an object', { field: 'body.ref', is: 'equals', value: {} }, 'value', /found an object/],
    [
      'a pattern that does not parse',
      { field: 'body.ref', is: 'matches', value: '(' },
      'value',
      /does not parse/,
    ],
    [
      'a pattern that is too long',
      { field: 'body.ref', is: 'matches', value: 'a'.repeat(2_000) },
      'value',
      /at most 1000/,
    ],
    ['no network', { field: 'ip', is: 'in-cidr', value: '10.0.0.0/33' }, 'value', /a network looks like/],
    [
      'one of several that is no network',
      { field: 'ip', is: 'in-cidr', value: ['10.0.0.0/8', 'x'] },
      'value.1',
      /a network looks like/,
    ],
    ['a setting too many', { field: 'ip', is: 'exists', valeu: 1 }, '', /unknown: valeu/],
    [
      'a fault deep inside',
      { all: [{ not: { field: 'nope', is: 'exists' } }] },
      'all.0.not.field',
      /starts with/,
    ],
    ['an empty group', { all: [] }, 'all', /at least one rule/],
    ['groups too deep', deep(10), '', /at most 10 deep/],
    ['too many rules', { all: Array.from({ length: 200 }, () => deep(0)) }, '', /at most 200 rules/],
  ])('%s', (_what, rule, path, words) => {
    const [issue] = issuesOf(ruleSchema, rule)
    expect(issue?.path.join('.')).toBe(path)
    expect(issue?.message).toMatch(words)
  })
})

test('a rule list reads as a sentence', () => {
  const rule: Rule = {
    all: [
      { field: 'body.ref', is: 'equals', value: 'main' },
      {
        not: {
          any: [
            { field: 'ip', is: 'exists' },
            { field: 'body.n', is: 'in-list', value: [1, 'b'] },
          ],
        },
      },
    ],
  }
  expect(describeRule(rule)).toBe('body.ref is main and not (ip exists or body.n is one of 1, b)')
})
