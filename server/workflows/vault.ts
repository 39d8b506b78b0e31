import type { Graph, GraphNode } from '../../nodes/contract/graph.ts'
import { type Fields, type Saved, isTemplate } from '../../nodes/contract/field.ts'
import { isJsonObject } from '../../nodes/contract/json.ts'
import type { AnyNodeType } from '../../nodes/contract/node.ts'
import type { Secrets } from './secrets.ts'

/** Where the settings of a verification hold secrets. */
const verificationSecrets = ['secret', 'verifyToken'] as const

/**
 * The graph with every secret that was typed into it as text taken out, stored encrypted under a name of its own, and
 * referred to: so no answer, export or draft ever holds one. The same text at the same place keeps its name, so saving
 * twice changes nothing.
 * @param owner what the names begin with: the workflow's key
 */
export async function vault(
  graph: Graph,
  {
    types,
    secrets,
    owner,
  }: {
    readonly types: Readonly<Record<string, AnyNodeType>>
    readonly secrets: Pick<Secrets, 'reveal' | 'put'>
    readonly owner: string
  },
): Promise<Graph> {
  const keep = async (value: unknown, node: GraphNode, path: string): Promise<unknown> => {
    if (typeof value !== 'string' || value === '' || isTemplate(value)) return value
    const name = nameOf(owner, node.id, path)
    if ((await secrets.reveal(name)) !== value) await secrets.put(name, value)
    return { $secret: name }
  }

  const ofVerification = async (saved: unknown, node: GraphNode): Promise<unknown> => {
    if (!isJsonObject(saved)) return saved
    const found: Record<string, unknown> = { ...saved }
    for (const name of verificationSecrets) {
      if (name in found) found[name] = await keep(found[name], node, name)
    }
    if (Array.isArray(found['secrets'])) {
      const kept = found['secrets'].map((item, at) => keep(item, node, `secret-${at + 1}`))
      found['secrets'] = await Promise.all(kept)
    }
    return found
  }

  const ofNode = async (node: GraphNode): Promise<GraphNode> => {
    const fields = types[node.type]?.fields as Fields | undefined
    const config: Record<string, unknown> = { ...node.data.config }
    for (const [name, field] of Object.entries(fields ?? {})) {
      if (!(name in config)) continue
      if (field.control === 'secret') config[name] = await keep(config[name], node, name)
      if (field.control === 'verification') config[name] = await ofVerification(config[name], node)
    }
    return { ...node, data: { ...node.data, config: config satisfies Saved } }
  }

  return { ...graph, nodes: await Promise.all(graph.nodes.map(ofNode)) }
}

/** `push-to-slack_hook_secret`; at most 64 characters, of which the last tell it apart. */
function nameOf(owner: string, nodeId: string, path: string): string {
  const name = `${owner}_${nodeId}_${path}`.slice(-62)
  return /^[A-Za-z_]/.test(name) ? name : `s_${name}`
}
