/** Workflows over the API: made, checked, and refused. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as api from '../../nodes/contract/api.ts'
import { type GraphNode, noteLengthMax, notesMax } from '../../nodes/contract/graph.ts'
import { chain, hook, node, openWorld, problem, send, type World } from '../http/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const draft = chain(hook(), node('text', 'transform', { expression: '{ "n": n }' }))

const ring = [
  { id: '1', source: 'hook', target: 'a' },
  { id: '2', source: 'a', target: 'b' },
  { id: '3', source: 'b', target: 'a' },
]
const badPort = { id: '1', source: 'hook', sourceHandle: 'sideways', target: 'a' }

describe('POST /api/workflows', () => {
  test('makes an enabled draft with an absolute hook URL, and publishes nothing', async () => {
    const made = await world.ask('POST', '/api/workflows', { name: 'Push to Slack', graph: draft })
    expect(made.status).toBe(201)
    expect(api.workflow.parse(made.body)).toMatchObject({
      name: 'Push to Slack',
      key: 'push-to-slack',
      enabled: true,
      revision: 1,
      version: null,
      problems: [],
    })
    const { url, token } = made.body.hook
    expect(url).toBe(`${world.server.url.replace('127.0.0.1', 'localhost')}/hooks/${token}`)
    expect(Buffer.from(token, 'base64url').length).toBeGreaterThanOrEqual(16)
    expect(made.body.draft.nodes.map(({ id }: { id: string }) => id)).toEqual(['hook', 'text'])
  })

  test('publishes at once when asked to, so that the hook answers', async () => {
    const made = await world.make(draft)
    expect(made.version).toBe(1)
    await world.run(await world.post(made, { n: 1 }))
  })

  test('makes a paused workflow with enabled false: what comes is held until it is enabled', async () => {
    const made = await world.make(draft, { enabled: false })
    const eventId = await world.post(made, { n: 1 })
    await world.run(eventId, 'held')
    const enabled = await world.ask('PATCH', `/api/workflows/${made.id}`, { enabled: true })
    expect(enabled.body).toMatchObject({ enabled: true })
    await world.run(eventId)
  })

  test('keeps the notes on the canvas, in the draft, in the versions and when it is read', async () => {
    const notes = [
      { id: 'why', position: { x: 0, y: 200 }, width: 220, height: 120, text: 'Ask Ada first.\n\u2028 <b>' },
      { id: 'empty', position: { x: -8, y: 0.5 }, width: 96, height: 48, text: '' },
    ]
    const made = await world.make({ ...draft, notes })
    expect(made.draft.notes).toEqual(notes)
    const read = await world.ask('GET', `/api/workflows/${made.id}`)
    expect(read.body.draft.notes).toEqual(notes)
    const versions = await world.ask('GET', `/api/workflows/${made.id}/versions`)
    expect(versions.body.items[0].graph.notes).toEqual(notes)
  })

  test('puts the nodes of a graph without positions along their edges, none upon another, and leaves others', async () => {
    const cases = ['a', 'b', 'c', 'd'].map((port) => ({ port, condition: 'true' }))
    const edge = (source: string, target: string, sourceHandle?: string) => ({
      id: `${source}-${target}`,
      source,
      target,
      ...(sourceHandle !== undefined && { sourceHandle }),
    })
    const graph = {
      nodes: [
        hook(),
        node('which', 'switch', { cases }),
        node('one', 'switch', { cases }),
        node('two', 'transform', { expression: '1' }),
        node('end', 'transform', { expression: '2' }),
      ],
      edges: [
        edge('hook', 'which'),
        edge('which', 'one', 'a'),
        edge('which', 'two', 'b'),
        edge('one', 'end', 'a'),
        edge('which', 'end', 'c'),
      ],
    }
    const { draft: placed } = await world.make(graph)
    const at = new Map(placed.nodes.map(({ id, position }: GraphNode) => [id, position]))
    expect(Object.fromEntries(at)).toEqual({
      hook: { x: 0, y: 0 },
      which: { x: 320, y: 0 },
      one: { x: 640, y: 0 },
      // Five ports are above it.
      two: { x: 640, y: 232 },
      end: { x: 960, y: 0 },
    })
    const own = graph.nodes.map((node, n) => ({ ...node, position: { x: n === 0 ? 8 : 0, y: 0 } }))
    expect((await world.make({ ...graph, nodes: own })).draft.nodes).toMatchObject(own)
  })

  test('puts those nodes that have no position beside what they belong to, upon no other, and moves none that has one', async () => {
    const at = (x: number, y: number) => ({ position: { x, y } })
    const graph = {
      nodes: [
        { ...hook(), ...at(0, 0) },
        node('before', 'transform', { expression: '1' }),
        { ...node('own', 'transform', { expression: '2' }), ...at(960, 96) },
        { ...node('there', 'transform', { expression: '3' }), ...at(1_300, 120) },
        node('after', 'transform', { expression: '4' }),
        node('also', 'transform', { expression: '5' }),
        node('alone', 'transform', { expression: '6' }),
      ],
      edges: [
        { id: 'e1', source: 'before', target: 'own' },
        { id: 'e2', source: 'own', target: 'after' },
        { id: 'e3', source: 'own', target: 'also' },
      ],
    }
    const { draft: placed } = await world.make(graph)
    expect(
      Object.fromEntries(placed.nodes.map(({ id, position }: GraphNode) => [id, [position.x, position.y]])),
    ).toEqual({
      hook: [0, 0],
      before: [640, 96],
      own: [960, 96],
      there: [1_300, 120],
      after: [1_280, 280],
      also: [1_280, 440],
      alone: [0, 104],
    })
  })

  test('refuses more notes, and longer ones, than it says', async () => {
    const note = (n: number, text = '') => ({
      id: `n${n}`,
      position: { x: 0, y: 0 },
      width: 96,
      height: 48,
      text,
    })
    const noted = (notes: readonly unknown[]) =>
      world.ask('POST', '/api/workflows', { name: 'Noted', graph: { ...draft, notes } })
    const many = Array.from({ length: notesMax }, (_, n) => note(n))
    const long = note(0, 'x'.repeat(noteLengthMax))
    expect([(await noted(many)).status, (await noted([long])).status]).toEqual([201, 201])
    const tooMany = await noted([...many, note(notesMax)])
    const tooLong = await noted([note(0, `${long.text}x`)])
    expect([tooMany.status, tooLong.status]).toEqual([422, 422])
    expect(JSON.stringify(tooMany.body)).toContain('a graph has at most 200 notes')
    expect(JSON.stringify(tooLong.body)).toContain('a note is at most 10000 characters long')
  })

  test('keeps whatever React Flow adds to a node', async () => {
    const [first, ...rest] = draft.nodes
    const drawn = { ...draft, nodes: [{ ...first, measured: { width: 200 }, selected: true }, ...rest] }
    const made = await world.make(drawn, { publish: false })
    expect(made.draft.nodes[0]).toMatchObject({ measured: { width: 200 }, selected: true })
  })

  test('refuses a key that is taken with 409, and two with one key at the same time make one', async () => {
    await world.make(draft, { key: 'mine' })
    const again = await world.ask('POST', '/api/workflows', { key: 'mine', name: 'Again', graph: draft })
    expect(again).toMatchObject(problem(409, 'conflict', /"mine"/))
    const both = await Promise.all(
      [1, 2, 3].map(() => world.ask('POST', '/api/workflows', { key: 'race', name: 'Race', graph: draft })),
    )
    expect(both.map(({ status }) => `${status}`).toSorted()).toEqual(['201', '409', '409'])
  })

  test('takes the same name many times at once, each under a key of its own', async () => {
    const all = await Promise.all([1, 2, 3, 4].map(() => world.make(draft, { name: 'Together' })))
    expect(new Set(all.map(({ key }) => key)).size).toBe(4)
    const first = await world.make(draft, { name: 'Twin' })
    const second = await world.make(draft, { name: 'Twin' })
    expect(first.key).toBe('twin')
    expect(second.key).toMatch(/^twin-[0-9a-f]{8}$/)
  })

  test.each([
    ['a cycle', { nodes: [hook(), node('a', 'filter'), node('b', 'filter')], edges: ring }, /cycle|circle/i],
    ['two webhook nodes', { nodes: [hook(), { ...hook(), id: 'hook2' }], edges: [] }, /webhook/i],
    ['a dangling edge', { nodes: [hook()], edges: [{ id: 'e', source: 'hook', target: 'gone' }] }, /gone/],
    ['an unknown type', { nodes: [hook(), node('a', 'nonsense')], edges: [] }, /nonsense/],
    ['an unknown port', { nodes: [hook(), node('a', 'filter')], edges: [badPort] }, /sideways/],
    ['a bad node id', { nodes: [{ ...hook(), id: 'no spaces' }], edges: [] }, /no spaces/],
    ['no list of nodes', { nodes: 7 }, /expected a list, found 7/],
  ])('refuses %s with 422 and the problems, and saves nothing', async (_what, graph, message) => {
    const name = `Unfit ${Math.random()}`
    const refused = await world.ask('POST', '/api/workflows', { name, graph })
    expect(refused).toMatchObject(problem(422, 'invalid', message))
    expect(refused.body.problems.length).toBeGreaterThan(0)
    const { items } = (await world.ask('GET', '/api/workflows?limit=200')).body
    expect(items.map((item: { name: string }) => item.name)).not.toContain(name)
  })

  test('keeps an unfinished draft with its problems, and refuses to publish it', async () => {
    const unfinished = chain(hook(), node('text', 'transform', { expression: '{{{' }), send(''))
    const made = await world.ask('POST', '/api/workflows', { name: 'Half', graph: unfinished })
    expect(made.status).toBe(201)
    const places = made.body.problems.map(({ nodeId, path }: { nodeId: string; path: string }) => [
      nodeId,
      path,
    ])
    expect(places).toEqual(
      expect.arrayContaining([
        ['text', 'config.expression'],
        ['send', 'config.url'],
      ]),
    )
    const published = await world.ask('POST', `/api/workflows/${made.body.id}/publish`, {})
    expect(published).toMatchObject(problem(422, 'invalid', /to be mended before this can be published/))
    expect(published.body.problems).toEqual(made.body.problems)
    const atOnce = await world.ask('POST', '/api/workflows', {
      name: 'Half',
      graph: unfinished,
      publish: true,
    })
    expect(atOnce).toMatchObject(problem(422, 'invalid'))
  })

  test.each([
    [{ graph: draft }, 'name'],
    [{ name: 'W' }, 'graph'],
    [{ name: ' ', graph: draft }, 'name'],
    [{ name: 'W', graph: draft, key: 'Not A Key' }, 'key'],
    [{ name: 'W', graph: draft, enabled: 'yes' }, 'enabled'],
    [{ name: 'W', graph: draft, token: 'chosen' }, ''],
    ['a text', ''],
    [[], ''],
  ])('refuses %j, naming the place', async (body, path) => {
    const refused = await world.ask('POST', '/api/workflows', body)
    expect(refused).toMatchObject(problem(422, 'invalid'))
    expect(refused.body.problems).toContainEqual(expect.objectContaining({ path }))
  })
})

describe('POST /api/validate', () => {
  test('says what keeps a graph from being published, and nothing of a good one', async () => {
    expect((await world.ask('POST', '/api/validate', { graph: draft })).body).toEqual({ problems: [] })
    const { status, body } = await world.ask('POST', '/api/validate', {
      graph: chain(hook(), node('only', 'filter', { condition: 'a = ' }), send('ftp://x')),
    })
    expect(status).toBe(200)
    expect(api.validation.parse(body).problems).toEqual([
      { nodeId: 'send', path: 'config.url', message: expect.stringMatching(/https:\/\//) as string },
      { nodeId: 'only', path: 'config.condition', message: expect.stringMatching(/\S/) as string },
    ])
  })

  test.each([5, null, 'text', {}, { nodes: [] }, { nodes: [{}] }])(
    'has problems, not an error, for %j',
    async (graph) => {
      const { status, body } = await world.ask('POST', '/api/validate', { graph })
      expect(status).toBe(200)
      expect(body.problems.length).toBeGreaterThan(0)
      for (const { message } of body.problems) expect(message).toMatch(/^[A-Z].*\.$/)
    },
  )
})
