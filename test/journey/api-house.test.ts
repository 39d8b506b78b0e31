/** The rest of the API: node types, the books, figures, what happens now, health, and its own description. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as house from '../../nodes/contract/api-house.ts'
import { nodeTypes } from '../../nodes/index.ts'
import { chain, githubSignature, hook, node, openWorld, send, type World } from '../http/world.ts'
import { type Answer, apiToken, eventually } from '../support/server.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

test('GET /api/providers says how each sender is set up, and what a webhook node may say of it', async () => {
  const { items } = house.providerList.parse((await world.ask('GET', '/api/providers')).body)
  expect(items.length).toBeGreaterThan(60)
  expect(items).toContainEqual(
    expect.objectContaining({ id: 'github', title: 'GitHub', settings: ['variant'], variants: ['sha256'] }),
  )
  for (const { setup, samples } of items) expect([setup.length > 0, samples.length > 0]).toEqual([true, true])
})

describe('GET /api/node-types', () => {
  test('tells every node type with words for each field, its JSON Schema, ports and examples', async () => {
    const { items } = house.nodeTypeList.parse((await world.ask('GET', '/api/node-types')).body)
    expect(items.map(({ id }) => id)).toEqual(Object.keys(nodeTypes))
    for (const { title, summary, ports, fields, examples } of items) {
      expect(title).toMatch(/^[A-Z]/)
      expect(summary).toMatch(/^[A-Z].*\.$/)
      expect(ports.length).toBeGreaterThan(0)
      expect(examples.length).toBeGreaterThan(0)
      for (const { label, help, schema } of fields) {
        expect(label).not.toBe('')
        expect(help).toMatch(/\.$/)
        expect(schema).toHaveProperty('$schema')
      }
    }
    const filter = items.find(({ id }) => id === 'filter')
    expect(filter?.ports).toEqual([
      { id: 'match', label: expect.any(String) as string },
      { id: 'otherwise', label: expect.any(String) as string },
    ])
  })
})

describe('GET /api/balance', () => {
  test('places every accepted event, beside what was never one, and the sum agrees', async () => {
    const own = await openWorld()
    try {
      own.receiver.behave({ kind: 'answer', status: 400 })
      const condition = 'kind = "good"'
      const fine = await own.make(
        chain(
          hook({ verification: { scheme: 'github', secret: 'shared' } }),
          node('only', 'filter', { condition }),
        ),
      )
      const post = (body: unknown, headers: Record<string, string> = {}) =>
        own.post(fine, body, { ...githubSignature('shared', JSON.stringify(body)), ...headers })
      const good = await post({ kind: 'good' }, { 'x-github-delivery': 'd-1' })
      expect(await post({ kind: 'good' }, { 'x-github-delivery': 'd-1' })).toBe(good)
      await own.run(good, 'filtered')
      await own.run(await post({ kind: 'bad' }), 'filtered')
      await fetch(`${own.server.url}/hooks/${fine.hook.token}`, { method: 'POST' })
      const plain = await own.make(chain(hook()))
      await own.run(await own.post(plain, 1))
      const failing = await own.make(chain(hook(), send(own.receiver.url)))
      await own.run(await own.post(failing, {}), 'failed')
      const waiting = await own.make(chain(hook(), node('wait', 'delay', { for: 3_600 })))
      const run = await own.run(await own.post(waiting, {}), 'waiting')
      await own.ask('POST', `/api/runs/${run.id}/cancel`)
      await own.run(await own.post(waiting, {}), 'waiting')
      await own.run(await own.post(await own.make(chain(hook()), { enabled: false }), {}), 'held')
      await own.ask('POST', `/api/workflows/${plain.id}/test`, { message: 1 })

      const { status, body } = await own.ask('GET', '/api/balance')
      expect(status).toBe(200)
      expect(house.balance.parse(body)).toEqual({
        accepted: 7,
        succeeded: 1,
        filtered: 2,
        failed: 1,
        cancelled: 1,
        held: 1,
        pending: 1,
        duplicates: 1,
        rejected: 1,
        balanced: true,
      })
    } finally {
      await own.close()
    }
  })
})

describe('GET /api/stats', () => {
  test('tells since when the server runs and what is in its queue', async () => {
    const made = await world.make(chain(hook(), node('wait', 'delay', { for: 3_600 })))
    await world.run(await world.post(made, {}), 'waiting')
    const { body } = await eventually(
      () => world.ask('GET', '/api/stats'),
      ({ body }) => body.queue.waiting > 0,
    )
    const stats = house.stats.parse(body)
    expect(stats.queue).toMatchObject({ waiting: 1 })
    expect(Date.now() - Date.parse(stats.startedAt)).toBeLessThan(600_000)
  })
})

describe('GET /api/live', () => {
  test('tells of workflows, events, runs, steps and rejections as they happen, to a cookie too', async () => {
    const cookie = await signIn()
    const stream = await openStream('/api/live', { cookie })
    const made = await world.make(chain(hook(), node('text', 'transform', { expression: '1' })))
    const eventId = await world.post(made, {})
    const { id: runId } = await world.run(eventId)
    await fetch(`${world.server.url}/hooks/${made.hook.token}`, { method: 'DELETE' })
    const workflowId = made.id
    const wanted = [
      { kind: 'workflow', workflowId },
      { kind: 'event', workflowId, eventId },
      { kind: 'run', workflowId, runId, eventId, state: 'running' },
      { kind: 'step', workflowId, runId, nodeId: 'text', state: 'succeeded' },
      { kind: 'run', workflowId, runId, eventId, state: 'succeeded' },
    ]
    const signals = await eventually(
      () => stream.signals(),
      (seen) => seen.some(({ kind }) => kind === 'rejection'),
    )
    for (const one of wanted) expect(signals).toContainEqual(one)
    for (const one of signals) expect(() => house.liveSignal.parse(one)).not.toThrow()
    expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    await stream.close()
  })

  test('of one workflow tells of no other', async () => {
    const [one, other] = [await world.make(chain(hook())), await world.make(chain(hook()))]
    const stream = await openStream(`/api/live?workflowId=${one.id}`, bearer)
    await world.run(await world.post(other, {}))
    await world.run(await world.post(one, {}))
    const signals = await eventually(
      () => stream.signals(),
      (seen) => seen.some(({ state }) => state === 'succeeded'),
    )
    expect(new Set(signals.map(({ workflowId }) => workflowId))).toEqual(new Set([one.id]))
    await stream.close()
  })

  test('tells of a replay, of a test run and of a change of the draft', async () => {
    const made = await world.make(chain(hook()))
    const eventId = await world.post(made, {})
    await world.run(eventId)
    const stream = await openStream(`/api/live?workflowId=${made.id}`, bearer)
    const replayed = (await world.ask('POST', `/api/events/${eventId}/replay`)).body
    const tested = (await world.ask('POST', `/api/workflows/${made.id}/test`, {})).body
    await world.ask('PATCH', `/api/workflows/${made.id}`, { name: 'Other' })
    const signals = await eventually(
      () => stream.signals(),
      (seen) => seen.some(({ kind }) => kind === 'workflow'),
    )
    for (const { id } of [replayed, tested])
      expect(signals).toContainEqual(expect.objectContaining({ kind: 'run', runId: id, state: 'accepted' }))
    await stream.close()
  })

  test('does not hold up a server that stops', async () => {
    const own = await openWorld()
    try {
      const stream = await openStream('/api/live', bearer, own.url)
      const before = Date.now()
      expect(await own.server.stop()).toBe(0)
      expect(Date.now() - before).toBeLessThan(2_000)
      expect(stream.hasEnded()).toBe(true)
    } finally {
      await own.close()
    }
  })

  test('ends within five seconds when its session is signed out', async () => {
    const cookie = await signIn()
    const stream = await openStream('/api/live', { cookie })
    const out = await fetch(`${world.server.url}/api/session`, {
      method: 'DELETE',
      headers: { cookie, origin: world.server.url },
    })
    expect(out.status).toBe(204)
    await eventually(
      () => stream.hasEnded(),
      (ended) => ended,
      5_000,
    )
  })
})

describe('health', () => {
  test('/healthz and /readyz answer without a token', async () => {
    for (const [path, status] of [
      ['/healthz', 'ok'],
      ['/readyz', 'ready'],
    ]) {
      const response = await fetch(`${world.server.url}${path}`)
      expect([response.status, await response.json()]).toEqual([200, { status }])
      expect((await fetch(`${world.server.url}${path}`, { method: 'HEAD' })).status).toBe(200)
    }
  })

  test('/metrics counts events, runs, attempts and rejections, in the form of Prometheus', async () => {
    const made = await world.make(chain(hook(), send(world.receiver.url)))
    await world.run(await world.post(made, {}))
    await fetch(`${world.server.url}/hooks/${made.hook.token}`, { method: 'DELETE' })
    const response = await fetch(`${world.server.url}/metrics`, { headers: bearer })
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=/)
    const text = await response.text()
    const counted = (name: string, labels: string) =>
      text
        .split('\n')
        .find((line) => line.startsWith(name) && line.includes(made.id) && line.includes(labels))
    expect(counted('hookloom_events_total', 'duplicate="false"')).toMatch(/ 1$/)
    expect(counted('hookloom_runs_total', 'state="succeeded"')).toMatch(/ 1$/)
    expect(counted('hookloom_attempts_total', 'result="200"')).toMatch(/ 1$/)
    expect(counted('hookloom_rejections_total', 'reason=')).toMatch(/ 1$/)
    expect(counted('hookloom_run_seconds_count', '')).toMatch(/ 1$/)
    expect(text).toMatch(/^hookloom_queue_jobs\{state="due"\} \d+$/m)
  })
})

const bearer = { authorization: `Bearer ${apiToken}` }

async function signIn(): Promise<string> {
  const response = await fetch(`${world.server.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: apiToken }),
  })
  expect(response.status).toBe(204)
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

/** Reads server-sent events until it is closed. */
async function openStream(path: string, headers: Record<string, string>, url = world.url) {
  const abort = new AbortController()
  const response = await fetch(`${url}${path}`, { headers, signal: abort.signal })
  expect(response.status).toBe(200)
  let text = ''
  let ended = false
  const reading = (async () => {
    for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString()
  })()
  const over = reading.then(
    () => (ended = true),
    () => (ended = true),
  )
  return {
    headers: response.headers,
    signals: (): readonly Answer[] =>
      text.split('\n\n').flatMap((part) => (part.startsWith('data: ') ? [JSON.parse(part.slice(6))] : [])),
    hasEnded: () => ended,
    async close() {
      abort.abort()
      await over
    },
  }
}
