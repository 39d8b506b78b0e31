/** What is to be mended in the open node: what its own declaration says at once, and what the server found in its programs. */
import type { Graph, GraphNode, Problem } from '../../nodes/contract/graph.ts'
import { settingProblems } from '../../nodes/contract/problems.ts'
import { nodeTypes } from '../../nodes/index.ts'

export interface NodeProblem {
  /** The setting it is about; `undefined` = the node itself. */
  readonly name: string | undefined
  /** Inside the setting: `0.condition`, or ''. */
  readonly path: string
  readonly message: string
}

/**
 * The server's answers are about the draft that it has: those about a setting that was changed since are left out until
 * it answers again.
 * @param saved the graph that the server has
 */
export function problemsOf(node: GraphNode, saved: Graph, told: readonly Problem[]): readonly NodeProblem[] {
  const own = settingProblems({ nodes: [node], edges: [] }, nodeTypes).filter(({ nodeId }) => nodeId !== null)
  const savedConfig = saved.nodes.find(({ id }) => id === node.id)?.data.config
  const theirs = told.filter(({ nodeId, path, message }) => {
    if (nodeId !== node.id || own.some((each) => each.path === path && each.message === message)) return false
    const name = settingOf(path)
    return name === undefined || savedConfig?.[name] === node.data.config[name]
  })
  return [...own, ...theirs].map(({ path, message }) => {
    const name = settingOf(path)
    return { name, path: name === undefined ? path : path.slice(`config.${name}.`.length), message }
  })
}

const settingOf = (path: string): string | undefined => /^config\.([^.]+)/.exec(path)?.[1]

/** The message without the label that stands over the field anyway. */
export function withoutLabel(message: string, label: string): string {
  const rest = message.startsWith(`${label}: `) ? message.slice(label.length + 2) : message
  return rest.charAt(0).toUpperCase() + rest.slice(1)
}
