import { body, headers, number } from './contract/field.ts'
import { defineNode } from './contract/node.ts'
import { shown } from './contract/shown.ts'

export const respond = defineNode({
  id: 'respond',
  title: 'Respond',
  summary: 'Answers the caller of the hook and passes the message on.',
  icon: 'reply',
  group: 'send',

  fields: {
    status: number({
      label: 'Status',
      help: 'The webhook node must let the workflow answer. Only the first answer of a run is sent.',
      initial: 200,
      least: 200,
      most: 599,
    }),
    headers: headers({
      label: 'Headers',
      help: 'Without a content-type, text goes out as text/plain and anything else as JSON.',
    }),
    body: body({
      label: 'Body',
      help: 'Text with {{ JSONata }} inside, or JSON. The message when left out.',
    }),
  },
  sentence: ({ status }) => ['Answer', shown(status, '200')],
  outputs: { out: 'Out' },
  role: 'acts',
  pure: false,

  examples: [
    {
      title: 'Say that it was taken',
      config: { status: 202, body: { accepted: true } },
      input: { id: 'A-17' },
      output: { port: 'out', data: { id: 'A-17' } },
    },
    {
      title: 'Give the message back',
      config: {},
      input: { price: 12.5, currency: 'EUR' },
      output: { port: 'out', data: { price: 12.5, currency: 'EUR' } },
    },
  ],

  run({ status, headers, body }, { input, respond }) {
    const answer = body === undefined ? input : body
    const typed = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')
    const type = typeof answer === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8'
    respond({ status, headers: typed ? headers : { 'content-type': type, ...headers }, body: answer })
    return { port: 'out', data: input }
  },
})
