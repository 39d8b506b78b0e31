import { number, script } from './contract/field.ts'
import { defineNode } from './contract/node.ts'

const timeoutMsMax = 60_000
const memoryMbMax = 512

export const scriptNode = defineNode({
  id: 'script',
  title: 'Script',
  summary: 'Runs JavaScript over the message; what it returns is the new message.',
  icon: 'code',
  group: 'shape',

  fields: {
    code: script({
      label: 'Code',
      help: 'The body of an async function of (message, event, steps). It reaches no network and no files; console.log goes to the log of the step.',
    }),
    timeoutMs: number({
      label: 'Time limit (ms)',
      help: 'The script is ended when it takes longer.',
      initial: 5_000,
      least: 1,
      most: timeoutMsMax,
    }),
    memoryMb: number({
      label: 'Memory limit (MB)',
      help: 'The script is ended when it needs more.',
      initial: 64,
      least: 8,
      most: memoryMbMax,
    }),
  },
  sentence: ({ code }) => ['Run', firstLine(code)],
  outputs: { out: 'Out', error: 'Error' },
  failurePort: 'error',
  role: 'acts',
  pure: true,

  examples: [
    {
      title: 'Group order lines by product',
      config: {
        code: [
          'const totals = {}',
          'for (const { product, quantity } of message.lines) {',
          '  totals[product] = (totals[product] ?? 0) + quantity',
          '}',
          'return totals',
        ].join('\n'),
      },
      input: {
        lines: [
          { product: 'cup', quantity: 2 },
          { product: 'plate', quantity: 1 },
          { product: 'cup', quantity: 3 },
        ],
      },
      output: { port: 'out', data: { cup: 5, plate: 1 } },
    },
    {
      title: 'The request is there beside the message',
      config: { code: 'return { ...message, via: event.method }' },
      input: { id: 7 },
      output: { port: 'out', data: { id: 7, via: 'POST' } },
    },
  ],

  run: async ({ code, timeoutMs, memoryMb }, { script }) => ({
    port: 'out',
    data: await script(code, { timeoutMs, memoryMb }),
  }),
})

/** What a reader of the card recognises: the first line that says something. */
const firstLine = (code: unknown): string =>
  (typeof code === 'string' ? code.split('\n') : []).map((line) => line.trim()).find((line) => line !== '') ??
  '…'
