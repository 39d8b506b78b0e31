/** Workflows over the API: listed, changed, published, restored, given a new URL, deleted. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as api from '../../nodes/contract/api.ts'
import { chain, hook, node, openWorld, problem, type World } from '../http/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const draft = chain(hook(), node('text', 'transform', { expression: '{ "n": n }' }))
const other = (expression: string) => chain(hook(), node('text', 'transform', { expression }))

describe('GET /api/workflows', () => {
  test('pages neither repeat nor skip while workflows are made', async () => {
    const before = (await Promise.all([1, 2, 3, 4, 5].map(() => world.make(draft)))).map(({ id }) => id)
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const { body } = await world.ask('GET', `/api/workflows?limit=2${query}`)
      expect(() => api.workflowList.parse(body)).not.toThrow()
      seen.push(...body.items.map(({ id }: { id: string }) => id))
      cursor = body.nextCursor
      if (seen.length < 10) await world.make(draft)
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(before.every((id) => seen.includes(id))).toBe(true)
    expect(seen).toEqual(seen.toSorted().toReversed())
  })

  test('finds one by its key, without its draft', async () => {
    const made = await world.make(draft, { key: 'by-key' })
    const { body } = await world.ask('GET', '/api/workflows?key=by-key')
    expect(body).toMatchObject({ items: [{ id: made.id }], nextCursor: null })
    expect(body.items[0]).not.toHaveProperty('draft')
    expect((await world.ask('GET', '/api/workflows?key=nobody')).body.items).toEqual([])
  })

  test('one that is not there is 404, whatever its id looks like', async () => {
    for (const id of ['wf_00000000000000000000000000', 'nonsense', '..%2f..', '%00', 'evt_1'])
      expect(await world.ask('GET', `/api/workflows/${id}`)).toMatchObject(problem(404, 'not-found'))
  })
})

describe('PATCH /api/workflows/:id', () => {
  test('changes name, draft and enabled, and counts the revision up', async () => {
    const made = await world.make(draft)
    const changed = await world.ask('PATCH', `/api/workflows/${made.id}`, {
      revision: 1,
      name: 'Renamed',
      enabled: false,
      graph: other('1'),
    })
    expect(changed).toMatchObject({
      status: 200,
      body: { revision: 2, name: 'Renamed', enabled: false, version: 1 },
    })
    expect((await world.ask('GET', `/api/workflows/${made.id}`)).body).toEqual(changed.body)
  })

  test('a stale revision is 409 and changes nothing, even where the change is none', async () => {
    const made = await world.make(draft)
    await world.ask('PATCH', `/api/workflows/${made.id}`, { revision: 1, name: 'First' })
    const stale = await world.ask('PATCH', `/api/workflows/${made.id}`, { revision: 1, name: 'Second' })
    expect(stale).toMatchObject(problem(409, 'conflict', /revision 2.*made to 1/))
    const none = await world.ask('PATCH', `/api/workflows/${made.id}`, { revision: 1, name: 'First' })
    expect(none.status).toBe(409)
    expect((await world.ask('GET', `/api/workflows/${made.id}`)).body).toMatchObject({
      name: 'First',
      revision: 2,
    })
  })

  test('of many with one revision at the same time one wins, and no other changes anything', async () => {
    const made = await world.make(draft)
    const all = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        world.ask('PATCH', `/api/workflows/${made.id}`, { revision: 1, name: `N${n}` }),
      ),
    )
    const winners = all.filter(({ status }) => status === 200)
    expect(winners).toHaveLength(1)
    expect(all.filter(({ status }) => status === 409)).toHaveLength(99)
    expect((await world.ask('GET', `/api/workflows/${made.id}`)).body.name).toBe(winners[0]?.body.name)
  })

  test('without a revision it wins over whatever is there, also when twenty come together', async () => {
    const made = await world.make(draft)
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        world.ask('PATCH', `/api/workflows/${made.id}`, { name: `N${n}` }),
      ),
    )
    expect(all.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect((await world.ask('GET', `/api/workflows/${made.id}`)).body.revision).toBe(21)
  })

  test('saving the same again changes nothing', async () => {
    const made = await world.make(draft)
    const same = await world.ask('PATCH', `/api/workflows/${made.id}`, { graph: made.draft, name: made.name })
    expect(same.body).toEqual(made)
  })

  test('fields that are not a person’s to choose are refused', async () => {
    const made = await world.make(draft)
    for (const change of [
      { id: 'wf_1' },
      { token: 'chosen' },
      { createdAt: 'x' },
      { version: 9 },
      { key: 'k' },
    ])
      expect(await world.ask('PATCH', `/api/workflows/${made.id}`, change)).toMatchObject(
        problem(422, 'invalid', /unknown/),
      )
    const proto = JSON.parse('{"__proto__": {"enabled": false}}') as unknown
    expect(await world.ask('PATCH', `/api/workflows/${made.id}`, proto)).toMatchObject(
      problem(422, 'invalid'),
    )
  })
})

describe('publishing', () => {
  test('makes the draft what runs; publishing twice is the same version', async () => {
    const made = await world.make(draft)
    const place = `/api/workflows/${made.id}`
    await world.ask('PATCH', place, { graph: other('"new"') })
    const old = await world.run(await world.post(made, {}))
    expect(old.version).toBe(1)
    const second = await world.ask('POST', `${place}/publish`, { note: 'says new' })
    expect(api.version.parse(second.body)).toMatchObject({ number: 2, note: 'says new' })
    const again = await world.ask('POST', `${place}/publish`, { note: 'again' })
    expect(again.body).toEqual(second.body)
    const run = await world.run(await world.post(made, {}))
    expect(run.version).toBe(2)
    expect(run.steps.at(-1).output).toBe('new')
  })

  test('needs no body, and refuses a revision that is not the draft’s', async () => {
    const made = await world.make(draft, { publish: false })
    const place = `/api/workflows/${made.id}/publish`
    expect(await world.ask('POST', place, { revision: 7 })).toMatchObject(problem(409, 'conflict'))
    expect(await world.ask('POST', place)).toMatchObject({ status: 200, body: { number: 1 } })
  })

  test('versions are listed newest first, page by page, and restored into the draft only', async () => {
    const made = await world.make(draft)
    const place = `/api/workflows/${made.id}`
    for (const text of ['"b"', '"c"']) {
      await world.ask('PATCH', place, { graph: other(text) })
      await world.ask('POST', `${place}/publish`, {})
    }
    const first = (await world.ask('GET', `${place}/versions?limit=2`)).body
    expect(api.versionList.parse(first).items.map(({ number }) => number)).toEqual([3, 2])
    const rest = (await world.ask('GET', `${place}/versions?limit=2&cursor=${first.nextCursor}`)).body
    expect(rest).toMatchObject({ items: [{ number: 1 }], nextCursor: null })

    const restored = await world.ask('POST', `${place}/versions/1/restore`)
    expect(restored).toMatchObject({ status: 200, body: { version: 3, draft: made.draft } })
    expect((await world.run(await world.post(made, {}))).version).toBe(3)
    for (const number of ['4', '0', '-1', '1.0', '0x1', 'abc', '1e0'])
      expect(await world.ask('POST', `${place}/versions/${number}/restore`)).toMatchObject(
        problem(404, 'not-found', /no such version/),
      )
  })
})

describe('the hook URL', () => {
  test('is new after rotate-hook: the old one is unknown at once, the new one works', async () => {
    const made = await world.make(draft)
    await world.run(await world.post(made, {}))
    const rotated = await world.ask('POST', `/api/workflows/${made.id}/rotate-hook`)
    expect(rotated.body.hook.token).not.toBe(made.hook.token)
    const old = await fetch(`${world.server.url}/hooks/${made.hook.token}`, { method: 'POST', body: '{}' })
    expect(old.status).toBe(404)
    await world.run(await world.post(rotated.body, {}))
  })
})

describe('DELETE /api/workflows/:id', () => {
  test('takes its events, runs, rejections and hook with it, and nobody else’s', async () => {
    const [doomed, spared] = [
      await world.make(chain(hook({ verification: { scheme: 'bearer', secret: 'right' } }))),
      await world.make(draft),
    ]
    const eventId = await world.post(doomed, {}, { authorization: 'Bearer right' })
    const { id: runId } = await world.run(eventId)
    const kept = await world.post(spared, {})
    const refused = await fetch(`${world.server.url}/hooks/${doomed.hook.token}`, { method: 'POST' })
    expect(refused.status).toBe(401)

    expect((await world.ask('DELETE', `/api/workflows/${doomed.id}`)).status).toBe(204)
    for (const path of [
      `workflows/${doomed.id}`,
      `events/${eventId}`,
      `events/${eventId}/body`,
      `runs/${runId}`,
    ])
      expect(await world.ask('GET', `/api/${path}`), path).toMatchObject(problem(404, 'not-found'))
    for (const list of ['events', 'runs', 'rejections'])
      expect((await world.ask('GET', `/api/${list}?workflowId=${doomed.id}`)).body.items).toEqual([])
    const gone = await fetch(`${world.server.url}/hooks/${doomed.hook.token}`, { method: 'POST' })
    expect(gone.status).toBe(404)
    expect(await world.ask('DELETE', `/api/workflows/${doomed.id}`)).toMatchObject(problem(404, 'not-found'))
    await world.run(kept)
  })
})
