import { jsonataOptional, rules } from './contract/field.ts'
import { defineNode } from './contract/node.ts'
import { networksOf, ruleExpression } from './contract/rule-expression.ts'
import { describeRule, ruleSchema } from './contract/rules.ts'
import { shown } from './contract/shown.ts'

const push = { ref: 'refs/heads/main', commits: [{ id: 'a1', message: 'Fix the door [deploy]' }] }

export const filter = defineNode({
  id: 'filter',
  title: 'Filter',
  summary: 'Lets the message go on when a condition holds, and aside when it does not.',
  icon: 'filter',
  group: 'logic',

  fields: {
    condition: jsonataOptional({
      label: 'Condition',
      help: 'JSONata over the message; $event is the request. A missing value is false.',
    }),
    rules: rules({
      label: 'Rules',
      help: 'Rows instead of a condition: fields of the request (method, header, query, path, body) or of the message, compared with values, joined by and, or, not.',
    }),
  },
  shows: {
    condition: ({ condition, rules }) => condition !== undefined || rules === undefined,
    rules: ({ condition, rules }) => rules !== undefined || condition === undefined,
  },
  sentence: ({ condition, rules }) => {
    const rule = ruleSchema.safeParse(rules)
    return ['Only if', shown(rule.success ? describeRule(rule.data) : condition)]
  },
  outputs: { match: 'Match', otherwise: 'Otherwise' },
  role: 'decides',
  pure: true,
  check: ({ condition, rules }) => {
    if (condition === undefined && rules === undefined) {
      return [{ path: 'condition', message: 'Condition: write a condition, or add a rule.' }]
    }
    return condition !== undefined && rules !== undefined
      ? [
          {
            path: 'rules',
            message: 'Rules: a filter has a condition or rules, not both. Remove one of them.',
          },
        ]
      : []
  },

  examples: [
    {
      title: 'Only pushes to the main branch',
      config: { condition: "ref = 'refs/heads/main'" },
      input: push,
      output: { port: 'match', data: push },
    },
    {
      title: 'Orders of 100 and less go aside',
      config: { condition: 'total > 100' },
      input: { order: 'A-17', total: 80 },
      output: { port: 'otherwise', data: { order: 'A-17', total: 80 } },
    },
    {
      title: 'Rules: the main branch, and one of the commits says [deploy]',
      config: {
        rules: {
          all: [
            { field: 'message.ref', is: 'equals', value: 'refs/heads/main' },
            { field: 'message.commits.message', is: 'contains', value: '[deploy]' },
            { not: { field: 'message.deleted', is: 'equals', value: true } },
          ],
        },
      },
      input: push,
      output: { port: 'match', data: push },
    },
  ],

  async run({ condition, rules }, { input, event, holds }) {
    const expression =
      rules === undefined ? (condition ?? 'false') : ruleExpression(rules, networksOf(event, input))
    return { port: (await holds(expression)) ? 'match' : 'otherwise', data: input }
  },
})
