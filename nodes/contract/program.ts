import { type Field, isExpression, isTemplate, resolutions, type Saved } from './field.ts'
import type { WrittenGraph } from './graph.ts'
import { isJsonObject } from './json.ts'
import type { AnyNodeType, NodeTypes } from './node.ts'
import { ruleExpression } from './rule-expression.ts'
import { ruleSchema } from './rules.ts'

/** A piece of source text in a graph, with its place: what the sandbox has to be able to parse. */
export interface Program {
  readonly nodeId: string
  /** As in a `Problem`: `config.url`, `config.cases.0.condition`. */
  readonly path: string
  readonly kind: 'jsonata' | 'template' | 'script'
  readonly source: string
}

type Found = Pick<Program, 'kind' | 'source'> & { readonly path: readonly string[] }

/**
 * Every expression, template, condition and script of a graph. Rule lists come compiled. Empty ones are left out: that
 * something is missing is a problem of its setting.
 */
export function programsOf(graph: WrittenGraph, types: NodeTypes): readonly Program[] {
  return graph.nodes.flatMap(({ id, type: typeId, data }) => {
    const type = Object.hasOwn(types, typeId) ? types[typeId] : undefined
    return type === undefined ? [] : inConfig(type, data.config).map((found) => placed(id, found))
  })
}

const placed = (nodeId: string, { path, kind, source }: Found): Program => ({
  nodeId,
  path: ['config', ...path].join('.'),
  kind,
  source,
})

const inConfig = (type: AnyNodeType, config: Saved): readonly Found[] =>
  Object.keys(type.fields).flatMap((name) =>
    inSetting(type.fields[name], config[name])
      .filter(({ source }) => source.trim() !== '')
      .map((found) => ({ ...found, path: [name, ...found.path] })),
  )

function inSetting(field: Field, saved: unknown): readonly Found[] {
  switch (resolutions[field.control]) {
    case 'value':
      return isExpression(saved) ? [{ path: [], kind: 'jsonata', source: saved.$ }] : []
    case 'template':
      return isExpression(saved) || isTemplate(saved) ? inDepth(saved) : []
    case 'deep':
      return inDepth(saved)
    case 'program':
      return inProgram(field, saved)
    case 'door':
      return inDoor(field, saved)
    default:
      return []
  }
}

function inDepth(saved: unknown): readonly Found[] {
  if (isExpression(saved)) return [{ path: [], kind: 'jsonata', source: saved.$ }]
  if (isTemplate(saved)) return [{ path: [], kind: 'template', source: saved }]
  if (typeof saved !== 'object' || saved === null) return []
  return Object.entries(saved).flatMap(([key, value]) =>
    inDepth(value).map((found) => ({ ...found, path: [key, ...found.path] })),
  )
}

function inProgram({ control }: Field, saved: unknown): readonly Found[] {
  if (control === 'rules') {
    const rule = ruleSchema.safeParse(saved)
    return rule.success ? [{ path: [], kind: 'jsonata', source: ruleExpression(rule.data, () => false) }] : []
  }
  if (control === 'cases') {
    return (Array.isArray(saved) ? saved : []).flatMap((each: unknown, n) =>
      isJsonObject(each) && typeof each.condition === 'string'
        ? [{ path: [String(n), 'condition'], kind: 'jsonata', source: each.condition } as const]
        : [],
    )
  }
  return typeof saved === 'string'
    ? [{ path: [], kind: control === 'script' ? 'script' : 'jsonata', source: saved }]
    : []
}

/** What makes two deliveries one may be an expression: `$: body.id`. */
function inDoor({ control }: Field, saved: unknown): readonly Found[] {
  const key = control === 'dedupe' && isJsonObject(saved) ? saved.key : undefined
  return typeof key === 'string' && key.startsWith('$:')
    ? [{ path: ['key'], kind: 'jsonata', source: key.slice(2) }]
    : []
}
