/** What is different between two graphs, as a person wants to hear it: nodes and their settings, not lines of JSON. */
import type { Graph, GraphEdge, GraphNode, GraphNote } from '../../nodes/contract/graph.ts'
import { isJsonObject } from '../../nodes/contract/json.ts'
import { nodeTypes } from '../../nodes/index.ts'
import { firstPort } from './commands.ts'

/** One setting that differs. Absent: it is not there. */
export interface SettingChange {
  /** From the node: `label`, `type`, `config.verification.scheme`, `config.cases[0].condition`. */
  readonly path: string
  readonly before?: unknown
  readonly after?: unknown
}

export interface NodeChange {
  readonly before: GraphNode
  readonly after: GraphNode
  readonly settings: readonly SettingChange[]
}

export interface GraphDiff {
  readonly added: readonly GraphNode[]
  readonly removed: readonly GraphNode[]
  readonly changed: readonly NodeChange[]
  /** Nodes and notes that only stand somewhere else, by id. */
  readonly moved: readonly string[]
  readonly edges: { readonly added: readonly GraphEdge[]; readonly removed: readonly GraphEdge[] }
  readonly notes: {
    readonly added: readonly GraphNote[]
    readonly removed: readonly GraphNote[]
    readonly changed: readonly { readonly before: GraphNote; readonly after: GraphNote }[]
  }
}

/** What has to be done to `a` to make it `b`. */
export function diffGraphs(a: Graph, b: Graph): GraphDiff {
  const nodes = pair(a.nodes, b.nodes)
  const changed = nodes.both.flatMap(([before, after]) => {
    const settings = settingChanges(before, after)
    return settings.length === 0 ? [] : [{ before, after, settings }]
  })
  const notes = pair(a.notes ?? [], b.notes ?? [])
  const rewritten = notes.both.filter(([before, after]) => before.text !== after.text)
  const touched = new Set([...changed.map(({ after }) => after.id), ...rewritten.map(([, { id }]) => id)])
  const moved = [...nodes.both, ...notes.both].flatMap(([before, after]) =>
    touched.has(after.id) || standsAt(before) === standsAt(after) ? [] : [after.id],
  )
  const [before, after] = [edgesByEnds(a), edgesByEnds(b)]
  return {
    added: nodes.added,
    removed: nodes.removed,
    changed,
    moved,
    edges: { added: absentFrom(before, after), removed: absentFrom(after, before) },
    notes: {
      added: notes.added,
      removed: notes.removed,
      changed: rewritten.map(([before, after]) => ({ before, after })),
    },
  }
}

/** Whether the two do the same: what stands where, and what is noted, does nothing. */
export function isSameWork({ added, removed, changed, edges }: GraphDiff): boolean {
  return [added, removed, changed, edges.added, edges.removed].every(({ length }) => length === 0)
}

export const isSameGraph = (diff: GraphDiff): boolean =>
  isSameWork(diff) &&
  [diff.moved, diff.notes.added, diff.notes.removed, diff.notes.changed].every(({ length }) => length === 0)

interface Named {
  readonly id: string
}

function pair<T extends Named>(a: readonly T[], b: readonly T[]) {
  const before = new Map(a.map((item) => [item.id, item]))
  const after = new Set(b.map(({ id }) => id))
  return {
    added: b.filter(({ id }) => !before.has(id)),
    removed: a.filter(({ id }) => !after.has(id)),
    both: b.flatMap((item): readonly (readonly [T, T])[] => {
      const old = before.get(item.id)
      return old === undefined || old === item ? [] : [[old, item]]
    }),
  }
}

const standsAt = (item: GraphNode | GraphNote): string => {
  const size = 'width' in item ? [item.width, item.height] : []
  return [item.position.x, item.position.y, ...size].join(' ')
}

/** An edge is its two ends and its port: what it is called, and whether the first port is named, is nobody's change. */
function edgesByEnds({ nodes, edges }: Graph): ReadonlyMap<string, GraphEdge> {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  return new Map(
    edges.map((edge) => {
      const from = byId.get(edge.source)
      const port = edge.sourceHandle ?? (from === undefined ? '' : firstPort(from, nodeTypes))
      return [`${edge.source} ${port} ${edge.target}`, edge]
    }),
  )
}

const absentFrom = (
  some: ReadonlyMap<string, GraphEdge>,
  from: ReadonlyMap<string, GraphEdge>,
): readonly GraphEdge[] => [...from].flatMap(([ends, edge]) => (some.has(ends) ? [] : [edge]))

function settingChanges(before: GraphNode, after: GraphNode): readonly SettingChange[] {
  return [
    ...changes('type', before.type, after.type),
    ...changes('label', before.data.label, after.data.label),
    ...changes('config', before.data.config, after.data.config),
  ]
}

/** As deep as both have the same form; what is there on one side only is told as a whole. */
function changes(path: string, before: unknown, after: unknown): readonly SettingChange[] {
  if (isEqual(before, after)) return []
  if (isJsonObject(before) && isJsonObject(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)])
    return [...names].flatMap((name) => changes(`${path}.${name}`, before[name], after[name]))
  }
  if (Array.isArray(before) && Array.isArray(after)) return listChanges(path, before, after)
  return [{ path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }]
}

/** What is equal at the beginning and at the end is the same items: one that is put in between is one change. */
function listChanges(
  path: string,
  before: readonly unknown[],
  after: readonly unknown[],
): readonly SettingChange[] {
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && isEqual(before[start], after[start])) start += 1
  let end = 0
  while (end < shorter - start && isEqual(before.at(-1 - end), after.at(-1 - end))) end += 1
  const [old, now] = [before.slice(start, before.length - end), after.slice(start, after.length - end)]
  return Array.from({ length: Math.max(old.length, now.length) }, (_, at) =>
    changes(`${path}[${start + at}]`, old[at], now[at]),
  ).flat()
}

/** Equal as JSON is, whatever the order of names; a name without a value is not there. */
function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, at) => isEqual(item, b[at]))
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => isEqual(a[name], b[name]))
}
