import { type GraphEdge, type Problem, type WrittenGraph, type WrittenNode, nodeIdPattern } from './graph.ts'
import { edgesMax, nodesMax } from './graph.ts'
import { nearest } from './nearest.ts'
import { type AnyNodeType, type NodeTypes, portsOf, versionOf } from './node.ts'
import { settingIssues } from './setting.ts'

export { programsOf, type Program } from './program.ts'

/**
 * The faults in a graph's shape, which keep it from being saved: too many nodes or edges, a bad or doubled id, an unknown
 * type or port, an edge to nowhere, to itself or into the webhook node, two webhook nodes, a cycle.
 * A node that no path from the webhook reaches is no fault: it is how a graph looks while it is being drawn, and it never runs.
 * A node type has one input, so `targetHandle` is kept and means nothing.
 */
export function shapeProblems(graph: WrittenGraph, types: NodeTypes): readonly Problem[] {
  const { nodes, edges } = graph
  if (nodes.length > nodesMax)
    return [
      inGraph('nodes', `A graph has at most ${nodesMax} nodes; this one has ${nodes.length}. Split it.`),
    ]
  if (edges.length > edgesMax)
    return [
      inGraph('edges', `A graph has at most ${edgesMax} edges; this one has ${edges.length}. Split it.`),
    ]
  const byId = new Map(nodes.map((node) => [node.id, node]))
  return [
    ...nodes.flatMap((node) => nodeProblems(node, types)),
    ...twice(nodes).map((id) => ({
      nodeId: id,
      path: 'id',
      message: `Two nodes have the id "${id}": give one of them another.`,
    })),
    ...twice(edges).map((id) =>
      inGraph(`edges.${id}`, `Two edges have the id "${id}": give one of them another.`),
    ),
    ...startProblems(nodes, types),
    ...edges.flatMap((edge) => edgeProblems(edge, byId, types)),
    ...cycleProblems(graph, byId),
  ]
}

/**
 * What is to be mended before a graph can be published: no webhook node yet, a missing, unknown or wrong setting, a
 * reference to a secret where none can stand. Expressions, templates and secrets stand for values that are not known
 * yet and are checked when the step runs; whether a program parses is for the sandbox to say, see `programsOf`.
 */
export function settingProblems(graph: WrittenGraph, types: NodeTypes): readonly Problem[] {
  const started = graph.nodes.some(({ type }) => typeOf(types, type)?.role === 'starts')
  const start = inGraph('nodes', 'There is no webhook node yet: add one, and the workflow gets its URL.')
  return [
    ...(started ? [] : [start]),
    ...graph.nodes.flatMap((node) => {
      const type = typeOf(types, node.type)
      return type === undefined ? [] : configProblems(node, type)
    }),
  ]
}

const typeOf = (types: NodeTypes, id: string): AnyNodeType | undefined =>
  Object.hasOwn(types, id) ? types[id] : undefined

const inGraph = (path: string, message: string): Problem => ({ nodeId: null, path, message })

function nodeProblems({ id, type }: WrittenNode, types: NodeTypes): readonly Problem[] {
  const problems: Problem[] = []
  if (!nodeIdPattern.test(id)) {
    const message = `"${id}" cannot be a node's id: it has 1 to 64 letters, digits, dashes and underscores.`
    problems.push({ nodeId: id, path: 'id', message })
  }
  if (typeOf(types, type) === undefined) {
    const names = Object.keys(types)
    const meant = nearest(type, names)
    const advice = meant === undefined ? `there are ${names.join(', ')}` : `did you mean "${meant}"?`
    problems.push({ nodeId: id, path: 'type', message: `There is no node type "${type}": ${advice}` })
  }
  return problems
}

function twice(items: readonly { readonly id: string }[]): readonly string[] {
  const seen = new Set<string>()
  return [...new Set(items.flatMap(({ id }) => (seen.size === seen.add(id).size ? [id] : [])))]
}

function startProblems(nodes: readonly WrittenNode[], types: NodeTypes): readonly Problem[] {
  const starts = nodes.filter(({ type }) => typeOf(types, type)?.role === 'starts').map(({ id }) => id)
  return starts.slice(1).map((nodeId) => ({
    nodeId,
    path: 'type',
    message: `A workflow has one webhook node; here are ${starts.join(', ')}. Remove all but one.`,
  }))
}

