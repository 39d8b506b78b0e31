import { cases } from './contract/field.ts'
import { defineNode, type Ports } from './contract/node.ts'
import { isJsonObject } from './contract/json.ts'

export const switchNode = defineNode({
  id: 'switch',
  title: 'Switch',
  summary: 'Sends the message out by the first port whose condition holds.',
  icon: 'split',
  group: 'logic',

  fields: {
    cases: cases({
      label: 'Cases',
      help: 'Looked at from top to bottom: the first condition that holds decides. Conditions are JSONata over the message.',
    }),
  },
  sentence: ({ cases }) => ['By case:', [...portNames(cases), 'otherwise'].join(', ')],
  outputs: ({ cases }): Ports =>
    Object.fromEntries([
      ...portNames(cases).map((port) => [port, port] as const),
      ['otherwise', 'Otherwise'],
    ]),
  role: 'decides',
  pure: true,

  examples: [
    {
      title: 'A failed payment',
      config: {
        cases: [
          { port: 'paid', condition: "type = 'invoice.paid'" },
          { port: 'failed', condition: "type = 'invoice.payment_failed'" },
        ],
      },
      input: { type: 'invoice.payment_failed', data: { object: { id: 'in_1' } } },
      output: {
        port: 'failed',
        data: { type: 'invoice.payment_failed', data: { object: { id: 'in_1' } } },
      },
    },
    {
      title: 'No case holds',
      config: {
        cases: [
          { port: 'large', condition: 'total >= 1000' },
          { port: 'medium', condition: 'total >= 100' },
        ],
      },
      input: { total: 15 },
      output: { port: 'otherwise', data: { total: 15 } },
    },
  ],

  async run({ cases }, { input, holds }) {
    for (const { port, condition } of cases) if (await holds(condition)) return { port, data: input }
    return { port: 'otherwise', data: input }
  },
})

/** The ports that can be told from cases that may still be unfinished. */
const portNames = (cases: unknown): readonly string[] =>
  Array.isArray(cases)
    ? cases.flatMap((each: unknown) =>
        isJsonObject(each) && typeof each.port === 'string' && each.port !== 'otherwise' ? [each.port] : [],
      )
    : []
