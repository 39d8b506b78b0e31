/** Where a node stands on the sample: what it made of it, or why nothing can be told. */
import type { Graph, GraphNode } from '../../nodes/contract/graph.ts'
import type { Json } from '../../nodes/contract/json.ts'
import { types } from '../parts/node-words.ts'
import { firstPort } from '../state/commands.ts'
import type { PreviewStep } from './preview.ts'

export type Standing =
  | { readonly kind: 'ran'; readonly step: PreviewStep }
  /** It is reached and would send something or answer somebody: that is not done here. */
  | { readonly kind: 'sends'; readonly input: Json }
  /** What comes before it sends: nobody knows what it would get. */
  | { readonly kind: 'behind'; readonly sender: GraphNode }
  /** `by` left by another port, or failed. */
  | { readonly kind: 'unreached'; readonly by: GraphNode; readonly port: string | null }
  | { readonly kind: 'unconnected' }
  /** No result yet. */
  | { readonly kind: 'unknown' }

export type StepsByNode = ReadonlyMap<string, PreviewStep>

export function standingOf(graph: Graph, steps: StepsByNode, nodeId: string): Standing {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]))
  const known = new Map<string, Standing>()
  const stand = (id: string): Standing => {
    const found = known.get(id) ?? look(id)
    known.set(id, found)
    return found
  }

  const look = (id: string): Standing => {
    const step = steps.get(id)
    const node = byId.get(id)
    if (step === undefined || node === undefined) return { kind: 'unknown' }
    if (step.state !== 'skipped') return { kind: 'ran', step }
    const own = graph.edges.filter(({ target }) => target === id)
    if (own.length === 0) return { kind: 'unconnected' }
    let unreached: Standing | undefined
    const live: [string, Json][] = []
    for (const edge of own) {
      const from = byId.get(edge.source)
      if (from === undefined) continue
      const before = stand(edge.source)
      if (before.kind === 'sends') return { kind: 'behind', sender: from }
      if (before.kind === 'behind' || before.kind === 'unknown') return before
      if (before.kind !== 'ran') {
        unreached ??= before
      } else if (before.step.port === (edge.sourceHandle ?? firstPort(from, types))) {
        live.push([edge.source, before.step.output ?? null])
      } else {
        unreached ??= { kind: 'unreached', by: from, port: before.step.port }
      }
    }
    const [only, ...others] = live
    if (only === undefined) return unreached ?? { kind: 'unconnected' }
    return { kind: 'sends', input: others.length === 0 ? only[1] : Object.fromEntries(live) }
  }
  return stand(nodeId)
}
