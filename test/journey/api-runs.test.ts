/** Runs over the API: their steps and attempts, resuming what failed, cancelling what goes on, one or many. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as api from '../../nodes/contract/api.ts'
import { chain, hook, node, openWorld, problem, send, type World } from '../http/world.ts'
import { untilBusy, untilIdle, within } from '../sandbox/world.ts'
import { descendants } from '../support/processes.ts'
import { eventually } from '../support/server.ts'

let world: World
/** Paths of the target that answer 503 until they are mended. */
const broken = new Set<string>()
/** Paths that never answer. */
const silent = new Set<string>()

beforeAll(async () => {
  world = await openWorld()
  world.receiver.behave(({ url }) => {
    if (silent.has(url)) return { kind: 'hang' }
    const headers = { 'content-type': 'application/json' }
    if (broken.has(url)) return { kind: 'answer', status: 503, headers, body: '{"sorry":true}' }
    return { kind: 'answer', headers, body: '{"ok":true}' }
  })
})
afterAll(() => world.close())

const sentTo = (path: string) => world.receiver.requests.filter(({ url }) => url === path)
const targetAt = (path: string) => send(`${world.receiver.url}${path}`)

/** The script's output differs at each execution, so that a second one would show. */
const chance = node('chance', 'script', { code: 'console.log("rolled"); return { n: Math.random() }' })

describe('a run', () => {
  test('is told with its steps and attempts, inputs and outputs included', async () => {
    const made = await world.make(chain(hook(), chance, targetAt('/told')))
    const eventId = await world.post(made, { ä: [1, { $: '.' }] })
    const run = api.run.parse(await world.run(eventId))
    expect(run).toMatchObject({
      eventId,
      workflowId: made.id,
      version: 1,
      kind: 'production',
      state: 'succeeded',
      reason: null,
      error: null,
    })
    const times = [run.createdAt, run.startedAt ?? '', run.endedAt ?? '']
    expect(times).toEqual(times.toSorted())
    const [first, rolled, sent] = run.steps
    expect(run.steps.map(({ id, nodeId, state, port }) => [id, nodeId, state, port])).toEqual([
      ['hook', 'hook', 'succeeded', 'out'],
      ['chance', 'chance', 'succeeded', 'out'],
      ['send', 'send', 'succeeded', 'success'],
    ])
    expect(run.steps.map(({ node }) => node?.type)).toEqual(['webhook', 'script', 'http'])
    expect(first?.output).toEqual({ ä: [1, { $: '.' }] })
    expect(rolled).toMatchObject({
      input: first?.output,
      logs: [{ level: 'info', text: 'rolled' }],
      attempts: [],
    })
    expect(sent).toMatchObject({ input: rolled?.output, output: { status: 200, body: { ok: true } } })
    expect(sent?.attempts).toMatchObject([
      {
        n: 1,
        durationMs: expect.any(Number) as number,
        request: {
          method: 'POST',
          url: `${world.receiver.url}/told`,
          headers: { 'webhook-id': `${run.id}:send` },
          body: JSON.stringify(rolled?.output),
        },
        response: { status: 200, body: '{"ok":true}', bodyBytes: 11 },
        error: null,
      },
    ])
  })

  test('has started when its worker began, though nothing was recorded until its script had ended', async () => {
    const code = 'for (const end = Date.now() + 300; Date.now() < end; );'
    const made = await world.make(chain(hook(), node('busy', 'script', { code })))
    const { startedAt, endedAt, steps } = await world.run(await world.post(made, {}))
    const times = [startedAt, steps[0].startedAt, steps[1].startedAt].map(Date.parse)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(Date.parse(endedAt) - Date.parse(startedAt)).toBeGreaterThanOrEqual(300)
  })

  test('is listed by workflow, event, state and kind; pages neither repeat nor skip', async () => {
    const made = await world.make(chain(hook()))
    const events: string[] = []
    for (let n = 0; n < 5; n += 1) {
      events.push(await world.post(made, n))
      await world.run(events.at(-1) ?? '')
    }
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const more: string = cursor === null ? '' : `&cursor=${cursor}`
      const { body } = await world.ask(
        'GET',
        `/api/runs?workflowId=${made.id}&state=succeeded&limit=2${more}`,
      )
      seen.push(...api.runList.parse(body).items.map(({ eventId }) => eventId))
      cursor = body.nextCursor
      await world.run(await world.post(made, 'later'))
    } while (cursor !== null)
    expect(seen).toEqual(events.toReversed())
    expect((await world.ask('GET', `/api/runs?eventId=${events[0]}`)).body.items).toHaveLength(1)
    expect((await world.ask('GET', `/api/runs?workflowId=${made.id}&kind=test`)).body.items).toEqual([])
    expect((await world.ask('GET', `/api/runs?workflowId=${made.id}&state=failed`)).body.items).toEqual([])
    expect(await world.ask('GET', '/api/runs?state=finished')).toMatchObject(problem(422, 'invalid', /state/))
  })

  test('that is not there is 404 for reading, resuming and cancelling', async () => {
    for (const id of ['run_00000000000000000000000000', 'evt_1', '..%2f'])
      for (const [method, rest] of [
        ['GET', ''],
        ['POST', '/resume'],
        ['POST', '/cancel'],
      ] as const)
        expect(await world.ask(method, `/api/runs/${id}${rest}`)).toMatchObject(problem(404, 'not-found'))
  })
})

