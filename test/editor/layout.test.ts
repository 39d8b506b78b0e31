import { expect, test } from 'vitest'
import { tidy } from '../../editor/canvas/layout.ts'
import { move } from '../../editor/state/commands.ts'
import type { Graph, GraphNode } from '../../nodes/contract/graph.ts'

const size = { width: 224, height: 80 }
const node = (id: string, type = 'transform', config = {}): GraphNode => ({
  id,
  type,
  position: { x: 13, y: 21 },
  data: { config },
})
const edge = (source: string, target: string, sourceHandle?: string) => ({
  id: `${source}-${target}`,
  source,
  target,
  ...(sourceHandle !== undefined && { sourceHandle }),
})

const tidied = async (graph: Graph): Promise<Graph> =>
  move(graph, await tidy(graph, new Map(graph.nodes.map(({ id }) => [id, size]))))

function positionOf(graph: Graph, id: string) {
  const found = graph.nodes.find((node) => node.id === id)
  if (found === undefined) throw new Error(`no node ${id}`)
  return found.position
}

/** Declared in the wrong order on purpose: the ports decide. */
const routing: Graph = {
  nodes: [
    node('rest'),
    node('low'),
    node('high'),
    node('sort', 'switch', {
      cases: [
        { port: 'high', condition: 'a' },
        { port: 'low', condition: 'b' },
      ],
    }),
    node('hook', 'webhook'),
    node('end', 'http'),
  ],
  edges: [
    edge('hook', 'sort'),
    edge('sort', 'rest', 'otherwise'),
    edge('sort', 'low', 'low'),
    edge('sort', 'high', 'high'),
    edge('high', 'end'),
  ],
}

test('leads from left to right along the edges', async () => {
  const graph = await tidied(routing)
  for (const { source, target } of graph.edges) {
    expect(positionOf(graph, target).x).toBeGreaterThanOrEqual(positionOf(graph, source).x + size.width)
  }
})

test('keeps the targets of a node in the order of its ports', async () => {
  const graph = await tidied(routing)
  expect(positionOf(graph, 'high').y).toBeLessThan(positionOf(graph, 'low').y)
  expect(positionOf(graph, 'low').y).toBeLessThan(positionOf(graph, 'rest').y)
})

test('keeps that order where two branches come together again', async () => {
  const ids = ['no', 'yes', 'both', 'after']
  const graph = await tidied({
    nodes: [...ids.map((id) => node(id)), node('main', 'filter'), node('hook', 'webhook')],
    edges: [
      edge('hook', 'main'),
      edge('main', 'no', 'otherwise'),
      edge('main', 'yes', 'match'),
      edge('no', 'both'),
      edge('yes', 'both'),
      edge('no', 'after'),
    ],
  })
  expect(positionOf(graph, 'yes').y).toBeLessThan(positionOf(graph, 'no').y)
})

test('puts everything on a grid of 8 px and no card over another', async () => {
  const { nodes } = await tidied(routing)
  for (const [index, { position: a }] of nodes.entries()) {
    expect([Math.abs(a.x % 8), Math.abs(a.y % 8)]).toEqual([0, 0])
    for (const { position: b } of nodes.slice(index + 1)) {
      const beside = a.x + size.width <= b.x || b.x + size.width <= a.x
      expect(beside || a.y + size.height <= b.y || b.y + size.height <= a.y).toBe(true)
    }
  }
})

test('leaves nodes without edges below the rest, in rows', async () => {
  const loose = Array.from({ length: 9 }, (_, n) => node(`loose${n}`))
  const graph = await tidied({ ...routing, nodes: [...loose, ...routing.nodes] })
  const lowest = Math.max(...routing.nodes.map(({ id }) => positionOf(graph, id).y))
  const rows = new Set(loose.map(({ id }) => positionOf(graph, id).y))
  expect(Math.min(...rows)).toBeGreaterThanOrEqual(lowest + size.height)
  expect(rows.size).toBeGreaterThan(1)
})

test('leaves the webhook where it is', async () => {
  const position = { x: 400, y: 240 }
  const nodes = routing.nodes.map((each) => (each.id === 'hook' ? { ...each, position } : each))
  expect(positionOf(await tidied({ ...routing, nodes }), 'hook')).toEqual(position)
})

test('changes nothing in a graph that is tidy', async () => {
  const once = await tidied(routing)
  expect(await tidied(once)).toBe(once)
})

test('lays out an empty graph, and one without edges', async () => {
  expect(await tidy({ nodes: [], edges: [] }, new Map())).toEqual(new Map())
  expect((await tidy({ nodes: [node('a'), node('b')], edges: [] }, new Map())).size).toBe(2)
})

test('lays out 500 nodes and 600 edges', async () => {
  const nodes = Array.from({ length: 500 }, (_, n) => node(`n${n}`))
  const edges = Array.from({ length: 600 }, (_, n) => {
    const to = (n % 499) + 1
    return { id: `e${n}`, source: `n${Math.floor((to - 1) / (n < 499 ? 2 : 3))}`, target: `n${to}` }
  })
  expect((await tidy({ nodes, edges }, new Map())).size).toBe(500)
})
