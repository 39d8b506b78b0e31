/** What went through a workflow, in the words of the canvas. */
import type { Activity } from '../../nodes/contract/api.ts'
import type { Graph, GraphEdge } from '../../nodes/contract/graph.ts'
import { count } from '../parts/words.ts'
import { portsOfNode, titleOf } from '../parts/node-words.ts'
import type { Crossing } from './crossings.tsx'
import type { Mark, Outcome } from './marks.ts'

const nodeOf = (activity: Activity, id: string) => activity.nodes.find(({ nodeId }) => nodeId === id)

const portOf = (graph: Graph, { source, sourceHandle }: GraphEdge): string | undefined => {
  const node = graph.nodes.find(({ id }) => id === source)
  return sourceHandle ?? (node && Object.keys(portsOfNode(node))[0])
}

/** How many messages each node handled, and how many of them it failed on. */
export function activityMarks(graph: Graph, activity: Activity): ReadonlyMap<string, Mark> {
  return new Map(
    graph.nodes.map(({ id }): [string, Mark] => {
      const node = nodeOf(activity, id)
      const passed = node?.ports.reduce((sum, port) => sum + port.count, 0) ?? 0
      const failed = node?.failed ?? 0
      if (passed + failed === 0)
        return [id, { problems: [], outcome: undefined, aside: activity.counted > 0 }]
      const text = `${count(passed)} passed${failed === 0 ? '' : `, ${count(failed)} failed`}`
      const outcome: Outcome =
        failed > 0
          ? { state: 'failed', count: failed, text, port: undefined }
          : { state: 'succeeded', count: passed, text, port: undefined }
      return [id, { problems: [], outcome, aside: false }]
    }),
  )
}

/** How many messages crossed each edge. */
export function edgeCounts(graph: Graph, activity: Activity) {
  const counts = new Map(
    graph.edges.map((edge) => {
      const port = portOf(graph, edge)
      return [edge.id, nodeOf(activity, edge.source)?.ports.find((one) => one.port === port)?.count ?? 0]
    }),
  )
  const passed = new Set([...counts].flatMap(([id, crossed]) => (crossed > 0 ? [id] : [])))
  return { counts, passed: activity.counted === 0 ? undefined : passed }
}

/** Who crossed an edge or left a node last; `undefined` when it is gone. */
export function crossingOf(graph: Graph, activity: Activity, id: string): Crossing | undefined {
  const titles = new Map(graph.nodes.map((node) => [node.id, titleOf(node)]))
  const edge = graph.edges.find((one) => one.id === id)
  if (edge !== undefined) {
    const port = portOf(graph, edge)
    const ports = nodeOf(activity, edge.source)?.ports.filter((one) => one.port === port) ?? []
    return { title: `${titles.get(edge.source) ?? ''} → ${titles.get(edge.target) ?? ''}`, failed: 0, ports }
  }
  const node = nodeOf(activity, id)
  const title = titles.get(id)
  return title === undefined ? undefined : { title, failed: node?.failed ?? 0, ports: node?.ports ?? [] }
}
