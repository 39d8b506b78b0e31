import { jsonata } from './contract/field.ts'
import { defineNode } from './contract/node.ts'
import { shown } from './contract/shown.ts'

export const transform = defineNode({
  id: 'transform',
  title: 'Transform',
  summary: 'Makes a new message from the one that arrives.',
  icon: 'braces',
  group: 'shape',

  fields: {
    expression: jsonata({
      label: 'Expression',
      help: 'JSONata; its value is the new message. $event is the request, $steps the outputs of earlier nodes.',
    }),
  },
  sentence: ({ expression }) => ['Make', shown(expression)],
  outputs: { out: 'Out', error: 'Error' },
  failurePort: 'error',
  role: 'shapes',
  pure: true,

  examples: [
    {
      title: 'A push as a line of text',
      config: { expression: "{ 'text': pusher.name & ' pushed ' & $count(commits) & ' commits' }" },
      input: { pusher: { name: 'octocat' }, commits: [{ id: 'a1' }, { id: 'b2' }] },
      output: { port: 'out', data: { text: 'octocat pushed 2 commits' } },
    },
    {
      title: 'Order lines as a total',
      config: { expression: "{ 'order': id, 'total': $sum(lines.(price * quantity)) }" },
      input: {
        id: 'A-17',
        lines: [
          { price: 20, quantity: 2 },
          { price: 5, quantity: 1 },
        ],
      },
      output: { port: 'out', data: { order: 'A-17', total: 45 } },
    },
    {
      title: 'What is not there becomes null',
      config: { expression: 'customer.email' },
      input: { customer: {} },
      output: { port: 'out', data: null },
    },
  ],

  run: async ({ expression }, { evaluate }) => ({ port: 'out', data: await evaluate(expression) }),
})
