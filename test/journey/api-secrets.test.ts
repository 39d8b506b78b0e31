/** Secrets over the API: stored by name, typed into graphs, used, and never seen again (I8). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { secretList } from '../../nodes/contract/api-house.ts'
import {
  chain,
  githubSignature,
  hook,
  node,
  openWorld,
  problem,
  promptRetry,
  type World,
} from '../http/world.ts'
import type { Answer } from '../support/server.ts'

const guarded = (secret: string) => chain(hook({ verification: { scheme: 'bearer', secret } }))
const nameOf = (made: Answer): string => made.draft.nodes[0].data.config.verification.secret.$secret

describe('secrets by name', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())

  test('are put, listed without their values, replaced and deleted', async () => {
    expect((await world.ask('PUT', '/api/secrets/GITHUB', { value: 'one' })).status).toBe(204)
    expect((await world.ask('PUT', '/api/secrets/GITHUB', { value: 'two' })).status).toBe(204)
    await world.ask('PUT', '/api/secrets/_also-fine9', { value: 'three' })
    const { body } = await world.ask('GET', '/api/secrets')
    expect(secretList.parse(body).items.map(({ name }) => name)).toEqual(['GITHUB', '_also-fine9'])
    expect(JSON.stringify(body)).not.toMatch(/one|two|three/)
    expect((await world.ask('DELETE', '/api/secrets/GITHUB')).status).toBe(204)
    expect(await world.ask('DELETE', '/api/secrets/GITHUB')).toMatchObject(problem(404, 'not-found'))
    expect(await world.ask('GET', '/api/secrets/GITHUB')).toMatchObject(problem(405, 'method-not-allowed'))
  })

  test.each([
    ['9starts-with-a-digit', { value: 'x' }],
    ['has%20space', { value: 'x' }],
    ['a'.repeat(65), { value: 'x' }],
    ['EMPTY', { value: '' }],
    ['NUMBER', { value: 5 }],
    ['MORE', { value: 'x', note: 'y' }],
    ['LONG', { value: 'x'.repeat(65_537) }],
  ])('%s with %.40j is refused', async (name, body) => {
    expect(await world.ask('PUT', `/api/secrets/${name}`, body)).toMatchObject(problem(422, 'invalid'))
  })

  test('that change are used at the next request; one that is missing lets nobody in', async () => {
    const verification = { scheme: 'bearer', secret: { $secret: 'DOOR' } }
    const made = await world.make(chain(hook({ verification })))
    const knock = async (text: string) => {
      const { hook: place } = made
      const headers = { authorization: `Bearer ${text}` }
      return (await fetch(`${world.server.url}/hooks/${place.token}`, { method: 'POST', headers })).status
    }
    expect(await knock('first')).toBe(401)
    await world.ask('PUT', '/api/secrets/DOOR', { value: 'first' })
    expect([await knock('first'), await knock('second')]).toEqual([200, 401])
    await world.ask('PUT', '/api/secrets/DOOR', { value: 'second' })
    expect([await knock('first'), await knock('second')]).toEqual([401, 200])
    await world.ask('DELETE', '/api/secrets/DOOR')
    expect([await knock('second'), await knock('')]).toEqual([401, 401])
  })

  test('of one workflow are not overwritten by another one that is made with the same key later', async () => {
    const first = await world.make(guarded('of the first'), { key: 'reused' })
    await world.ask('DELETE', `/api/workflows/${first.id}`)
    const second = await world.make(guarded('of the second'), { key: 'reused' })
    expect(nameOf(second)).not.toBe(nameOf(first))
    const third = await world.make(guarded('of the first'), { key: 'third' })
    expect(nameOf(third)).toBe('third_hook_secret')
  })

  test('of a draft that was never published keep their name while somebody types', async () => {
    const made = await world.make(guarded('a'), { key: 'typed', publish: false })
    for (const text of ['ab', 'abc', 'abcd'])
      await world.ask('PATCH', `/api/workflows/${made.id}`, { graph: guarded(text) })
    const { items } = (await world.ask('GET', '/api/secrets')).body
    const names = items.map(({ name }: { name: string }) => name)
    expect(names.filter((name: string) => name.startsWith('typed'))).toEqual(['typed_hook_secret'])
  })
})

describe('secrets in a graph', () => {
  test('that are typed into a graph come back only as references: in no answer, log, run or stream', async () => {
    const loud = await openWorld({ HOOKLOOM_LOG_LEVEL: 'trace' })
    const literals = {
      hook: 'hook-literal-51c2',
      extra: 'extra-literal-77aa {{ not a template }}',
      signing: 'signing-literal-90ef',
      stored: 'stored-literal-33bd',
      rotated: 'rotated-literal-18fe',
    }
    try {
      // The target sends back everything that it was sent.
      loud.receiver.behave(({ headers, text }) => ({
        kind: 'answer',
        headers: { 'content-type': 'application/json', 'x-echo': headers['x-key'] ?? '' },
        body: JSON.stringify({ headers, text }),
      }))
      await loud.ask('PUT', '/api/secrets/STORED', { value: literals.stored })
      const graph = chain(
        hook({ verification: { scheme: 'github', secrets: [literals.hook, literals.extra] } }),
        node('look', 'transform', { expression: '{ "all": $event, "text": $string($event) }' }),
        node('send', 'http', {
          url: loud.receiver.url,
          headers: { 'x-key': { $secret: 'STORED' } },
          body: 'key {{ $string(text) }}',
          signing: { secret: literals.signing },
          retry: promptRetry,
        }),
        node('after', 'script', {
          code: 'console.log(JSON.stringify(message)); return { message, event, steps }',
        }),
      )
      const answers: string[] = []
      const keep = async (method: string, path: string, body?: unknown) => {
        const asked = await loud.ask(method, path, body)
        answers.push(JSON.stringify(asked.body), JSON.stringify([...asked.headers]))
        return asked.body
      }
      const made = await keep('POST', '/api/workflows', { name: 'Loud', graph, publish: true })
      const { config } = made.draft.nodes[0].data
      expect(config.verification.secrets).toEqual([
        { $secret: expect.any(String) as string },
        { $secret: expect.any(String) as string },
      ])
      expect(made.draft.nodes[2].data.config.signing).toEqual({
        secret: { $secret: expect.any(String) as string },
      })
      const body = { note: `it was ${literals.hook}` }
      const text = JSON.stringify(body)
      const eventId = await loud.post(made, body, {
        ...githubSignature(literals.extra, text),
        'x-leak': literals.hook,
      })
      const run = await loud.run(eventId)
      expect(run.steps).toHaveLength(4)
      expect(loud.receiver.requests[0]?.headers).toMatchObject({
        'x-key': literals.stored,
        'webhook-signature': expect.stringMatching(/^v1,/) as string,
      })
      await fetch(`${loud.server.url}/hooks/${made.hook.token}?k=${literals.hook}`, { method: 'POST' })

      const again = await keep('PATCH', `/api/workflows/${made.id}`, { graph })
      expect(again.revision).toBe(1)
      const changed = structuredClone(made.draft)
      changed.nodes[0].data.config.verification.secrets = [literals.rotated]
      await keep('PATCH', `/api/workflows/${made.id}`, { graph: changed })
      await keep('GET', `/api/runs/${run.id}`)
      for (const path of [
        'workflows',
        'runs',
        'events',
        'rejections',
        'secrets',
        'node-types',
        'balance',
        'stats',
        `workflows/${made.id}`,
        `workflows/${made.id}/versions`,
        `events/${eventId}`,
      ])
        await keep('GET', `/api/${path}`)
      await keep('GET', '/metrics')
      await keep('POST', '/api/preview', { graph: made.draft, message: 1 })
      await keep('POST', '/api/validate', { graph: { ...graph, edges: [{ id: 'x' }] } })

      // A draft's new secret is not the version's: what runs is still verified by the old one.
      await loud.post(made, body, githubSignature(literals.extra, text))

      await loud.server.stop()
      const said = answers.join('\n')
      const { hook: sentInTheBody, ...never } = literals
      for (const literal of Object.values(never)) {
        expect(said).not.toContain(literal)
        expect(loud.server.output()).not.toContain(literal)
      }
      // The caller's own body is kept as it came, and its text is where the person put it; the log has neither.
      expect(loud.server.output()).not.toContain(sentInTheBody)
      expect(loud.server.output()).not.toContain(made.hook.token)
      expect(loud.server.output().length).toBeGreaterThan(1_000)
    } finally {
      await loud.close()
    }
  })
})
