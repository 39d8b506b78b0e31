import type { Graph, GraphNode } from '../../nodes/contract/graph.ts'
import { type Fields, type Saved, isSecretReference, isTemplate } from '../../nodes/contract/field.ts'
import { isJsonObject } from '../../nodes/contract/json.ts'
import type { AnyNodeType } from '../../nodes/contract/node.ts'
import type { Secrets } from './secrets.ts'

/** Where the settings of a verification hold secrets. */
const verificationSecrets = ['secret', 'verifyToken'] as const

/**
 * The graph with every secret that was typed into it as text taken out, stored encrypted under a name of its own, and
 * referred to: so no answer, export or draft ever holds one. The same text at the same place keeps its name, so saving
 * twice changes nothing; another text takes another name wherever somebody else still needs the old one.
 * @param owner what the names begin with: the workflow's key
 * @param mayReplace whether nothing but the draft that is being replaced refers to a secret of that name
 */
export async function vault(
  graph: Graph,
  {
    types,
    secrets,
    owner,
    mayReplace,
  }: {
    readonly types: Readonly<Record<string, AnyNodeType>>
    readonly secrets: Pick<Secrets, 'reveal' | 'put'>
    readonly owner: string
    readonly mayReplace: (name: string) => Promise<boolean>
  },
): Promise<Graph> {
  const keep = async (value: unknown, node: GraphNode, path: string): Promise<unknown> => {
    if (typeof value !== 'string' || value === '') return value
    const free: string[] = []
    for (let n = 1; ; n += 1) {
      const name = nameOf(owner, node.id, n === 1 ? path : `${path}-${n}`)
      const text = await secrets.reveal(name)
      if (text === value) return { $secret: name }
      if (text === undefined || (await mayReplace(name))) free.push(name)
      if (text === undefined) break
    }
    const [name = ''] = free
    await secrets.put(name, value)
    return { $secret: name }
  }

  const ofVerification = async (saved: unknown, node: GraphNode): Promise<unknown> => {
    if (!isJsonObject(saved)) return saved
    const found: Record<string, unknown> = { ...saved }
    for (const name of verificationSecrets) {
      if (name in found) found[name] = await keep(found[name], node, name)
    }
    if (Array.isArray(found['secrets'])) {
      const kept: unknown[] = []
      for (const [at, item] of found['secrets'].entries())
        kept.push(await keep(item, node, `secrets-${at + 1}`))
      found['secrets'] = kept
    }
    return found
  }

  /** A template is no text to hide, but a program that finds the secret: it stays readable. */
  const ofSigning = async (saved: unknown, node: GraphNode, name: string): Promise<unknown> => {
    if (isTemplate(saved)) return saved
    if (isJsonObject(saved) && 'secret' in saved)
      return { ...saved, secret: await ofSigning(saved['secret'], node, name) }
    return keep(saved, node, name)
  }

  const ofNode = async (node: GraphNode): Promise<GraphNode> => {
    const fields = types[node.type]?.fields as Fields | undefined
    const config: Record<string, unknown> = { ...node.data.config }
    for (const [name, { control }] of Object.entries(fields ?? {})) {
      if (!(name in config)) continue
      if (control === 'secret') config[name] = await keep(config[name], node, name)
      if (control === 'signing') config[name] = await ofSigning(config[name], node, name)
      if (control === 'verification') config[name] = await ofVerification(config[name], node)
    }
    return { ...node, data: { ...node.data, config: config satisfies Saved } }
  }

  return { ...graph, nodes: await Promise.all(graph.nodes.map(ofNode)) }
}

/** The names of all secrets that a graph refers to. */
export function secretsOf({ nodes }: Graph): ReadonlySet<string> {
  const names = new Set<string>()
  const look = (value: unknown): void => {
    if (isSecretReference(value)) names.add(value.$secret)
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(look)
  }
  for (const { data } of nodes) look(data.config)
  return names
}

/** `push-to-slack_hook_secret`; at most 64 characters, of which the last tell it apart. */
function nameOf(owner: string, nodeId: string, path: string): string {
  const name = `${owner}_${nodeId}_${path}`.slice(-62)
  return /^[A-Za-z_]/.test(name) ? name : `s_${name}`
}
