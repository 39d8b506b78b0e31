import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Pasted, copyOf, pasteInto } from '../../editor/state/clipboard.ts'
import type { Graph, GraphNode } from '../../nodes/contract/graph.ts'
import { shapeProblems } from '../../nodes/contract/problems.ts'
import { nodeTypes } from '../../nodes/index.ts'

const node = (id: string, type: string, config = {}, x = 0, y = 0): GraphNode => ({
  id,
  type,
  position: { x, y },
  data: { config },
})

const graph: Graph = {
  nodes: [
    node('hook', 'webhook', { verification: { scheme: 'github', secret: 'plain' } }),
    node('main', 'filter', { condition: "ref = 'x'" }, 240),
    node('text', 'transform', { expression: '{ "a": $steps.main.ref, "b": $steps.hook.id }' }, 480),
    node('send', 'http', { url: 'https://example.com/{{ $steps.text.a }}', signing: 'whsec_plain' }, 720, 80),
  ],
  edges: [
    { id: 'e1', source: 'hook', target: 'main' },
    { id: 'e2', source: 'main', sourceHandle: 'match', target: 'text' },
    { id: 'e3', source: 'text', target: 'send' },
  ],
  notes: [{ id: 'note', position: { x: 0, y: 200 }, width: 220, height: 120, text: 'Why' }],
}
const empty: Graph = { nodes: [], edges: [] }
const origin = { x: 0, y: 0 }

function pasted(result: Pasted): Exclude<Pasted, { problem: string }> {
  if ('problem' in result) throw new Error(result.problem)
  return result
}
const paste = (text: string, into: Graph = empty, at = origin) => pasted(pasteInto(into, text, at, nodeTypes))
const problemOf = (text: string, into: Graph = empty): string => {
  const result = pasteInto(into, text, origin, nodeTypes)
  return 'problem' in result ? result.problem : 'pasted'
}
const configOf = ({ nodes }: Graph, id: string) => nodes.find((node) => node.id === id)?.data.config

test('copies nodes, notes, and the edges that have both ends among them', () => {
  const copied = JSON.parse(copyOf(graph, new Set(['main', 'text', 'note']))) as Graph
  expect(copied).toMatchObject({
    hookloom: 1,
    nodes: [{ id: 'main' }, { id: 'text' }],
    edges: [{ id: 'e2' }],
    notes: [{ text: 'Why' }],
  })
})

test('leaves secrets in plain text out of what it copies, wherever a node type keeps one', () => {
  const secrets: Graph = {
    nodes: [
      ...graph.nodes,
      node('two', 'webhook', {
        verification: { scheme: 'meta', secrets: ['plain', { $secret: 'META' }], verifyToken: 'plain' },
      }),
      node('signed', 'http', { signing: { secret: 'plain' }, url: 'https://example.com' }),
    ],
    edges: [],
  }
  const text = copyOf(secrets, new Set(secrets.nodes.map(({ id }) => id)))
  expect(text).not.toContain('plain')
  expect(JSON.parse(text)).toMatchObject({
    nodes: [
      { data: { config: { verification: { scheme: 'github' } } } },
      {},
      {},
      { data: { config: { url: 'https://example.com/{{ $steps.text.a }}' } } },
      { data: { config: { verification: { scheme: 'meta', secrets: [{ $secret: 'META' }] } } } },
      { data: { config: { url: 'https://example.com' } } },
    ],
  })
})

test('keeps references to secrets', () => {
  const verification = { scheme: 'github', secret: { $secret: 'GITHUB' } }
  const one = {
    nodes: [node('hook', 'webhook', { verification }), node('h', 'http', { signing: { $secret: 'S' } })],
    edges: [],
  }
  const { graph } = paste(copyOf(one, new Set(['hook', 'h'])))
  expect(configOf(graph, 'hook')).toEqual({ verification })
  expect(configOf(graph, 'h')).toEqual({ signing: { $secret: 'S' } })
})

test('pastes what was copied, beside itself, under ids that nobody has', () => {
  const result = paste(copyOf(graph, new Set(['main', 'text', 'note'])), graph, { x: 1003, y: 401 })
  expect([...result.ids]).toEqual(['main2', 'text2', 'note2'])
  expect(result.graph.nodes).toHaveLength(6)
  expect(result.graph.edges.at(-1)).toEqual({
    id: 'e',
    source: 'main2',
    sourceHandle: 'match',
    target: 'text2',
  })
  expect(result.graph.nodes.slice(4).map(({ position }) => position)).toEqual([
    { x: 1240, y: 400 },
    { x: 1480, y: 400 },
  ])
  expect(shapeProblems(result.graph, nodeTypes)).toEqual([])
})

test('keeps ids that are free, and counts on where they are not', () => {
  const text = copyOf(graph, new Set(['main', 'text']))
  const once = paste(text)
  expect([...once.ids]).toEqual(['main', 'text'])
  const twice = paste(text, once.graph)
  expect([...twice.ids]).toEqual(['main2', 'text2'])
  expect([...paste(copyOf(twice.graph, twice.ids), twice.graph).ids]).toEqual(['main3', 'text3'])
})

test('expressions follow the nodes that were pasted with them, and no others', () => {
  const result = paste(copyOf(graph, new Set(['main', 'text', 'send'])), graph)
  expect(configOf(result.graph, 'text2')).toEqual({
    expression: '{ "a": $steps.main2.ref, "b": $steps.hook.id }',
  })
  expect(configOf(result.graph, 'send2')).toMatchObject({ url: 'https://example.com/{{ $steps.text2.a }}' })
})

