import { expect, test } from 'vitest'
import {
  axisOf,
  inSentence,
  momentsOf,
  policyOf,
  scheduleOf,
  waitsOf,
} from '../../editor/inspector/controls/retry-times.ts'
import { moveCase, renamePort, whyNoPort } from '../../editor/inspector/controls/ports.ts'
import {
  changeAt,
  readScalar,
  withOperator,
  withValue,
  writeScalar,
} from '../../editor/inspector/controls/rule-edit.ts'
import { inWords, readSeconds, stepNice } from '../../editor/inspector/durations.ts'
import { trialGraph } from '../../editor/inspector/expression/trial.ts'
import { shapesOf } from '../../editor/inspector/expression/known.ts'
import { inMode, modeOf } from '../../editor/inspector/modes.ts'
import { problemsOf } from '../../editor/inspector/problems.ts'
import { readBytes, sizeInWords } from '../../editor/inspector/sizes.ts'
import type { Graph } from '../../nodes/contract/graph.ts'
import { shapeProblems } from '../../nodes/contract/problems.ts'
import { nodeTypes } from '../../nodes/index.ts'
import type { PreviewStep } from '../../editor/inspector/preview.ts'
import type { Event } from '../../nodes/contract/api.ts'

const graph: Graph = {
  nodes: [
    {
      id: 'hook',
      type: 'webhook',
      position: { x: 0, y: 0 },
      data: { label: 'GitHub', config: { verification: { scheme: 'github', secret: 's' } } },
    },
    { id: 'main', type: 'filter', position: { x: 0, y: 0 }, data: { config: { condition: 'true' } } },
    { id: 'call', type: 'http', position: { x: 0, y: 0 }, data: { config: { url: 'https://example.com' } } },
    { id: 'next', type: 'transform', position: { x: 0, y: 0 }, data: { config: {} } },
  ],
  edges: [
    { id: 'e1', source: 'hook', target: 'main' },
    { id: 'e2', source: 'main', sourceHandle: 'match', target: 'call' },
    { id: 'e3', source: 'call', sourceHandle: 'success', target: 'next' },
  ],
}
const unseen = { preview: new Map(), sample: undefined, workflow: { id: 'wf_1', name: 'Test' } }

test('without a sample the sender of the webhook says what reaches the nodes behind it', () => {
  expect(shapesOf({ ...unseen, graph, nodeId: 'call' }).message).toMatchObject({ ref: 'refs/heads/main' })
  expect(shapesOf({ ...unseen, graph, nodeId: 'next' }).message).toMatchObject({ status: 200 })
  expect(Object.keys(shapesOf({ ...unseen, graph, nodeId: 'next' }).steps)).toEqual(['hook', 'main', 'call'])
})

test('with a sample the preview says it, and the request is the event’s', () => {
  const both = { input: { a: 1 }, output: { a: 1 } }
  const step: PreviewStep = {
    nodeId: 'main',
    state: 'succeeded',
    port: 'match',
    error: null,
    logs: [],
    ...both,
  }
  const preview = new Map([['main', step]])
  const event: Event = {
    id: 'evt_1',
    workflowId: 'wf_1',
    kind: 'production',
    method: 'PUT',
    path: '/x?page=2',
    headers: [{ name: 'X-Who', value: 'ada' }],
    ip: '192.0.2.7',
    bodyBytes: 2,
    receivedAt: '2027-01-31T09:00:00.000Z',
    type: 'push',
    verified: true,
    dedupeKey: null,
    duplicates: 0,
    acceptedFrom: null,
    isRetry: false,
  }
  const known = shapesOf({ ...unseen, graph, nodeId: 'call', preview, sample: { kind: 'event', event } })
  expect(known.message).toEqual({ a: 1 })
  expect(known.event).toMatchObject({
    method: 'PUT',
    path: '/x',
    query: { page: '2' },
    headers: { 'x-who': 'ada' },
  })
})

test('a field is tried in the place of its node, in a graph that can be previewed', () => {
  const trial = trialGraph(graph, 'call', 'ref')
  expect(trial.nodes.map(({ id, type }) => `${id} ${type}`)).toEqual([
    'hook webhook',
    'main filter',
    'call transform',
  ])
  expect(shapeProblems(trial, nodeTypes)).toEqual([])
})

test('a setting keeps its meaning from a value to an expression and back', () => {
  const { url, timeoutMs } = nodeTypes.http.fields
  expect(inMode(url, 'https://{{ host }}/x', 'expression')).toEqual({ $: '"https://" & (host) & "/x"' })
  expect(inMode(url, { $: 'host' }, 'fixed')).toBe('{{ host }}')
  expect(inMode(url, { $: '"https://example.com"' }, 'fixed')).toBe('https://example.com')
  expect(inMode(timeoutMs, undefined, 'expression')).toEqual({ $: '30000' })
  expect(inMode(timeoutMs, { $: 'wait * 2' }, 'fixed')).toBeUndefined()
  expect(modeOf(url, { $secret: 'URL' })).toBe('secret')
  expect(modeOf(timeoutMs, { $: '1' })).toBe('expression')
})

