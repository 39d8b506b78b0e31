import { expect, test } from 'vitest'
import type { GraphEdge, GraphNode } from '../../nodes/contract/graph.ts'
import { nodeTypes } from '../../nodes/index.ts'
import { compileGraph } from '../../server/engine/compile.ts'
import { type JournalStep, plan } from '../../server/engine/plan.ts'

const node = (id: string, type: string, config = {}): GraphNode => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data: { config },
})
/** `a>b` or `a.port>b`. */
const edges = (...texts: string[]): GraphEdge[] =>
  texts.map((text) => {
    const [from = '', target = ''] = text.split('>')
    const [source = '', sourceHandle] = from.split('.')
    return { id: text, source, target, sourceHandle }
  })
const left = (port: string): JournalStep => ({ state: 'succeeded', port, resumeAt: null, error: null })
const waits = (resumeAt: number, port: string | null = null): JournalStep => ({
  state: 'waiting',
  port,
  resumeAt,
  error: null,
})
const failed: JournalStep = {
  state: 'failed',
  port: null,
  resumeAt: null,
  error: { code: 'x', message: 'x' },
}

const diamond = compileGraph(
  {
    nodes: [
      node('hook', 'webhook'),
      node('choose', 'filter', { condition: 'x' }),
      node('yes', 'transform', { expression: '$' }),
      node('no', 'transform', { expression: '$' }),
      node('send', 'http', { url: 'https://example.com' }),
    ],
    edges: edges('hook>choose', 'choose.match>yes', 'choose.otherwise>no', 'yes>send', 'no>send'),
  },
  nodeTypes,
)
const next = (journal: Record<string, JournalStep>, now = 0) => {
  const made = plan(diamond, new Map(Object.entries(journal)), now)
  return made.kind === 'ready' ? made.nodes.map(({ node }) => node.id) : made
}

test('starts with the webhook node', () => expect(next({})).toEqual(['hook']))

test('goes on behind the port that a node left by', () => {
  expect(next({ hook: left('out'), choose: left('match') })).toEqual(['yes'])
  expect(next({ hook: left('out'), choose: left('otherwise') })).toEqual(['no'])
})

test('does not let a join wait for a branch that was not taken', () => {
  expect(next({ hook: left('out'), choose: left('match'), yes: left('out') })).toEqual(['send'])
})

test('waits until the earliest of the waiting steps is due, then takes it up', () => {
  const journal = { hook: left('out'), choose: left('match'), yes: left('out'), send: waits(50) }
  expect(next(journal, 49)).toEqual({ kind: 'waiting', until: 50 })
  expect(next(journal, 50)).toEqual(['send'])
})

test('lets a step that waited to leave leave by its port, without executing it again', () => {
  expect(next({ hook: left('out'), choose: waits(50, 'match') }, 50)).toEqual(['yes'])
})

test('settles as succeeded, as failed with the node, or as filtered', () => {
  const before = { hook: left('out'), choose: left('match'), yes: left('out') }
  expect(next({ ...before, send: left('success') })).toEqual({ kind: 'settled', as: 'succeeded' })
  expect(next({ ...before, send: failed })).toEqual({ kind: 'settled', as: 'failed', nodeId: 'send' })
  expect(next({ ...before, yes: failed })).toEqual({ kind: 'settled', as: 'failed', nodeId: 'yes' })
})

test('is filtered only when a filter led nowhere and nothing was done', () => {
  const graph = compileGraph(
    {
      nodes: [
        node('hook', 'webhook'),
        node('choose', 'filter', { condition: 'x' }),
        node('work', 'script', { code: '1' }),
      ],
      edges: edges('hook>choose', 'hook>work'),
    },
    nodeTypes,
  )
  const settle = (journal: Record<string, JournalStep>) => plan(graph, new Map(Object.entries(journal)), 0)
  expect(settle({ hook: left('out'), choose: left('otherwise'), work: left('out') })).toMatchObject({
    as: 'succeeded',
  })
  const { nodes } = graph
  const alone = { ...graph, nodes: nodes.filter(({ node }) => node.id !== 'work') }
  expect(plan(alone, new Map(Object.entries({ hook: left('out'), choose: left('otherwise') })), 0)).toEqual({
    kind: 'settled',
    as: 'filtered',
  })
})
