import type { Graph, GraphNode } from './graph.ts'
import { type AnyNodeType, type NodeTypes, versionOf } from './node.ts'

/**
 * Brings every node's settings up to date with its type: the migrations from the version that it was saved in
 * (`data.version`, absent = 1) are applied in turn, and the version is written beside them. Unknown types and
 * versions that are newer than the type's stay as they are; a graph that is up to date is returned as the same object.
 */
export function migrateGraph(graph: Graph, types: NodeTypes): Graph {
  const nodes = graph.nodes.map((node) => {
    const type = Object.hasOwn(types, node.type) ? types[node.type] : undefined
    return type === undefined ? node : migrateNode(node, type)
  })
  return nodes.some((node, n) => node !== graph.nodes[n]) ? { ...graph, nodes } : graph
}

function migrateNode(node: GraphNode, type: AnyNodeType): GraphNode {
  const { config, version = 1 } = node.data
  const steps = type.migrations?.slice(version - 1) ?? []
  if (steps.length === 0) return node
  const migrated = steps.reduce((old, step) => step(old), config)
  return { ...node, data: { ...node.data, config: migrated, version: versionOf(type) } }
}
