import { expect, test } from 'vitest'
import type { Graph } from '../../nodes/contract/graph.ts'
import { nodeTypes } from '../../nodes/index.ts'
import { align, distribute, walk } from '../../editor/canvas/arrange.ts'
import { portsOfNode, sentenceOf } from '../../editor/parts/node-words.ts'
import { cardSize, portY } from '../../editor/canvas/card.ts'
import { snapping } from '../../editor/canvas/snapping.ts'
import { edge, node } from './graphs.ts'

const put = (id: string, type: string, x: number, y: number) => ({ ...node(id, type), position: { x, y } })

const graph: Graph = {
  nodes: [
    put('hook', 'webhook', 0, 0),
    put('main', 'filter', 320, 0),
    put('yes', 'delay', 640, 0),
    put('no', 'delay', 640, 160),
  ],
  edges: [
    edge('e1', 'hook', 'main'),
    edge('e2', 'main', 'no', 'otherwise'),
    edge('e3', 'main', 'yes', 'match'),
  ],
}

test('one walks along the edges: on by the first port, back, and to the node of the next port', () => {
  expect(walk(graph, undefined, 'right')).toBe('hook')
  expect(walk(graph, 'main', 'right')).toBe('yes')
  expect(walk(graph, 'yes', 'down')).toBe('no')
  expect(walk(graph, 'no', 'up')).toBe('yes')
  expect(walk(graph, 'no', 'left')).toBe('main')
  expect(walk(graph, 'yes', 'right')).toBeUndefined()
})

test('cards are brought in line by a side or a middle, and spread evenly', () => {
  const all = new Set(['hook', 'main', 'no'])
  expect([...align(graph, all, 'left').values()].map(({ x }) => x)).toEqual([0, 0, 0])
  expect([...align(graph, all, 'top').values()].map(({ y }) => y)).toEqual([0, 0, 0])
  const spread = distribute(
    { ...graph, nodes: [put('a', 'delay', 0, 0), put('b', 'delay', 216, 8), put('c', 'delay', 640, 0)] },
    new Set(['a', 'b', 'c']),
    'x',
  )
  expect([...spread.values()]).toEqual([
    { x: 0, y: 0 },
    { x: 320, y: 8 },
    { x: 640, y: 0 },
  ])
})

test('a dragged card lies on the grid, or in line with a card that is near', () => {
  const odd: Graph = { nodes: [put('a', 'delay', 3, 501), put('b', 'delay', 0, 0)], edges: [] }
  const moved = (x: number, y: number) => {
    const { by, guides } = snapping(odd, { position: { x, y } }, new Map([['b', { x, y }]]))
    return [x + by.x, y + by.y, guides.map(({ axis, at }) => `${axis}${at}`).join(' ')]
  }
  expect(moved(101, 102)).toEqual([104, 104, ''])
  expect(moved(7, 102)).toEqual([3, 104, 'x3'])
  expect(moved(7, 499)).toEqual([3, 501, 'x3 y501'])
})

test('a card is as high as its ports are many, and each port lies within it', () => {
  for (const type of Object.keys(nodeTypes)) {
    const each = node('a', type)
    const ports = Object.keys(portsOfNode(each)).length
    const { height } = cardSize(each)
    expect(height % 8).toBe(0)
    for (let port = 0; port < ports; port += 1) expect(portY(port, ports)).toBeLessThan(height)
    expect(sentenceOf(each)).not.toBe('')
  }
})

test('a node of a kind that is not known here keeps a card', () => {
  const strange = node('a', 'from-the-future')
  expect(portsOfNode(strange)).toEqual({ out: 'Out' })
  expect(sentenceOf(strange)).toContain('does not know')
})
