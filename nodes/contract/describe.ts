import * as z from 'zod/mini'
import type { Field, Fields } from './field.ts'
import { type AnyNodeType, type Example, portsOf, versionOf } from './node.ts'

/** A node type as JSON, for those who do not load this code: `GET /api/node-types`, documents, other editors. */
export function describeNodeType(type: AnyNodeType) {
  const failurePort: string | undefined = type.failurePort
  return {
    id: type.id,
    title: type.title,
    summary: type.summary,
    icon: type.icon,
    group: type.group,
    role: type.role,
    version: versionOf(type),
    /** Of a node without settings; a switch has one more for each case. */
    ports: Object.entries(portsOf(type, {})).map(([id, label]) => ({ id, label })),
    dynamicPorts: typeof type.outputs === 'function',
    failurePort: failurePort ?? null,
    fields: Object.entries(type.fields as Fields).map(([name, field]) => describeField(name, field)),
    examples: (type.examples as readonly Example[]).map(({ title, config, input, answers, output }) => ({
      title,
      config,
      input,
      ...(answers !== undefined && { answers }),
      output,
    })),
  }
}

export type NodeTypeDescription = ReturnType<typeof describeNodeType>

function describeField(name: string, field: Field) {
  const { label, help = '', control, initial, schema } = field
  return {
    name,
    label,
    help,
    control: control as string,
    required: !schema.safeParse(initial).success,
    ...(initial !== undefined && { initial }),
    ...(field.control === 'select' && { options: field.options }),
    ...(field.control === 'text' && { lines: field.lines }),
    /** Of the plain value; a saved one may be an expression, a template or a secret where the control allows it. */
    schema: z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Readonly<
      Record<string, unknown>
    >,
  }
}
