import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Graph,
  type GraphEdge,
  type GraphNode,
  graphSchema,
  topologicalOrder,
} from '../../nodes/contract/graph.ts'
import type { Saved } from '../../nodes/contract/field.ts'
import { settingProblems, shapeProblems } from '../../nodes/contract/problems.ts'
import { nodeTypes } from '../../nodes/index.ts'

const node = (id: string, type: string, config: Saved = {}): GraphNode => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data: { config },
})
const edge = (source: string, target: string, sourceHandle?: string): GraphEdge => ({
  id: `${source}-${target}`,
  source,
  target,
  ...(sourceHandle !== undefined && { sourceHandle }),
})
const shape = (nodes: readonly GraphNode[], edges: readonly GraphEdge[] = []) =>
  shapeProblems({ nodes, edges }, nodeTypes)

const many = (count: number) => Array.from({ length: count }, (_, n) => node(`n${n}`, 'transform'))
const chain = (count: number) => Array.from({ length: count - 1 }, (_, n) => edge(`n${n}`, `n${n + 1}`))

const hook = node('hook', 'webhook')
const text = node('text', 'transform', { expression: 'a' })
const send = node('send', 'http', { url: 'https://example.com' })

describe('a shape', () => {
  test('that is right has no problems, nor has an empty one or a node that nothing reaches', () => {
    expect(shape([hook, text, send], [edge('hook', 'text'), edge('text', 'send', 'out')])).toEqual([])
    expect(shape([])).toEqual([])
    expect(shape([hook, text])).toEqual([])
  })

  test('with a cycle names the nodes in it, in order', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((id) => node(id, 'transform'))
    if (a === undefined || b === undefined || c === undefined) throw new Error('three nodes')
    const edges = [edge('hook', 'a'), edge('a', 'b'), edge('b', 'c'), edge('c', 'a'), edge('c', 'send')]
    const problems = shape([hook, a, b, c, send], edges)
    expect(problems).toHaveLength(1)
    expect(problems[0]?.message).toMatch(/(a → b → c → a|b → c → a → b|c → a → b → c) lead in a circle/)
  })

  test('has a cycle exactly when its nodes cannot be put in order', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f']
    const pair = fc
      .tuple(fc.constantFrom(...ids), fc.constantFrom(...ids))
      .filter(([from, to]) => from !== to)
    let cycles = 0
    fc.assert(
      fc.property(fc.uniqueArray(pair, { maxLength: 10, selector: (each) => each.join('-') }), (pairs) => {
        const graph: Graph = {
          nodes: ids.map((id) => node(id, 'transform')),
          edges: pairs.map(([from, to]) => edge(from, to)),
        }
        const [problem] = shapeProblems(graph, nodeTypes)
        expect(problem === undefined).toBe(topologicalOrder(graph) !== undefined)
        if (problem === undefined) return
        cycles += 1
        const named = /nodes (.*) lead/.exec(problem.message)?.[1]?.split(' → ') ?? []
        expect(named.length).toBeGreaterThan(2)
        expect(named.at(0)).toBe(named.at(-1))
        for (const [n, id] of named.slice(1).entries()) {
          expect(graph.edges.map((each) => each.id)).toContain(`${named[n]}-${id}`)
        }
      }),
    )
    expect(cycles).toBeGreaterThan(10)
  })

  test.each<readonly [string, readonly GraphNode[], readonly GraphEdge[], string | null, string, RegExp]>([
    [
      'two webhook nodes',
      [hook, node('other', 'webhook')],
      [],
      'other',
      'type',
      /one webhook node; here are hook, other/,
    ],
    [
      'an edge to nowhere',
      [hook],
      [edge('hook', 'gone')],
      'hook',
      'edges.hook-gone',
      /"gone", which is not in the graph/,
    ],
    ['an edge from nowhere', [send], [edge('gone', 'send')], 'send', 'edges.gone-send', /leaves "gone"/],
    ['an edge between nowhere and nowhere', [hook], [edge('x', 'y')], null, 'edges.x-y', /leaves "x"/],
    ['a self-loop', [text], [edge('text', 'text')], 'text', 'edges.text-text', /back to itself/],
    [
      'an edge into the webhook',
      [hook, text],
      [edge('text', 'hook')],
      'hook',
      'edges.text-hook',
      /into the webhook node/,
    ],
    [
      'an unknown port',
      [hook, text],
      [edge('hook', 'text', 'aus')],
      'hook',
      'edges.hook-text',
      /port "aus", .* there are out/,
    ],
    [
      'a port of another type',
      [text, send],
      [edge('text', 'send', 'success')],
      'text',
      'edges.text-send',
      /there are out, error/,
    ],
    [
      'a port named like a member of every object',
      [hook, text],
      [edge('hook', 'text', 'constructor')],
      'hook',
      'edges.hook-text',
      /there are out/,
    ],
    ['a doubled node', [hook, text, text], [], 'text', 'id', /Two nodes have the id "text"/],
    [
      'a doubled edge',
      [hook, text],
      [edge('hook', 'text'), edge('hook', 'text')],
      null,
      'edges.hook-text',
      /Two edges/,
    ],
    [
      'a misspelt type',
      [node('a', 'trasform')],
      [],
      'a',
      'type',
      /no node type "trasform": did you mean "transform"\?/,
    ],
    [
      'a type that resembles none',
      [node('a', 'teleport')],
      [],
      'a',
      'type',
      /there are webhook, filter, switch/,
    ],
    ['a type named like a member of every object', [node('a', 'toString')], [], 'a', 'type', /no node type/],
    ['an empty id', [node('', 'http')], [], '', 'id', /1 to 64 letters/],
    ['an id with a dot', [node('a.b', 'http')], [], 'a.b', 'id', /cannot be a node's id/],
    ['an id that is too long', [node('a'.repeat(65), 'http')], [], 'a'.repeat(65), 'id', /1 to 64/],
  ])('with %s says so', (_what, nodes, edges, nodeId, path, words) => {
    const problems = shape(nodes, edges)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({ nodeId, path })
    expect(problems[0]?.message).toMatch(words)
  })

  test('may hold 1,000 nodes and no more', () => {
    expect(shape(many(1_000), chain(1_000))).toEqual([])
    expect(shape(many(1_001))).toMatchObject([{ nodeId: null, path: 'nodes' }])
    const edges = Array.from({ length: 5_001 }, (_, n) => ({ ...edge('hook', 'text'), id: `e${n}` }))
    expect(shape([hook, text], edges)).toMatchObject([{ nodeId: null, path: 'edges' }])
  })

  test('takes the ports of a switch from its cases', () => {
    const choose = node('choose', 'switch', { cases: [{ port: 'a', condition: 'x' }] })
    expect(shape([choose, text], [edge('choose', 'text', 'a')])).toEqual([])
    expect(shape([choose, text], [edge('choose', 'text', 'b')])).toMatchObject([
      { message: expect.stringContaining('there are a, otherwise') as string },
    ])
  })

  test('of any JSON that the graph schema lets pass is judged without an exception', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(nodeTypes)),
        fc.jsonValue({ maxDepth: 4 }),
        (type, value) => {
          const config = Object.fromEntries(
            [...Object.keys(nodeTypes[type as keyof typeof nodeTypes].fields), 'other'].map((name) => [
              name,
              value,
            ]),
          )
          const graph = graphSchema.parse({ nodes: [node('a', type, config)], edges: [edge('a', 'a')] })
          expect(shapeProblems(graph, nodeTypes).length).toBeGreaterThan(0)
          expect(settingProblems(graph, nodeTypes).length).toBeGreaterThan(0)
        },
      ),
      { numRuns: 500 },
    )
  })
})
