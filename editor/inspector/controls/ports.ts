/** Cases and the ports that they make. Pure. */
import type { Case } from '../../../nodes/contract/field.ts'
import { portPattern } from '../../../nodes/contract/field.ts'
import type { Graph } from '../../../nodes/contract/graph.ts'
import { isJsonObject } from '../../../nodes/contract/json.ts'
import { freshId } from '../../state/commands.ts'

/** Cases as they can be drawn, finished or not. */
export const casesOf = (value: unknown): readonly Case[] =>
  (Array.isArray(value) ? value : []).map((each: unknown) => ({
    port: isJsonObject(each) && typeof each['port'] === 'string' ? each['port'] : '',
    condition: isJsonObject(each) && typeof each['condition'] === 'string' ? each['condition'] : '',
  }))

export function addCase(cases: readonly Case[]): readonly Case[] {
  const taken = new Set([...cases.map(({ port }) => port), 'otherwise', 'case'])
  return [...cases, { port: freshId('case', taken).replace(/^case$/, 'case1'), condition: '' }]
}

const portLengthMax = 64

/** A case for the events of one type, by a port that is named like it. */
export function addTypeCase(cases: readonly Case[], type: string): readonly Case[] {
  const named = type
    .replaceAll(/[^A-Za-z0-9_]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, portLengthMax - 4)
  const taken = new Set([...cases.map(({ port }) => port), 'otherwise'])
  const condition = `$event.type = ${JSON.stringify(type)}`
  return [...cases, { port: freshId(named === '' ? 'type' : named, taken), condition }]
}

/** The case in another place; the same list when there is none. */
export function moveCase(cases: readonly Case[], from: number, to: number): readonly Case[] {
  const moved = cases[from]
  if (moved === undefined || to < 0 || to >= cases.length || from === to) return cases
  return cases.filter((_, at) => at !== from).toSpliced(to, 0, moved)
}

/** Why a case cannot have this port; `undefined` when it can. */
export function whyNoPort(cases: readonly Case[], at: number, port: string): string | undefined {
  if (port === '') return 'Give the port a name.'
  if (port === 'otherwise') return '“otherwise” is there already: give this port another name.'
  if (!portPattern.test(port)) return 'Up to 64 letters, digits, dashes and underscores.'
  return cases.some((each, other) => other !== at && each.port === port)
    ? `There is a port “${port}” already: every name stands once.`
    : undefined
}

/** What left by one port of a node leaves by another. */
export function renamePort(graph: Graph, nodeId: string, from: string, to: string): Graph {
  if (!graph.edges.some(({ source, sourceHandle }) => source === nodeId && sourceHandle === from))
    return graph
  return {
    ...graph,
    edges: graph.edges.map((edge) =>
      edge.source === nodeId && edge.sourceHandle === from ? { ...edge, sourceHandle: to } : edge,
    ),
  }
}