test('what the server found is shown until the setting changes, what the declaration says at once', () => {
  const node = {
    id: 'next',
    type: 'transform',
    position: { x: 0, y: 0 },
    data: { config: { expression: '1 +' } },
  }
  const saved: Graph = { nodes: [node], edges: [] }
  const told = [{ nodeId: 'next', path: 'config.expression', message: 'line 1, column 3: it ends' }]
  expect(problemsOf(node, saved, told)).toEqual([
    { name: 'expression', path: '', message: 'line 1, column 3: it ends' },
  ])
  const changed = { ...node, data: { config: { expression: '1 + 2' } } }
  expect(problemsOf(changed, saved, told)).toEqual([])
  const empty = { ...node, data: { config: { expression: '' } } }
  expect(problemsOf(empty, saved, told)).toMatchObject([{ name: 'expression', path: '' }])
})

test('lengths of time are read as people write them', () => {
  expect(['90', '5 min', '1 h 30 min', '1.5h', '2 days', 'at once'].map(readSeconds)).toEqual([
    90, 300, 5_400, 5_400, 172_800, 0,
  ])
  expect(readSeconds('soon')).toBeUndefined()
  expect([0, 5, 90, 5_400, 100_800].map(inWords)).toEqual([
    'at once',
    '5 s',
    '1 min 30 s',
    '1 h 30 min',
    '1 d 4 h',
  ])
  expect(stepNice(300, 1)).toBe(600)
  expect(stepNice(300, -1)).toBe(180)
  expect([readBytes('5 MB'), readBytes('512 kb'), readBytes('1,000'), readBytes('x')]).toEqual([
    5_242_880,
    524_288,
    1_000,
    undefined,
  ])
  expect([sizeInWords(5_242_880), sizeInWords(1_000)]).toEqual(['5 MB', '1000 B'])
})

test('a schedule is read as the engine obeys it', () => {
  const policy = policyOf({ attempts: 4, schedule: [0, 5, 60] })
  expect(waitsOf(policy)).toEqual([5, 60, 60])
  expect(waitsOf(policyOf({ attempts: 3, schedule: [5, 60] }))).toEqual([5, 60])
  expect(scheduleOf(waitsOf(policy))).toEqual([0, 5, 60, 60])
  expect(momentsOf([5, 60, 60])).toEqual([0, 5, 65, 125])
  expect(inSentence(policy)).toBe('4 attempts over 2 min 5 s.')
  expect(inSentence(policyOf(undefined))).toBe('8 attempts over 1 d 4 h.')
})

test('the axis of a schedule is to scale, there and back', () => {
  const { placeOf, secondsAt, ticks } = axisOf(100_000)
  expect(placeOf(0)).toBe(0)
  expect(placeOf(100_000)).toBeLessThan(1)
  expect(placeOf(600) - placeOf(60)).toBeCloseTo(placeOf(6_000) - placeOf(600), 1)
  expect(secondsAt(placeOf(3_600))).toBeCloseTo(3_600, 6)
  expect(ticks.every((seconds) => placeOf(seconds) < 0.97)).toBe(true)
})

test('a rule keeps of its value what another comparison can take', () => {
  const rule = { field: 'message.n', is: 'equals', value: 5 } as const
  expect(withOperator(rule, 'contains')).toEqual({ field: 'message.n', is: 'contains', value: '5' })
  expect(withOperator(rule, 'in-list')).toEqual({ field: 'message.n', is: 'in-list', value: [5] })
  expect(withOperator(rule, 'exists')).toEqual({ field: 'message.n', is: 'exists' })
  expect(withValue({ field: 'body', is: 'in-list', value: [] }, 'a\n7')).toMatchObject({ value: ['a', 7] })
})

test('what is typed as a value and what it is are told apart', () => {
  for (const value of [5, -1.5, true, false, null, '5', 'true', 'null', '05', '1e3', 'main', '', '"quoted"'])
    expect(readScalar(writeScalar(value)), String(value)).toBe(value)
})

test('a group that nothing is left in goes with its last rule', () => {
  const row = { field: 'body', is: 'exists' } as const
  const rules = { all: [row, { not: { any: [row] } }] }
  expect(changeAt(rules, [1, 0], () => undefined)).toEqual({ all: [row] })
  expect(changeAt({ all: [row] }, [0], () => undefined)).toBeUndefined()
})

test('a port takes its edges to its new name, and cannot have that of another', () => {
  const renamed = renamePort(graph, 'main', 'match', 'yes')
  expect(renamed.edges[1]).toMatchObject({ sourceHandle: 'yes' })
  expect(renamePort(graph, 'main', 'nothing', 'yes')).toBe(graph)
  const cases = [
    { port: 'a', condition: '' },
    { port: 'b', condition: '' },
  ]
  expect(moveCase(cases, 1, 0).map(({ port }) => port)).toEqual(['b', 'a'])
  expect(moveCase(cases, 0, -1)).toBe(cases)
  expect(whyNoPort(cases, 1, 'a')).toContain('already')
  expect(whyNoPort(cases, 1, 'b')).toBeUndefined()
  expect(whyNoPort(cases, 1, 'no spaces')).toContain('letters')
})
