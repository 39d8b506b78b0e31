/** Trying a workflow out over the API: preview, test run, simulation, a signed sample through the real door. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as api from '../../nodes/contract/api.ts'
import { chain, hook, node, openWorld, problem, send, type World } from '../http/world.ts'
import { type Answer, eventually } from '../support/server.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

/** Requests that came to the target under this path. */
const sentTo = (path: string) => world.receiver.requests.filter(({ url }) => url === path)

const graphTo = (path: string) => ({
  nodes: [
    hook(),
    node('only', 'filter', { condition: 'n > 1' }),
    node('text', 'transform', { expression: '{ "twice": n * 2, "via": $event.headers.`x-via` }' }),
    node('code', 'script', { code: 'console.log("seen", message.twice); return { ...message, made: true }' }),
    send(`${world.receiver.url}${path}`),
    node('after', 'transform', { expression: 'status' }),
  ],
  edges: [
    { id: '1', source: 'hook', target: 'only' },
    { id: '2', source: 'only', sourceHandle: 'match', target: 'text' },
    { id: '3', source: 'text', target: 'code' },
    { id: '4', source: 'code', target: 'send' },
    { id: '5', source: 'send', target: 'after' },
  ],
})

const stepsById = (steps: readonly Answer[]): Answer =>
  Object.fromEntries(steps.map((step) => [step.nodeId, step]))

describe('POST /api/preview', () => {
  test('shows what every pure node makes of a message, and sends nothing', async () => {
    const { status, body } = await world.ask('POST', '/api/preview', {
      graph: graphTo('/preview'),
      message: { n: 2 },
    })
    expect(status).toBe(200)
    const steps = stepsById(api.preview.parse(body).steps)
    expect(steps.only).toMatchObject({ state: 'succeeded', port: 'match', output: { n: 2 } })
    expect(steps.text).toMatchObject({ input: { n: 2 }, output: { twice: 4 } })
    expect(steps.code).toMatchObject({
      output: { twice: 4, made: true },
      logs: [{ level: 'info', text: 'seen 4' }],
    })
    expect(steps.send).toMatchObject({ state: 'skipped', port: null })
    expect(steps.after).toMatchObject({ state: 'skipped' })
    expect(sentTo('/preview')).toEqual([])
  })

  test('of a message that a filter keeps out shows the way it takes, and skips the rest', async () => {
    const { body } = await world.ask('POST', '/api/preview', {
      graph: graphTo('/preview-out'),
      message: { n: 1 },
    })
    const steps = stepsById(body.steps)
    expect(steps.only).toMatchObject({ state: 'succeeded', port: 'otherwise' })
    expect(steps.text).toMatchObject({ state: 'skipped' })
  })

  test('up to one node evaluates that node and what leads to it', async () => {
    const { body } = await world.ask('POST', '/api/preview', {
      graph: graphTo('/preview-one'),
      message: { n: 2 },
      nodeId: 'text',
    })
    const steps = stepsById(body.steps)
    expect(steps.text).toMatchObject({ state: 'succeeded', output: { twice: 4 } })
    expect(steps.code).toMatchObject({ state: 'skipped' })
  })

  test('takes a stored event with its headers', async () => {
    const made = await world.make(chain(hook()))
    const eventId = await world.post(made, { n: 5 }, { 'x-via': 'letter' })
    await world.run(eventId)
    const { body } = await world.ask('POST', '/api/preview', { graph: graphTo('/preview-event'), eventId })
    expect(stepsById(body.steps).text).toMatchObject({ output: { twice: 10, via: 'letter' } })
    expect(sentTo('/preview-event')).toEqual([])
  })

  test('tells the failure of a node in its place, and does not fail itself', async () => {
    const graph = chain(hook(), node('text', 'transform', { expression: '$number("x")' }))
    const { status, body } = await world.ask('POST', '/api/preview', { graph, message: null })
    expect(status).toBe(200)
    expect(stepsById(body.steps).text).toMatchObject({
      state: 'failed',
      error: { code: expect.stringMatching(/^[a-z-]+$/) as string },
    })
  })

  test('refuses an event that is not there, an event and a message, and a graph without a shape', async () => {
    const graph = chain(hook())
    expect(await world.ask('POST', '/api/preview', { graph, eventId: 'evt_x' })).toMatchObject(
      problem(404, 'not-found'),
    )
    expect(await world.ask('POST', '/api/preview', { graph, eventId: 'evt_x', message: 1 })).toMatchObject(
      problem(422, 'invalid', /not both/),
    )
    expect(
      await world.ask('POST', '/api/preview', { graph: chain(hook(), node('a', 'nonsense')) }),
    ).toMatchObject(problem(422, 'invalid', /nonsense/))
  })
})

