/** What the compiler must refuse in a node type, checked by `npm run types`: an error that does not come is one itself. */
import { jsonata, number, select, text } from '../nodes/contract/field.ts'
import { defineNode, type Ports } from '../nodes/contract/node.ts'

const told = {
  id: 'x',
  title: '',
  summary: '',
  icon: '',
  group: 'logic',
  role: 'shapes',
  pure: true,
  examples: [],
  sentence: () => [],
} as const

defineNode({
  ...told,
  fields: { name: text({ label: 'Name' }), size: number({ label: 'Size', initial: 1 }) },
  outputs: { yes: 'Yes' },
  run(config, { input }) {
    const size: number = config.size
    const name: string = config.name
    // @ts-expect-error no such setting
    void config.missing
    // @ts-expect-error settings cannot be written to
    config.size = 2
    return { port: 'yes', data: [name, size, input] }
  },
})

defineNode({
  ...told,
  fields: {},
  outputs: { yes: 'Yes' },
  // @ts-expect-error 'no' is not a declared port
  run: (_config, { input }) => ({ port: 'no', data: input }),
})

defineNode({
  ...told,
  fields: {},
  outputs: { yes: 'Yes' },
  // @ts-expect-error a failure port is a declared port
  failurePort: 'error',
  run: (_config, { input }) => ({ port: 'yes', data: input }),
})

defineNode({
  ...told,
  fields: { expression: jsonata({ label: 'E' }) },
  outputs: { yes: 'Yes' },
  // @ts-expect-error an example may not use an undeclared port
  examples: [{ title: '', config: { expression: 'x' }, input: 1, output: { port: 'maybe', data: 1 } }],
  run: (_config, { input }) => ({ port: 'yes', data: input }),
})

defineNode({
  ...told,
  fields: { method: select({ label: 'M', options: ['GET', 'PUT'] }) },
  outputs: { yes: 'Yes' },
  // @ts-expect-error an example's settings are of their fields' types
  examples: [{ title: '', config: { method: 'POST' }, input: 1, output: { port: 'yes', data: 1 } }],
  run: ({ method }, { input }) => {
    const known: 'GET' | 'PUT' = method
    return { port: 'yes', data: [known, input] }
  },
})

defineNode({
  ...told,
  fields: {},
  outputs: { yes: 'Yes' },
  // @ts-expect-error what flows along an edge is JSON
  run: () => ({ port: 'yes', data: new Date() }),
})

defineNode({
  ...told,
  fields: { names: text({ label: 'Names' }) },
  outputs: ({ names = '' }): Ports => Object.fromEntries(names.split(',').map((name) => [name, name])),
  run: (_config, { input }) => ({ port: 'any', data: input }),
})
