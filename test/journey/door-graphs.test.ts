/** Graphs that cannot run: what has no shape is refused at save, what is only unfinished is kept with its problems. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chain } from '../support/chain.ts'
import { type Answer, type RunningServer, eventually, removeDataDir, startServer } from '../support/server.ts'

let server: RunningServer

beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await server.stop()
  await removeDataDir(server.dataDir)
})

const node = (id: string, type = 'transform', config: object = { expression: '$' }) => ({
  id,
  type,
  data: { config },
})
const edge = (source: string, target: string, more: object = {}) => ({
  id: `${source}-${target}`,
  source,
  target,
  ...more,
})
const hook = node('hook', 'webhook', {})
const many = Array.from({ length: 1_000 }, (_, n) => node(`n${n}`))

const misshapen: readonly (readonly [what: string, graph: object, nodeId: string | null, says: RegExp])[] = [
  [
    'a cycle',
    { nodes: [hook, node('a'), node('b')], edges: [edge('hook', 'a'), edge('a', 'b'), edge('b', 'a')] },
    'b',
    /a → b/,
  ],
  ['an edge to itself', { nodes: [hook, node('a')], edges: [edge('a', 'a')] }, 'a', /itself/],
  [
    'two webhook nodes',
    { nodes: [hook, node('other', 'webhook', {})], edges: [] },
    'other',
    /one webhook node/,
  ],
  ['an edge from nowhere', { nodes: [hook], edges: [edge('gone', 'hook')] }, 'hook', /"gone"/],
  ['an edge to nowhere', { nodes: [hook], edges: [edge('hook', 'gone')] }, 'hook', /"gone"/],
  [
    'an edge into the webhook node',
    { nodes: [hook, node('a')], edges: [edge('a', 'hook')] },
    'hook',
    /only start/,
  ],
  ['an unknown type', { nodes: [hook, node('a', 'transfrom')], edges: [] }, 'a', /did you mean "transform"/],
  [
    'a type named like a prototype',
    { nodes: [hook, node('a', 'constructor')], edges: [] },
    'a',
    /no node type/,
  ],
  [
    'an unknown port',
    { nodes: [hook, node('a')], edges: [edge('hook', 'a', { sourceHandle: 'match' })] },
    'hook',
    /there are out/,
  ],
  ['a bad node id', { nodes: [hook, node('a b')], edges: [] }, 'a b', /1 to 64 letters/],
  [
    'a node id that is too long',
    { nodes: [node('x'.repeat(65), 'webhook', {})], edges: [] },
    'x'.repeat(65),
    /1 to 64/,
  ],
  ['the same node id twice', { nodes: [hook, node('a'), node('a')], edges: [] }, 'a', /Two nodes/],
  ['1,001 nodes', { nodes: [hook, ...many], edges: [] }, null, /at most 1000/],
]

test.each(misshapen)(
  '%s is refused at save with 422 and says what to mend',
  async (what, graph, nodeId, says) => {
    const kept = await server.api('POST', '/api/workflows', { name: what, graph: chain({}) })
    const answers = [
      await server.call('POST', '/api/workflows', { name: `${what}, new`, graph }),
      await server.call('PATCH', `/api/workflows/${kept.id}`, { graph }),
    ]
    for (const { status, headers, body } of answers) {
      expect([status, headers.get('content-type')]).toEqual([422, 'application/problem+json; charset=utf-8'])
      expect(body.problems).toContainEqual({
        nodeId,
        path: expect.any(String),
        message: expect.stringMatching(says),
      })
    }
    expect((await server.api('POST', '/api/validate', { graph })).problems).toEqual(answers[0]?.body.problems)
    expect(await server.api('GET', `/api/workflows/${kept.id}`)).toMatchObject({
      revision: 1,
      draft: kept.draft,
    })
    const { items } = await server.api('GET', '/api/workflows')
    expect(items.map(({ name }: Answer) => name)).not.toContain(`${what}, new`)
  },
)

test.each([
  ['no graph', undefined],
  ['a graph that is a text', 'nodes'],
  ['nodes that are none', { nodes: [1, null, 'x'] }],
  ['a node without a type', { nodes: [{ id: 'a' }] }],
])('%s is refused with 422', async (_what, graph) => {
  const { status, body } = await server.call('POST', '/api/workflows', { name: 'No shape', graph })
  expect([status, body.problems.length > 0]).toEqual([422, true])
})

const unfinished: readonly (readonly [what: string, graph: object, problem: object])[] = [
  ['no webhook node', { nodes: [node('a')], edges: [] }, { nodeId: null, path: 'nodes' }],
  ['a setting that is missing', chain({}, ['http', {}]), { nodeId: 'http', path: 'config.url' }],
  ['a setting that is unknown', chain({ methdos: ['GET'] }), { nodeId: 'webhook', path: 'config.methdos' }],
  ['a setting that is wrong', chain({ methods: ['BREW'] }), { nodeId: 'webhook', path: 'config.methods.0' }],
  ['a secret that is missing', chain({ verification: { scheme: 'github' } }), { nodeId: 'webhook' }],
  [
    'an expression that does not parse',
    chain({}, ['transform', { expression: '{ "a": ' }]),
    { nodeId: 'transform' },
  ],
  ['a script that does not parse', chain({}, ['script', { code: 'return (' }]), { nodeId: 'script' }],
  ['a template that does not parse', chain({}, ['http', { url: 'http://x/{{ ( }}' }]), { nodeId: 'http' }],
]

test.each(unfinished)(
  '%s is kept in the draft as a problem, and refused at publish with 422',
  async (what, graph, problem) => {
    const made = await server.call('POST', '/api/workflows', { name: what, graph })
    expect(made).toMatchObject({ status: 201, body: { version: null } })
    expect(made.body.problems).toContainEqual(
      expect.objectContaining({ ...problem, message: expect.any(String) }),
    )
    const path = `/api/workflows/${made.body.id}`
    const published = await server.call('POST', `${path}/publish`)
    expect(published).toMatchObject({ status: 422, body: { problems: made.body.problems } })
    expect(await server.api('GET', path)).toMatchObject({ version: null, problems: made.body.problems })
    const atOnce = await server.call('POST', '/api/workflows', {
      name: `${what}, at once`,
      graph,
      publish: true,
    })
    expect(atOnce).toMatchObject({ status: 422, body: { problems: made.body.problems } })
    const { items } = await server.api('GET', '/api/workflows')
    expect(items.map(({ name }: Answer) => name)).not.toContain(`${what}, at once`)
  },
)

test('a published workflow goes on as it was while its draft is not finished', async () => {
  const made = await server.api('POST', '/api/workflows', {
    name: 'Goes on',
    graph: chain({}),
    publish: true,
  })
  await server.api('PATCH', `/api/workflows/${made.id}`, { graph: chain({ methods: [] }) })
  expect(await server.call('POST', `/api/workflows/${made.id}/publish`)).toMatchObject({ status: 422 })
  const { pathname } = new URL(made.hook.url)
  expect((await fetch(`${server.url}${pathname}`, { method: 'POST', body: '{}' })).status).toBe(200)
})

test('a thousand nodes in a row are saved, published and run', async () => {
  const row = many.slice(0, 999)
  const edges = row.map(({ id }, n) => edge(row[n - 1]?.id ?? 'hook', id))
  const graph = { nodes: [node('hook', 'webhook', {}), ...row], edges }
  const made = await server.call('POST', '/api/workflows', { name: 'Long', graph, publish: true })
  expect(made).toMatchObject({ status: 201, body: { version: 1, problems: [] } })
  const { pathname } = new URL(made.body.hook.url)
  expect((await fetch(`${server.url}${pathname}`, { method: 'POST', body: '{}' })).status).toBe(200)
  const runs = () => server.api('GET', `/api/runs?workflowId=${made.body.id}`)
  await eventually(runs, ({ items }) => items[0]?.state === 'succeeded', 25_000)
})
