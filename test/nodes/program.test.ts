import jsonata from 'jsonata'
import { expect, test } from 'vitest'
import type { GraphNode } from '../../nodes/contract/graph.ts'
import type { Saved } from '../../nodes/contract/field.ts'
import { programsOf } from '../../nodes/contract/problems.ts'
import { nodeTypes } from '../../nodes/index.ts'

const node = (id: string, type: string, config: Saved): GraphNode => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data: { config },
})
const programs = (type: string, config: Saved) =>
  programsOf({ nodes: [node('n', type, config)], edges: [] }, nodeTypes).map(({ path, kind, source }) => [
    path,
    kind,
    source,
  ])

test('finds every program of a graph, with its node, its place and its kind', () => {
  const config = {
    url: 'https://{{ host }}/',
    method: { $: 'm' },
    headers: { plain: 'x', 'x-id': '{{ id }}', auth: { $secret: 'S' } },
    body: { list: [{ $: 'a' }, '{{ b }}', 'c'] },
    signing: { secret: { $secret: 'S' } },
  }
  expect(programs('http', config)).toEqual([
    ['config.method', 'jsonata', 'm'],
    ['config.url', 'template', 'https://{{ host }}/'],
    ['config.headers.x-id', 'template', '{{ id }}'],
    ['config.body.list.0', 'jsonata', 'a'],
    ['config.body.list.1', 'template', '{{ b }}'],
  ])
  expect(programsOf({ nodes: [node('n7', 'transform', { expression: 'a' })], edges: [] }, nodeTypes)).toEqual(
    [{ nodeId: 'n7', path: 'config.expression', kind: 'jsonata', source: 'a' }],
  )
  expect(programs('script', { code: 'return 1' })).toEqual([['config.code', 'script', 'return 1']])
  expect(programs('filter', { condition: 'a = 1' })).toEqual([['config.condition', 'jsonata', 'a = 1']])
  expect(
    programs('switch', { cases: [{ port: 'a', condition: 'x' }, null, { port: 'b', condition: 'y' }] }),
  ).toEqual([
    ['config.cases.0.condition', 'jsonata', 'x'],
    ['config.cases.2.condition', 'jsonata', 'y'],
  ])
  expect(programs('webhook', { dedupe: { key: '$: body.id', windowSeconds: 60 } })).toEqual([
    ['config.dedupe.key', 'jsonata', ' body.id'],
  ])
})

test('leaves out what is empty, what is no program, and what is not known', () => {
  expect(programs('transform', { expression: ' ' })).toEqual([])
  expect(programs('http', { url: 'https://a.b', body: 'plain' })).toEqual([])
  expect(programs('webhook', { dedupe: { key: 'header:x-id', windowSeconds: 60 } })).toEqual([])
  expect(programs('filter', { rules: { all: [] } })).toEqual([])
  expect(programs('switch', { cases: 'none' })).toEqual([])
  expect(programs('teleport', { expression: 'a' })).toEqual([])
})

test('compiles rules to an expression that parses', () => {
  const rules = {
    all: [
      { field: 'body.a', is: 'matches', value: '[(]' },
      { field: 'ip', is: 'in-cidr', value: '::/0' },
    ],
  }
  const [found] = programs('filter', { rules })
  expect(found?.slice(0, 2)).toEqual(['config.rules', 'jsonata'])
  expect(() => jsonata(String(found?.[2]))).not.toThrow()
})
