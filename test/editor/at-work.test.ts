import { describe, expect, test } from 'vitest'
import { nodesAtWork } from '../../editor/runs/at-work.ts'
import type { RunState, Step } from '../../nodes/contract/api.ts'
import type { Graph } from '../../nodes/contract/graph.ts'
import { edge, node } from './graphs.ts'

/** A recorded step: succeeded by this port, or as told. */
const step = (nodeId: string, port: string | null, state: Step['state'] = 'succeeded'): Step => ({
  id: nodeId,
  nodeId,
  node: null,
  state,
  port,
  input: null,
  output: null,
  error: null,
  logs: [],
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:00:00.000Z',
  resumeAt: null,
  waitsFor: null,
  attempts: [],
})

const atWork = (graph: Graph, steps: readonly Step[], state: RunState = 'running') =>
  [...nodesAtWork(graph, { state, steps: [...steps] })].toSorted()

const row: Graph = {
  nodes: [node('b', 'http'), node('a', 'http'), node('text', 'transform'), node('hook', 'webhook')],
  edges: [edge('1', 'hook', 'text'), edge('2', 'text', 'a'), edge('3', 'a', 'b')],
}
const before = [step('hook', 'out'), step('text', 'out')]

describe('along a row', () => {
  test('the webhook node is at work first, and stands for what is recorded with it', () => {
    expect(atWork(row, [])).toEqual(['hook'])
    expect(atWork(row, [], 'accepted')).toEqual(['hook'])
  })

  test('the node after the last recorded one is at work, and no other', () => {
    expect(atWork(row, before)).toEqual(['a'])
    expect(atWork(row, [...before, step('a', 'success')])).toEqual(['b'])
    expect(atWork(row, [...before, step('a', 'success'), step('b', 'success')])).toEqual([])
  })

  test.each(['queued', 'waiting', 'held', 'succeeded', 'filtered', 'failed', 'cancelled'] as const)(
    'none is at work in a run that is %s',
    (state) => expect(atWork(row, before, state)).toEqual([]),
  )

  test('a node that waits is not at work, and neither is what comes after it', () => {
    expect(atWork(row, [...before, step('a', null, 'waiting')])).toEqual([])
    // A delay knows already by which port it will leave.
    expect(atWork(row, [step('hook', 'out'), step('text', 'out', 'waiting')])).toEqual([])
  })

  test('nothing comes after a failure that no edge takes', () => {
    expect(atWork(row, [...before, step('a', null, 'failed')])).toEqual([])
  })

  test('a draft that holds a circle for a moment has an answer too', () => {
    const circle = { ...row, edges: [...row.edges, edge('4', 'b', 'text')] }
    expect(atWork(circle, [step('hook', 'out')])).toEqual([])
  })
})

test('a connected failure port leads on, and the other port does not', () => {
  const graph: Graph = {
    nodes: [node('hook', 'webhook'), node('a', 'http'), node('fine', 'http'), node('alarm', 'http')],
    edges: [edge('1', 'hook', 'a'), edge('2', 'a', 'fine'), edge('3', 'a', 'alarm', 'failure')],
  }
  expect(atWork(graph, [step('hook', 'out'), step('a', 'failure')])).toEqual(['alarm'])
})

test('a filter that does not match leads to no node', () => {
  const graph: Graph = {
    nodes: [node('hook', 'webhook'), node('only', 'filter'), node('a', 'http'), node('b', 'http')],
    edges: [edge('1', 'hook', 'only'), edge('2', 'only', 'a'), edge('3', 'hook', 'b')],
  }
  expect(atWork(graph, [step('hook', 'out'), step('only', 'otherwise')])).toEqual(['b'])
})

describe('where branches meet', () => {
  const cases = [
    { port: 'left', condition: 'x' },
    { port: 'right', condition: 'y' },
  ]
  const graph: Graph = {
    nodes: [
      node('join', 'http'),
      node('hook', 'webhook'),
      node('sort', 'switch', { cases }),
      node('left', 'http'),
      node('right', 'http'),
      node('far', 'http'),
    ],
    edges: [
      edge('1', 'hook', 'sort'),
      edge('2', 'sort', 'left'),
      edge('3', 'sort', 'right', 'right'),
      edge('4', 'right', 'far'),
      edge('5', 'left', 'join'),
      edge('6', 'far', 'join'),
    ],
  }

  test('only the branch that the switch took is at work', () => {
    expect(atWork(graph, [step('hook', 'out'), step('sort', 'right')])).toEqual(['right'])
  })

  test('the join does not wait for a branch that was not taken, however long it is', () => {
    const steps = [step('hook', 'out'), step('sort', 'left'), step('left', 'success')]
    expect(atWork(graph, steps)).toEqual(['join'])
  })

  test('parallel branches are at work at once, and the join waits for the last of them', () => {
    const parallel = { ...graph, edges: graph.edges.map((line) => ({ ...line, sourceHandle: null })) }
    const sorted = [step('hook', 'out'), step('sort', 'left')]
    expect(atWork(parallel, sorted)).toEqual(['left', 'right'])
    const left = [...sorted, step('left', 'success')]
    expect(atWork(parallel, left)).toEqual(['right'])
    expect(atWork(parallel, [...left, step('right', 'success'), step('far', null, 'waiting')])).toEqual([])
    const all = [...left, step('right', 'success'), step('far', 'success')]
    expect(atWork(parallel, all)).toEqual(['join'])
  })
})