function edgeProblems(
  { id, source, target, sourceHandle }: GraphEdge,
  byId: ReadonlyMap<string, WrittenNode>,
  types: NodeTypes,
): readonly Problem[] {
  const [from, to] = [byId.get(source), byId.get(target)]
  if (from === undefined || to === undefined) {
    const lost = from === undefined ? `leaves "${source}"` : `goes to "${target}"`
    const message = `The edge "${id}" ${lost}, which is not in the graph: remove the edge, or bring the node back.`
    return [{ nodeId: (from ?? to)?.id ?? null, path: `edges.${id}`, message }]
  }
  const problems: Problem[] = []
  const told = (nodeId: string, message: string) => problems.push({ nodeId, path: `edges.${id}`, message })
  if (source === target) told(source, `The edge "${id}" leads from "${source}" back to itself: remove it.`)
  if (typeOf(types, to.type)?.role === 'starts') {
    told(target, `The edge "${id}" goes into the webhook node, where messages only start: remove it.`)
  }
  const type = typeOf(types, from.type)
  if (type !== undefined && typeof sourceHandle === 'string') {
    const ports = portsOf(type, from.data.config)
    if (!Object.hasOwn(ports, sourceHandle)) {
      const names = Object.keys(ports).join(', ')
      told(
        source,
        `The edge "${id}" leaves "${source}" by the port "${sourceHandle}", which it does not have: there are ${names}.`,
      )
    }
  }
  return problems
}

function cycleProblems(
  { nodes, edges }: WrittenGraph,
  byId: ReadonlyMap<string, WrittenNode>,
): readonly Problem[] {
  const links = edges.filter(
    ({ source, target }) => source !== target && byId.has(source) && byId.has(target),
  )
  const cycle = cycleOf([...byId.keys()], links)
  const [first] = cycle
  if (first === undefined || nodes.length === 0) return []
  const message = `The nodes ${[...cycle, first].join(' → ')} lead in a circle: remove one of the edges between them.`
  return [{ nodeId: first, path: '', message }]
}

/** The nodes of one cycle in the order of its edges; empty when there is none. */
function cycleOf(ids: readonly string[], links: readonly GraphEdge[]): readonly string[] {
  const sources = Map.groupBy(links, ({ target }) => target)
  const targets = Map.groupBy(links, ({ source }) => source)
  const waitingFor = new Map(ids.map((id) => [id, sources.get(id)?.length ?? 0]))
  const free = ids.filter((id) => waitingFor.get(id) === 0)
  for (const id of free) {
    for (const { target } of targets.get(id) ?? []) {
      const left = (waitingFor.get(target) ?? 0) - 1
      waitingFor.set(target, left)
      if (left === 0) free.push(target)
    }
  }
  const done = new Set(free)
  // Whatever is left has a source that is left: going back from one to the next must meet one of them again.
  const back: string[] = []
  let id = ids.find((each) => !done.has(each))
  while (id !== undefined && !back.includes(id)) {
    back.push(id)
    id = sources.get(id)?.find(({ source }) => !done.has(source))?.source
  }
  return id === undefined ? [] : back.slice(back.indexOf(id)).toReversed()
}

function configProblems(node: WrittenNode, type: AnyNodeType): readonly Problem[] {
  const { config, version = 1 } = node.data
  const inConfig = (path: string, message: string): Problem => ({
    nodeId: node.id,
    path: `config.${path}`,
    message,
  })
  if (version > versionOf(type)) {
    const message = `This node was saved by a newer Hookloom (version ${version} of ${type.id}; here is ${versionOf(type)}). Upgrade, or add it again.`
    return [{ nodeId: node.id, path: 'version', message }]
  }
  const names = Object.keys(type.fields)
  const unknown = Object.keys(config)
    .filter((name) => !names.includes(name))
    .map((name) => {
      const meant = nearest(name, names)
      const advice = meant === undefined ? `there are ${names.join(', ')}` : `did you mean "${meant}"?`
      return inConfig(name, `There is no setting "${name}": ${advice}`)
    })
  const wrong = names.flatMap((name) =>
    settingIssues(type.fields[name], config[name]).map(({ path, message }) =>
      inConfig([name, ...path].join('.'), message),
    ),
  )
  const checked = wrong.length > 0 ? [] : (type.check?.(config) ?? [])
  return [...unknown, ...wrong, ...checked.map(({ path, message }) => inConfig(path, message))]
}
