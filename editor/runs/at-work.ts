import type { Run } from '../../nodes/contract/api.ts'
import type { Graph, GraphEdge, GraphNode } from '../../nodes/contract/graph.ts'
import { portOfEdge, typeOf } from '../parts/node-words.ts'

/** Of a node that no step is recorded of: it works, something before it may still lead here, or nothing can. */
type Fate = 'at work' | 'open' | 'dead'

/**
 * The ids of the nodes that are at work in a run, told from its recorded steps and the graph that it runs, as the engine
 * plans: a message came in by an edge, none is still to come, and the node has no step yet. A join does not wait for a
 * branch that was not taken. A node whose step waits is not at work, and nothing is in a run that does not go on.
 *
 * Nodes that send nothing are recorded together, so the first of a row of them stands for the row.
 */
export function nodesAtWork(graph: Graph, run: Pick<Run, 'state' | 'steps'>): ReadonlySet<string> {
  if (run.state !== 'running' && run.state !== 'accepted') return new Set()
  const steps = Map.groupBy(run.steps, ({ nodeId }) => nodeId)
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const incoming = Map.groupBy(graph.edges, ({ target }) => target)
  const fates = new Map<string, Fate>()

  const wayOf = (edge: GraphEdge): 'live' | 'open' | 'dead' => {
    const source = nodes.get(edge.source)
    if (source === undefined) return 'dead'
    const ran = steps.get(source.id)
    if (ran === undefined) return fateOf(source) === 'dead' ? 'dead' : 'open'
    if (ran.some(({ state }) => state === 'waiting')) return 'open'
    const port = portOfEdge(edge, source)
    return ran.some((step) => step.port === port) ? 'live' : 'dead'
  }
  const fateOf = (node: GraphNode): Fate => {
    const known = fates.get(node.id)
    if (known !== undefined) return known
    // A draft may hold a circle for a moment: whoever comes here again on the way finds it open.
    fates.set(node.id, 'open')
    const ways = (incoming.get(node.id) ?? []).map(wayOf)
    const isReached = typeOf(node.type)?.role === 'starts' || ways.includes('live')
    const fate = ways.includes('open') ? 'open' : isReached ? 'at work' : 'dead'
    fates.set(node.id, fate)
    return fate
  }
  const found = graph.nodes.filter((node) => !steps.has(node.id) && fateOf(node) === 'at work')
  return new Set(found.map(({ id }) => id))
}