describe('POST /api/workflows/:id/test', () => {
  test('runs the draft on a message, beside the books', async () => {
    const before = (await world.ask('GET', '/api/balance')).body
    const made = await world.make(graphTo('/test-message'), { publish: false })
    const started = await world.ask('POST', `/api/workflows/${made.id}/test`, { message: { n: 3 } })
    expect(started.status).toBe(202)
    expect(api.runSummary.parse(started.body)).toMatchObject({ kind: 'test', version: null })
    const run = await world.runOf(started.body.id, 'succeeded')
    expect(stepsById(run.steps).after.output).toBe(200)
    expect(sentTo('/test-message').map(({ text }) => JSON.parse(text))).toEqual([{ twice: 6, made: true }])
    expect((await world.ask('GET', '/api/balance')).body.accepted).toBe(before.accepted)
  })

  test('runs the draft, not the version, on a stored event of this workflow', async () => {
    const made = await world.make(chain(hook()))
    const eventId = await world.post(made, { n: 4 })
    await world.ask('PATCH', `/api/workflows/${made.id}`, { graph: graphTo('/test-event') })
    const started = await world.ask('POST', `/api/workflows/${made.id}/test`, { eventId })
    expect(started.body).toMatchObject({ eventId, kind: 'test' })
    await world.runOf(started.body.id, 'succeeded')
    expect(sentTo('/test-event')).toHaveLength(1)
    const stranger = await world.make(chain(hook()))
    expect(await world.ask('POST', `/api/workflows/${stranger.id}/test`, { eventId })).toMatchObject(
      problem(404, 'not-found', /no such event/),
    )
  })

  test('with simulate sends nothing and says what it would have sent', async () => {
    const made = await world.make(graphTo('/simulated'), { publish: false })
    const started = await world.ask('POST', `/api/workflows/${made.id}/test`, {
      message: { n: 2 },
      simulate: true,
    })
    const run = await world.runOf(started.body.id, 'succeeded')
    const step = stepsById(run.steps).send
    expect(step).toMatchObject({ output: { status: 200, body: null }, attempts: [] })
    expect(step.logs[0].text).toContain('POST')
    expect(sentTo('/simulated')).toEqual([])
  })

  test('of a draft that is not finished fails with what is wrong, and takes not both event and message', async () => {
    const made = await world.make(chain(hook(), send('')), { publish: false })
    const started = await world.ask('POST', `/api/workflows/${made.id}/test`, { message: {} })
    const run = await world.runOf(started.body.id, 'failed')
    expect(run.error).toMatchObject({ code: 'bad-setting', nodeId: 'send' })
    expect(
      await world.ask('POST', `/api/workflows/${made.id}/test`, { message: 1, eventId: 'evt_x' }),
    ).toMatchObject(problem(422, 'invalid', /not both/))
    expect(await world.ask('POST', '/api/workflows/wf_00000000000000000000000000/test', {})).toMatchObject(
      problem(404, 'not-found'),
    )
  })
})

describe('POST /api/workflows/:id/sample', () => {
  const whsec = `whsec_${Buffer.alloc(24, 7).toString('base64')}`
  test.each([
    ['github', { secret: 'It is a secret' }],
    ['gitlab', { secret: 'It is a token' }],
    ['shopify', { secret: 'shpss_secret' }],
    ['slack', { secret: 'slack-signing-secret' }],
    ['stripe', { secret: 'whsec_stripe_text' }],
    ['standard-webhooks', { secret: whsec }],
    ['svix', { secret: whsec }],
    ['meta', { secret: 'app-secret', verifyToken: 'chosen-token' }],
    ['hmac', { secret: 'shared', header: 'x-my-signature', prefix: 'sha256=' }],
    ['bearer', { secret: 'a-long-token' }],
    ['api-key', { secret: 'a-long-key', query: 'key' }],
    ['basic', { secret: 'user:password' }],
    ['jwt', { secret: 'a shared secret of at least 32 bytes', algorithms: ['HS256'] }],
    ['none', {}],
  ])('%s: a correctly signed one is let in by the real door, twice', async (scheme, settings) => {
    const made = await world.make(chain(hook({ verification: { scheme, ...settings } })))
    const sent = await world.ask('POST', `/api/workflows/${made.id}/sample`)
    expect(api.sampleSent.parse(sent.body)).toEqual({
      status: 200,
      eventId: expect.stringMatching(/^evt_/) as string,
    })
    const event = await world.ask('GET', `/api/events/${sent.body.eventId}`)
    expect(event.body).toMatchObject({ workflowId: made.id, verified: scheme !== 'none' })
    expect((await world.run(sent.body.eventId)).steps[0].output).not.toBeNull()
    const again = await world.ask('POST', `/api/workflows/${made.id}/sample`)
    expect(again.body.status).toBe(200)
    expect(again.body.eventId).not.toBe(sent.body.eventId)
  })

  test('to a draft runs the draft', async () => {
    const made = await world.make(chain(hook({ verification: { scheme: 'github', secret: 's3cret' } })), {
      publish: false,
    })
    const sent = await world.ask('POST', `/api/workflows/${made.id}/sample`)
    expect(sent.body.status).toBe(200)
    expect((await world.run(sent.body.eventId)).kind).toBe('test')
  })

  test('says why it cannot be signed: no secret, only a public key, no webhook node', async () => {
    const { publicKey } = { publicKey: `whpk_${Buffer.alloc(32, 1).toString('base64')}` }
    for (const [graph, detail] of [
      [chain(hook({ verification: { scheme: 'github', secret: { $secret: 'NOBODY' } } })), /no secret/],
      [chain(hook({ verification: { scheme: 'standard-webhooks', secret: publicKey } })), /\./],
      [{ nodes: [], edges: [] }, /webhook/i],
    ] as const) {
      const made = await world.make(graph, { publish: false })
      expect(await world.ask('POST', `/api/workflows/${made.id}/sample`)).toMatchObject(
        problem(409, 'conflict', detail),
      )
    }
  })

  test('shows the refusal of the door where the workflow does not let it in', async () => {
    const made = await world.make(chain(hook({ allowFrom: ['192.0.2.0/24'] })))
    const sent = await world.ask('POST', `/api/workflows/${made.id}/sample`)
    expect(sent.body).toEqual({ status: 403, eventId: null })
    const { items } = await eventually(
      async () => (await world.ask('GET', `/api/rejections?workflowId=${made.id}`)).body,
      (list) => list.items.length === 1,
    )
    expect(items[0]).toMatchObject({ status: 403 })
  })
})
