/** What is known of the values that reach a node: from the preview of the sample, else from what its sender usually sends. */
import { type Graph, type GraphNode, topologicalOrder } from '../../../nodes/contract/graph.ts'
import { compilePath } from '../../../nodes/contract/path-pattern.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../nodes/contract/json.ts'
import type { AnyNodeType, Example } from '../../../nodes/contract/node.ts'
import { nodeTypes } from '../../../nodes/index.ts'
import { providers } from '../../../nodes/providers/index.ts'
import { firstPort } from '../../state/commands.ts'
import type { Sample } from '../../state/sample.ts'
import { titleOf } from '../../parts/node-words.ts'
import type { PreviewStep } from '../preview.ts'
import type { Shapes } from './shapes.ts'

interface World {
  readonly graph: Graph
  readonly nodeId: string
  readonly preview: ReadonlyMap<string, PreviewStep>
  readonly sample: Sample | undefined
  readonly workflow: { readonly id: string; readonly name: string }
}

const types: Readonly<Record<string, AnyNodeType>> = nodeTypes

/** The nodes that lead to this one, from the webhook on. */
export function ancestorsOf(graph: Graph, nodeId: string): readonly GraphNode[] {
  const found = new Set<string>()
  const look = (id: string): void => {
    for (const { source, target } of graph.edges) {
      if (target !== id || found.has(source)) continue
      found.add(source)
      look(source)
    }
  }
  look(nodeId)
  const order = topologicalOrder(graph) ?? []
  const byId = new Map(graph.nodes.map((node) => [node.id, node]))
  return order.flatMap((id) => (found.has(id) ? (byId.get(id) ?? []) : []))
}

export function shapesOf(world: World): Shapes {
  const { graph, nodeId, preview, sample, workflow } = world
  const start = startOf(world)
  const outputs = new Map<string, Json | undefined>()
  const earlier = ancestorsOf(graph, nodeId)
  const inputOf = (id: string): Json | undefined =>
    preview.get(id)?.input ?? joined(graph, id, preview, outputs)
  for (const node of earlier) outputs.set(node.id, outputOf(node, { start, preview, inputOf }))
  const self = graph.nodes.find(({ id }) => id === nodeId)
  const isStart = self !== undefined && types[self.type]?.role === 'starts'
  return {
    message: isStart ? start : inputOf(nodeId),
    event: eventOf(sample, start, graph),
    steps: Object.fromEntries(earlier.map(({ id }) => [id, outputs.get(id) ?? null])),
    stepLabels: Object.fromEntries(earlier.map((node) => [node.id, titleOf(node)])),
    run: { id: 'run_…', version: 1, kind: 'production', createdAt: '2027-01-31T09:00:00.000Z' },
    workflow,
  }
}

/** What the webhook emits. */
function startOf({ graph, preview, sample }: World): Json | undefined {
  const hook = graph.nodes.find(({ type }) => types[type]?.role === 'starts')
  const step = hook && preview.get(hook.id)
  if (step?.output !== undefined) return step.output
  if (sample?.kind === 'message') return sample.message
  const verification = hook?.data.config['verification']
  const scheme = isJsonObject(verification) ? verification['scheme'] : undefined
  const provider = typeof scheme === 'string' ? providers.get(scheme) : undefined
  // A scheme that anybody may use says nothing of what is sent.
  return provider?.type === undefined ? undefined : provider.samples[0]?.body
}

interface Told {
  readonly start: Json | undefined
  readonly preview: World['preview']
  readonly inputOf: (id: string) => Json | undefined
}

function outputOf({ id, type: typeId }: GraphNode, { start, preview, inputOf }: Told): Json | undefined {
  const step = preview.get(id)
  if (step?.state === 'succeeded' && step.output !== undefined) return step.output
  const type = types[typeId]
  if (type === undefined) return undefined
  if (type.role === 'starts') return start
  const examples: readonly Example[] = type.examples
  if (examples.every(({ input, output }) => isSame(input, output.data))) return inputOf(id)
  // What an HTTP request gives out has always the same form; what a transform or a script makes has not.
  return type.pure ? undefined : examples[0]?.output.data
}

const isSame = (one: Json, other: Json): boolean => JSON.stringify(one) === JSON.stringify(other)

/** As the engine joins: one message as it is, several by the ids of their nodes. */
function joined(
  graph: Graph,
  id: string,
  preview: World['preview'],
  outputs: ReadonlyMap<string, Json | undefined>,
): Json | undefined {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]))
  const live = graph.edges.flatMap(({ source, sourceHandle, target }) => {
    const from = byId.get(source)
    if (target !== id || from === undefined) return []
    const taken = preview.get(source)?.port ?? undefined
    const port = sourceHandle ?? firstPort(from, types)
    return taken === undefined || taken === port ? [[source, outputs.get(source)] as const] : []
  })
  const [first, ...others] = live
  if (first === undefined) return undefined
  if (others.length === 0) return first[1]
  return Object.fromEntries(live.map(([source, output]) => [source, output ?? null]))
}

function eventOf(sample: Sample | undefined, start: Json | undefined, graph: Graph): JsonObject {
  const pattern = graph.nodes.find(({ type }) => types[type]?.role === 'starts')?.data.config['path']
  const takes = compilePath(typeof pattern === 'string' ? pattern : '')
  const usual = {
    id: 'evt_…',
    method: 'POST',
    path: '',
    query: {},
    headers: { 'content-type': 'application/json' },
    body: start ?? null,
    rawBody: '…',
    receivedAt: '2027-01-31T09:00:00.000Z',
    ip: '192.0.2.1',
    type: null,
    version: null,
    params: paramsOf(typeof pattern === 'string' ? pattern : ''),
    verified: true,
  }
  if (sample?.kind !== 'event') return usual
  const { id, method, path, headers, ip, type, receivedAt, verified } = sample.event
  const [place = '', query = ''] = path.split('?')
  return {
    ...usual,
    id,
    method,
    ip,
    type,
    receivedAt,
    verified,
    path: place,
    params: (takes.ok ? takes.match(place) : undefined) ?? usual.params,
    query: Object.fromEntries(new URLSearchParams(query)),
    headers: Object.fromEntries(headers.map(({ name, value }) => [name.toLowerCase(), value])),
  }
}

/** The names of a path's parameters, for who writes an expression before anything came. */
const paramsOf = (pattern: string): JsonObject =>
  Object.fromEntries([...pattern.matchAll(/:([A-Za-z_]\w*)/g)].map(([, name = '']) => [name, '…']))
