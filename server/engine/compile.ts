import type { AnyNodeType } from '../../nodes/contract/node.ts'
import { portsOf } from '../../nodes/contract/node.ts'
import { type Graph, type GraphNode, topologicalOrder } from '../../nodes/contract/graph.ts'
import { type Settings, compileSettings } from './settings.ts'

/** A published graph made ready to run: found once per version, used by every run of it. */
export interface CompiledGraph {
  /** In an order in which every edge points forward. */
  readonly nodes: readonly CompiledNode[]
  readonly byId: ReadonlyMap<string, CompiledNode>
}

export interface CompiledNode {
  readonly node: GraphNode
  readonly type: AnyNodeType
  readonly settings: Settings
  readonly incoming: readonly { readonly source: string; readonly port: string }[]
  /** Ports that an edge leaves. */
  readonly connected: ReadonlySet<string>
  /** All nodes from which a path leads here: what `$steps` may hold, the same on every execution. */
  readonly ancestors: ReadonlySet<string>
}

/** Throws when the graph has a fault that saving would have refused: a stored graph never does. */
export function compileGraph(graph: Graph, types: Readonly<Record<string, AnyNodeType>>): CompiledGraph {
  const order = topologicalOrder(graph)
  if (order === undefined) throw new Error('the stored graph has a cycle')
  const nodeById = new Map(graph.nodes.map((node) => [node.id, node]))
  const byId = new Map<string, CompiledNode>()
  for (const id of order) {
    const node = nodeById.get(id)
    const type = node && types[node.type]
    if (node === undefined || type === undefined)
      throw new Error(`the stored graph has an unknown node: ${id}`)
    const incoming = graph.edges
      .filter(({ target }) => target === id)
      .flatMap(({ source, sourceHandle }) => {
        const from = byId.get(source)
        return from === undefined ? [] : [{ source, port: sourceHandle ?? firstPort(from) }]
      })
    const ancestors = new Set(
      incoming.flatMap(({ source }) => [source, ...(byId.get(source)?.ancestors ?? [])]),
    )
    const first = Object.keys(portsOf(type, node.data.config))[0] ?? ''
    const leaving = graph.edges.filter(({ source }) => source === id)
    const connected = new Set(leaving.map(({ sourceHandle }) => sourceHandle ?? first))
    byId.set(id, {
      node,
      type,
      settings: compileSettings(type, node.data.config),
      incoming,
      connected,
      ancestors,
    })
  }
  return { nodes: [...byId.values()], byId }
}

const firstPort = ({ type, node }: Pick<CompiledNode, 'type' | 'node'>): string =>
  Object.keys(portsOf(type, node.data.config))[0] ?? ''
