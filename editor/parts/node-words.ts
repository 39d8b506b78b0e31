/** What a node is, in words: its kind, its title, its ports, its sentence. */
import type { GraphEdge, GraphNode } from '../../nodes/contract/graph.ts'
import { type AnyNodeType, type NodeTypes, type Ports, portsOf } from '../../nodes/contract/node.ts'
import { nodeTypes } from '../../nodes/index.ts'

export const types: NodeTypes = nodeTypes

export const typeOf = (id: string): AnyNodeType | undefined =>
  Object.hasOwn(types, id) ? types[id] : undefined

/** What a person calls a node: its label, else what it is. */
export const titleOf = ({ type, data }: Pick<GraphNode, 'type' | 'data'>): string => titled(type, data.label)

export const titled = (type: string, label: string | undefined): string =>
  label?.trim() || (typeOf(type)?.title ?? type)

/** A node type that this Hookloom does not know keeps its card, with one port. */
export function portsOfNode({ type, data }: GraphNode): Ports {
  const declared = typeOf(type)
  return declared === undefined ? { out: 'Out' } : portsOf(declared, data.config)
}

/** The port of its source that an edge leaves: the first one where it names none. */
export const portOfEdge = ({ sourceHandle }: GraphEdge, source: GraphNode): string | undefined =>
  sourceHandle ?? Object.keys(portsOfNode(source))[0]

/** The port that a node of this kind left by, where that says something: most leave by `out`. Cases are called as in the graph. */
export function portWord(type: string, port: string): string | undefined {
  if (port === 'out') return undefined
  const declared = typeOf(type)
  return (declared && portsOf(declared, {})[port]) ?? port
}

export const portLabel = (node: GraphNode, port: string): string => portsOfNode(node)[port] ?? port

/** What the node does with its settings. */
export function sentenceOf({ type, data }: GraphNode): string {
  const declared = typeOf(type)
  if (declared === undefined) return 'This Hookloom does not know this kind of node.'
  try {
    return declared.sentence(data.config).join(' ')
  } catch {
    // A setting of a wrong kind is one of its problems; the sentence waits until it is mended.
    return declared.summary
  }
}
