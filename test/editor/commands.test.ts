import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Workflow } from '../../nodes/contract/api.ts'
import type { Graph } from '../../nodes/contract/graph.ts'
import { shapeProblems } from '../../nodes/contract/problems.ts'
import { add } from '../../editor/canvas/add.ts'
import { types } from '../../editor/parts/node-words.ts'
import { connect, insertOnEdge, reconnect, remove, whyNotConnected } from '../../editor/state/commands.ts'
import { createDocument, graphOf } from '../../editor/state/document.ts'
import { commandLists, edge, empty, node } from './graphs.ts'

const workflow = (draft: Graph): Workflow => ({
  id: 'wf_1',
  key: 'test',
  name: 'Test',
  enabled: true,
  hook: { url: 'http://localhost/hooks/t', token: 't' },
  revision: 1,
  version: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  draft,
  problems: [],
})

describe('whatever is done', () => {
  test('undoing everything gives the very start, redoing everything the very end', () => {
    fc.assert(
      fc.property(commandLists, (commands) => {
        const document = createDocument(workflow(empty), () => 0)
        for (const command of commands) document.getState().change(command)
        const end = graphOf(document.getState())
        const steps = document.getState().history.past.length
        for (let step = 0; step < steps; step += 1) document.getState().undo()
        expect(graphOf(document.getState())).toBe(empty)
        for (let step = 0; step < steps; step += 1) document.getState().redo()
        expect(graphOf(document.getState())).toBe(end)
      }),
    )
  })

  test('each undo gives exactly what was there before, also after some were redone', () => {
    fc.assert(
      fc.property(commandLists, fc.array(fc.boolean(), { maxLength: 80 }), (commands, walk) => {
        const document = createDocument(workflow(empty), () => 0)
        const seen: Graph[] = [empty]
        for (const command of commands) {
          document.getState().change(command)
          const now = graphOf(document.getState())
          if (now !== seen.at(-1)) seen.push(now)
        }
        let at = seen.length - 1
        for (const back of walk) {
          if (back) document.getState().undo()
          else document.getState().redo()
          at = Math.min(seen.length - 1, Math.max(0, at + (back ? -1 : 1)))
          expect(graphOf(document.getState())).toBe(seen[at])
        }
      }),
    )
  })

  test('the graph can be saved: no cycle, no loose edge, one webhook node, no id twice', () => {
    fc.assert(
      fc.property(commandLists, (commands) => {
        let graph = empty
        for (const command of commands) {
          graph = command(graph)
          expect(shapeProblems(graph, types)).toEqual([])
        }
      }),
      { numRuns: 300 },
    )
  })

  test('what did not change stays the same object', () => {
    fc.assert(
      fc.property(commandLists, (commands) => {
        let graph = empty
        for (const command of commands) {
          const before = new Map(graph.nodes.map((each) => [each.id, each]))
          graph = command(graph)
          for (const each of graph.nodes) {
            const old = before.get(each.id)
            if (old !== undefined && JSON.stringify(old) === JSON.stringify(each)) expect(each).toBe(old)
          }
        }
      }),
    )
  })

  test('letters that follow each other within a second are undone together', () => {
    let now = 0
    const document = createDocument(workflow({ nodes: [node('a', 'filter')], edges: [] }), () => now)
    const type = (text: string) =>
      document.getState().change(
        (graph) => ({
          ...graph,
          nodes: graph.nodes.map((each) => ({ ...each, data: { ...each.data, label: text } })),
        }),
        'label a',
      )
    type('P')
    now += 200
    type('Pu')
    now += 1_500
    type('Pus')
    document.getState().undo()
    expect(graphOf(document.getState()).nodes[0]?.data.label).toBe('Pu')
    document.getState().undo()
    expect(graphOf(document.getState()).nodes[0]?.data.label).toBeUndefined()
  })
})

const chain: Graph = {
  nodes: [node('hook', 'webhook'), node('a', 'filter'), node('b', 'http')],
  edges: [edge('e1', 'hook', 'a'), edge('e2', 'a', 'b', 'match')],
}

describe('a line that cannot be drawn', () => {
  test.each([
    ['b', 'success', 'a', 'circle'],
    ['a', 'match', 'a', 'feed itself'],
    ['a', 'match', 'hook', 'Nothing leads into the webhook'],
    ['a', 'match', 'b', 'connected already'],
    ['a', 'elsewhere', 'b', 'port is gone'],
    ['gone', 'out', 'b', 'One end'],
  ])('from %s by %s to %s says why', (source, sourceHandle, target, words) => {
    expect(whyNotConnected(chain, { source, sourceHandle, target }, types)).toContain(words)
    expect(connect(chain, { source, sourceHandle, target }, types)).toBe(chain)
  })
})

describe('edges', () => {
  test('heal where a node with one in and one out is removed', () => {
    expect(remove(chain, new Set(['a']), types).edges).toMatchObject([{ source: 'hook', target: 'b' }])
  })

  test('take a node in, and lead on from its first port', () => {
    const graph = { ...chain, nodes: [...chain.nodes, node('t', 'transform')] }
    expect(insertOnEdge(graph, 'e2', 't', types).edges).toMatchObject([
      { source: 'hook', target: 'a' },
      { source: 'a', sourceHandle: 'match', target: 't' },
      { source: 't', target: 'b' },
    ])
  })

  test('keep their id when they are led elsewhere, and stay where that is not possible', () => {
    const graph = { ...chain, nodes: [...chain.nodes, node('c', 'http')] }
    const led = reconnect(graph, 'e2', { source: 'a', sourceHandle: 'otherwise', target: 'c' }, types)
    expect(led.edges[1]).toEqual({ id: 'e2', source: 'a', sourceHandle: 'otherwise', target: 'c' })
    expect(reconnect(graph, 'e2', { source: 'a', target: 'hook' }, types)).toBe(graph)
  })
})

describe('a new node', () => {
  test('stands to the right of the one that it follows, under others that are there', () => {
    const graph: Graph = {
      ...chain,
      nodes: chain.nodes.map((each, index) => ({ ...each, position: { x: index * 320, y: 0 } })),
    }
    const added = add(graph, {
      type: 'http',
      link: { kind: 'after', source: 'a', sourceHandle: 'otherwise' },
    })
    const made = added.graph.nodes.find(({ id }) => id === added.id)
    expect(made?.position).toMatchObject({ x: 640 })
    expect(made?.position.y).toBeGreaterThan(72)
    expect(added.graph.edges.at(-1)).toMatchObject({
      source: 'a',
      sourceHandle: 'otherwise',
      target: added.id,
    })
  })

  test('pushes what follows to the right when it is put into a short edge', () => {
    const graph: Graph = {
      ...chain,
      nodes: chain.nodes.map((each, index) => ({ ...each, position: { x: index * 240, y: 0 } })),
    }
    const added = add(graph, { type: 'delay', link: { kind: 'into', edge: 'e1' } })
    const at = (id: string) => added.graph.nodes.find((each) => each.id === id)?.position.x
    expect([at('hook'), at(added.id), at('a'), at('b')]).toEqual([0, 320, 640, 880])
  })

  test('of the kind that starts is not added twice: the first is meant', () => {
    expect(add(chain, { type: 'webhook' })).toEqual({ graph: chain, id: 'hook' })
  })
})
