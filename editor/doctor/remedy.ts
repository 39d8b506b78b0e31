/** What a remedy makes of a webhook node's settings. Pure. */
import type { Remedy } from '../../nodes/contract/diagnosis.ts'
import type { Saved } from '../../nodes/contract/field.ts'
import type { Graph } from '../../nodes/contract/graph.ts'
import { isJsonObject } from '../../nodes/contract/json.ts'
import { configure } from '../state/commands.ts'

export type SettingRemedy = Extract<Remedy, { kind: 'setting' }>

/** What belongs to the person and not to the sender: it stays when another sender is chosen. */
const kept: ReadonlySet<string> = new Set(['secret', 'secrets'])

/** The setting after the change: the fields of an object are merged and null takes one away; all else takes its place. */
export function changed(before: unknown, { field, change }: SettingRemedy): unknown {
  if (!isJsonObject(change)) return change
  const saved = isJsonObject(before) ? before : {}
  const isOther = field === 'verification' && 'scheme' in change && change['scheme'] !== saved['scheme']
  const base = isOther ? Object.entries(saved).filter(([name]) => kept.has(name)) : Object.entries(saved)
  const merged = { ...Object.fromEntries(base), ...change }
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null))
}

/** The graph with its webhook node changed; the same graph where it has none. */
export function mended(graph: Graph, remedy: SettingRemedy): Graph {
  const node = graph.nodes.find(({ type }) => type === 'webhook')
  if (node === undefined) return graph
  const config: Saved = node.data.config
  return configure(graph, node.id, remedy.field, changed(config[remedy.field], remedy))
}