test.each([
  ['$steps.`a-b`.x', '$steps.`a-b2`.x'],
  ['$steps . "a-b".x', '$steps . `a-b2`.x'],
  ['$lookup($steps, "a-b")', '$lookup($steps, "a-b2")'],
  ['$steps.plain + $steps.plainer', '$steps.plain2 + $steps.plainer'],
  ['steps.plain.x + steps["a-b"] + steps?.plain', 'steps.plain2.x + steps["a-b2"] + steps?.plain2'],
  ['my.steps.plain + mysteps.plain', 'my.steps.plain + mysteps.plain'],
])('follows the form %s', (before, after) => {
  const there: Graph = { nodes: [node('a-b', 'delay'), node('plain', 'delay')], edges: [] }
  const copied = { ...there, nodes: [...there.nodes, node('code', 'script', { code: before })] }
  const { graph } = paste(JSON.stringify(copied), there)
  expect(configOf(graph, 'code')).toEqual({ code: after })
})

test('leaves a second webhook out, with its edges, and says why', () => {
  const all = new Set(graph.nodes.map(({ id }) => id))
  const result = paste(copyOf(graph, all), graph)
  expect(result.ids.size).toBe(3)
  expect(result.leftOut).toContain('one webhook')
  expect(shapeProblems(result.graph, nodeTypes)).toEqual([])
  expect(problemOf(copyOf(graph, new Set(['hook'])), graph)).toContain('one webhook')
  expect(paste(copyOf(graph, all)).leftOut).toBeUndefined()
})

test('a piece that would lie exactly on what is there is put beside it', () => {
  const text = copyOf(graph, new Set(['main']))
  const once = paste(text, empty, { x: 80, y: 80 })
  const twice = paste(text, once.graph, { x: 80, y: 80 })
  expect(twice.graph.nodes.map(({ position }) => position)).toEqual([
    { x: 80, y: 80 },
    { x: 104, y: 104 },
  ])
})

test('takes a whole workflow file, and a bare graph', () => {
  const file = readFileSync('nodes/templates/github-push-to-slack.json', 'utf8')
  const { graph: inner } = JSON.parse(file) as { graph: Graph }
  for (const text of [file, JSON.stringify(inner)]) {
    const { graph: got } = paste(text)
    expect(got.nodes).toHaveLength(inner.nodes.length)
    expect(got.edges).toHaveLength(inner.edges.length)
    expect(shapeProblems(got, nodeTypes)).toEqual([])
  }
})

test('every template survives being copied and pasted', () => {
  for (const name of readdirSync('nodes/templates').filter((name) => name.endsWith('.json'))) {
    const { graph } = JSON.parse(readFileSync(`nodes/templates/${name}`, 'utf8')) as { graph: Graph }
    const ids = new Set(graph.nodes.map(({ id }) => id))
    const corner = Math.min(...graph.nodes.map(({ position }) => position.y))
    const { graph: got } = paste(copyOf(graph, ids), empty, { x: 0, y: corner })
    expect(got.nodes).toEqual(graph.nodes)
  }
})

test.each([
  ['', 'empty'],
  ['Hello', 'holds no nodes'],
  ['{"nodes": [{"id":', 'cut off'],
  ['[1, 2]', 'no nodes'],
  ['null', 'no nodes'],
  ['{"name": "package", "version": "1.0.0"}', 'no nodes'],
  ['{"hookloom": 2, "nodes": []}', 'newer Hookloom'],
  ['{"nodes": [{"id": 7}]}', 'nodes.0.id'],
  ['{"nodes": []}', 'nothing to paste'],
  ['{"nodes": [{"id": "a", "type": "n8n-nodes-base.if"}]}', 'n8n-nodes-base.if'],
  ['{"nodes": [{"id": "a", "type": "delay"}, {"id": "a", "type": "delay"}]}', 'have the id "a"'],
  [
    JSON.stringify({
      nodes: ['a', 'b'].map((id) => ({ id, type: 'delay' })),
      edges: [
        { id: '1', source: 'a', target: 'b' },
        { id: '2', source: 'b', target: 'a' },
      ],
    }),
    'circle',
  ],
])('says what is wrong with %s', (text, words) => {
  expect(problemOf(text)).toContain(words)
})

test('refuses more nodes than a graph may have', () => {
  const many = { nodes: Array.from({ length: 999 }, (_, n) => node(`n${n}`, 'delay')), edges: [] }
  expect(problemOf(copyOf(graph, new Set(['main', 'text'])), many)).toContain('at most 1000')
})

test('edges whose ends were not pasted are left out, and names that no id may have are replaced', () => {
  const text = JSON.stringify({
    nodes: [
      { id: 'a node', type: 'delay' },
      { id: '__proto__', type: 'delay' },
    ],
    edges: [
      { id: 'e', source: 'a node', target: 'gone' },
      { id: 'f', source: 'a node', target: '__proto__' },
    ],
  })
  const { graph: got } = paste(text)
  expect(got.nodes.map(({ id }) => id)).toEqual(['delay', '__proto__'])
  expect(got.edges).toEqual([{ id: 'e', source: 'delay', target: '__proto__' }])
})