describe('POST /api/runs/:id/resume', () => {
  test('goes on at the step that failed: what was recorded before does not execute again', async () => {
    broken.add('/resumed')
    const made = await world.make(
      chain(hook(), chance, targetAt('/resumed'), node('end', 'transform', { expression: 'status' })),
    )
    const failed = await world.run(await world.post(made, {}), 'failed')
    expect(failed).toMatchObject({ reason: 'http-status', error: { code: 'http-status', nodeId: 'send' } })
    expect(failed.steps[2]).toMatchObject({ state: 'failed', attempts: [{ n: 1 }, { n: 2 }] })
    expect(failed.steps[2].attempts[1].response).toMatchObject({ status: 503, body: '{"sorry":true}' })

    broken.delete('/resumed')
    const resumed = await world.ask('POST', `/api/runs/${failed.id}/resume`)
    expect(resumed).toMatchObject({ status: 200, body: { id: failed.id, error: null } })
    const run = await world.runOf(failed.id, 'succeeded')
    const rolled = run.steps[1]
    expect(rolled).toEqual(failed.steps[1])
    expect(sentTo('/resumed').map(({ text }) => text)).toEqual(Array(3).fill(JSON.stringify(rolled.output)))
    expect(new Set(sentTo('/resumed').map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set([`${run.id}:send`]),
    )
    expect(run.steps[2].attempts.map(({ n }: { n: number }) => n)).toEqual([1, 2, 3])
    expect(run.steps[3].output).toBe(200)
  })

  test('is refused for a run that has not failed', async () => {
    const made = await world.make(chain(hook()))
    const run = await world.run(await world.post(made, {}))
    expect(await world.ask('POST', `/api/runs/${run.id}/resume`)).toMatchObject(
      problem(409, 'conflict', /succeeded/),
    )
  })
})

describe('POST /api/runs/:id/cancel', () => {
  test('ends a waiting run at once; resuming it goes on waiting', async () => {
    const made = await world.make(chain(hook(), node('wait', 'delay', { for: 3_600 }), targetAt('/waited')))
    const waiting = await world.run(await world.post(made, {}), 'waiting')
    expect(Date.parse(waiting.dueAt) - Date.now()).toBeGreaterThan(3_000_000)
    const cancelled = await world.ask('POST', `/api/runs/${waiting.id}/cancel`)
    expect(cancelled).toMatchObject({ status: 200, body: { state: 'cancelled' } })
    expect(await world.ask('POST', `/api/runs/${waiting.id}/cancel`)).toMatchObject(
      problem(409, 'conflict', /ended/),
    )
    await world.ask('POST', `/api/runs/${waiting.id}/resume`)
    await world.runOf(waiting.id, 'waiting')
    await world.ask('POST', `/api/runs/${waiting.id}/cancel`)
    await world.runOf(waiting.id, 'cancelled')
    expect(sentTo('/waited')).toEqual([])
  })

  test('breaks off a run whose target never answers', async () => {
    silent.add('/silent')
    const made = await world.make(chain(hook(), targetAt('/silent'), { ...targetAt('/never'), id: 'next' }))
    const running = await world.run(await world.post(made, {}), 'running')
    await eventually(
      () => sentTo('/silent').length,
      (count) => count === 1,
    )
    const before = Date.now()
    expect((await world.ask('POST', `/api/runs/${running.id}/cancel`)).status).toBe(200)
    const run = await world.runOf(running.id, 'cancelled')
    expect(Date.now() - before).toBeLessThan(3_000)
    expect(run.endedAt).not.toBeNull()
    expect(sentTo('/never')).toEqual([])
  })

  const burn = node('burn', 'script', { code: 'for (;;) {}', timeoutMs: 20_000 })
  const letsGoOfSandbox = async (id: string, state: string) => {
    const children = () => descendants(world.server.process.pid ?? 0)
    await untilBusy(children)
    await world.runOf(id, state)
    const before = performance.now()
    expect((await world.ask('POST', `/api/runs/${id}/cancel`)).status).toBe(200)
    await world.runOf(id, 'cancelled')
    await untilIdle(children, within(2_000))
    expect(performance.now() - before).toBeLessThan(within(2_000))
  }

  test('lets go at once of the sandbox that a run burns in before anybody has claimed it', async () => {
    const made = await world.make(chain(hook(), burn))
    const { id } = await world.run(await world.post(made, {}), 'accepted')
    await letsGoOfSandbox(id, 'accepted')
  })

  test('lets go at once of the sandbox that a claimed run burns in', async () => {
    broken.add('/lit')
    const made = await world.make(chain(hook(), targetAt('/lit'), burn))
    const { id } = await world.run(await world.post(made, {}), 'failed')
    broken.delete('/lit')
    await world.ask('POST', `/api/runs/${id}/resume`)
    await letsGoOfSandbox(id, 'running')
  })
})

describe('POST /api/runs/bulk', () => {
  test('resumes all failed runs of a workflow, and no other', async () => {
    broken.add('/bulk')
    const graph = chain(hook(), targetAt('/bulk'))
    const [made, spared] = [await world.make(graph), await world.make(graph)]
    const events: string[] = []
    for (let n = 0; n < 5; n += 1) events.push(await world.post(made, { n }))
    const other = await world.post(spared, {})
    for (const id of [...events, other]) await world.run(id, 'failed')
    broken.delete('/bulk')
    const { status, body } = await world.ask('POST', '/api/runs/bulk', {
      filter: { workflowId: made.id, state: 'failed' },
      action: 'resume',
    })
    expect([status, api.runsChanged.parse(body)]).toEqual([200, { changed: 5 }])
    for (const id of events) await world.run(id)
    await world.run(other, 'failed')
  })

  test('cancels all waiting runs of a workflow', async () => {
    const made = await world.make(chain(hook(), node('wait', 'delay', { for: 3_600 })))
    const events: string[] = []
    for (let n = 0; n < 3; n += 1) events.push(await world.post(made, { n }))
    for (const id of events) await world.run(id, 'waiting')
    const bulk = { filter: { workflowId: made.id, state: 'waiting' }, action: 'cancel' }
    expect((await world.ask('POST', '/api/runs/bulk', bulk)).body).toEqual({ changed: 3 })
    for (const id of events) await world.run(id, 'cancelled')
    expect((await world.ask('POST', '/api/runs/bulk', bulk)).body).toEqual({ changed: 0 })
  })

  test.each([
    [{ action: 'resume' }, 'filter'],
    [{ filter: {}, action: 'explode' }, 'action'],
    [{ filter: { state: 'broken' }, action: 'resume' }, 'filter.state'],
    [{ filter: { workflow: 'wf_1' }, action: 'resume' }, 'filter'],
  ])('refuses %j', async (body, path) => {
    const refused = await world.ask('POST', '/api/runs/bulk', body)
    expect(refused).toMatchObject(problem(422, 'invalid'))
    expect(refused.body.problems).toContainEqual(expect.objectContaining({ path }))
  })
})
