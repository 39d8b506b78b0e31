import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { diffGraphs, isSameGraph, isSameWork } from '../../editor/state/diff.ts'
import { diffTexts } from '../../editor/state/text-diff.ts'
import type { Graph, GraphNode } from '../../nodes/contract/graph.ts'

const node = (id: string, config: GraphNode['data']['config'] = {}, type = 'filter'): GraphNode => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data: { config },
})
const graph = (nodes: readonly GraphNode[], edges: Graph['edges'] = []): Graph => ({ nodes, edges })
const settings = (before: GraphNode['data']['config'], after: GraphNode['data']['config']) =>
  diffGraphs(graph([node('a', before)]), graph([node('a', after)])).changed.flatMap(
    ({ settings }) => settings,
  )

test('tells added, removed and changed nodes apart', () => {
  const diff = diffGraphs(
    graph([node('a'), node('b', { condition: '1' })]),
    graph([node('b', { condition: '2' }), node('c')]),
  )
  expect(diff.added.map(({ id }) => id)).toEqual(['c'])
  expect(diff.removed.map(({ id }) => id)).toEqual(['a'])
  expect(diff.changed.map(({ after, settings }) => [after.id, settings])).toEqual([
    ['b', [{ path: 'config.condition', before: '1', after: '2' }]],
  ])
})

test('names each setting that differs by its path', () => {
  expect(
    settings(
      { verification: { scheme: 'github', secret: { $secret: 'A' } }, methods: ['POST'] },
      { verification: { scheme: 'stripe', secret: { $secret: 'A' } }, methods: ['POST', 'PUT'] },
    ),
  ).toEqual([
    { path: 'config.verification.scheme', before: 'github', after: 'stripe' },
    { path: 'config.methods[1]', after: 'PUT' },
  ])
  expect(settings({ url: 'x' }, {})).toEqual([{ path: 'config.url', before: 'x' }])
})

test('tells an item that was put into a list as one change', () => {
  const cases = [
    { port: 'a', condition: '1' },
    { port: 'b', condition: '2' },
  ]
  const added = { port: 'new', condition: '3' }
  expect(settings({ cases }, { cases: [added, ...cases] })).toEqual([
    { path: 'config.cases[0]', after: added },
  ])
})

test('tells a node that only stands elsewhere from one that does something else', () => {
  const moved = { ...node('a'), position: { x: 8, y: 0 } }
  const diff = diffGraphs(graph([node('a')]), graph([moved]))
  expect(diff).toMatchObject({ moved: ['a'], changed: [] })
  expect([isSameWork(diff), isSameGraph(diff)]).toEqual([true, false])
  const both = diffGraphs(graph([node('a')]), graph([{ ...moved, data: { config: { condition: '1' } } }]))
  expect(both.moved).toEqual([])
  expect(both.changed).toHaveLength(1)
})

test('compares edges by their ends and their port, not by their names', () => {
  const nodes = [node('a'), node('b')]
  const before = graph(nodes, [{ id: 'e1', source: 'a', target: 'b' }])
  const named = graph(nodes, [{ id: 'e9', source: 'a', sourceHandle: 'match', target: 'b' }])
  expect(isSameGraph(diffGraphs(before, named))).toBe(true)
  const other = graph(nodes, [{ id: 'e1', source: 'a', sourceHandle: 'otherwise', target: 'b' }])
  expect(diffGraphs(before, other).edges).toMatchObject({ added: [{ id: 'e1' }], removed: [{ id: 'e1' }] })
})

test('does not mind the order of names', () => {
  expect(settings({ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } })).toEqual([])
})

test('tells notes that were written, changed and moved', () => {
  const note = (id: string, text: string, x = 0) => ({ id, text, position: { x, y: 0 }, width: 1, height: 1 })
  const diff = diffGraphs(
    { ...graph([]), notes: [note('n1', 'old'), note('n2', 'same'), note('n3', 'gone')] },
    { ...graph([]), notes: [note('n1', 'new', 5), note('n2', 'same', 5), note('n4', 'fresh')] },
  )
  expect(diff.notes).toMatchObject({
    added: [{ id: 'n4' }],
    removed: [{ id: 'n3' }],
    changed: [{ before: { text: 'old' }, after: { text: 'new' } }],
  })
  expect(diff.moved).toEqual(['n2'])
})

test('finds the words of a text that differ', () => {
  expect(diffTexts("ref = 'refs/heads/main'", "ref = 'refs/heads/next'")).toEqual([
    { kind: 'same', text: "ref = 'refs/heads/" },
    { kind: 'removed', text: 'main' },
    { kind: 'added', text: 'next' },
    { kind: 'same', text: "'" },
  ])
})

test('gives pieces that make both texts again', () => {
  const word = fc.constantFrom('a', 'b', 'c', ' ', '\n', '.')
  const text = fc.array(word, { maxLength: 40 }).map((words) => words.join(''))
  fc.assert(
    fc.property(text, text, (before, after) => {
      const pieces = diffTexts(before, after)
      const without = (kind: string) =>
        pieces.flatMap((piece) => (piece.kind === kind ? [] : [piece.text])).join('')
      expect(without('added')).toBe(before)
      expect(without('removed')).toBe(after)
    }),
  )
})

test('compares two long texts that have nothing in common within a moment', () => {
  const long = (word: string) => Array.from({ length: 20_000 }, (_, n) => `${word}${n}`).join('\n')
  const began = performance.now()
  expect(diffTexts(long('a'), long('b')).length).toBeLessThan(5)
  expect(performance.now() - began).toBeLessThan(2_000)
})
