/** The inbox over the API: events and their bytes, replay, rejections and letting them in. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as api from '../../nodes/contract/api.ts'
import { chain, githubSignature, hook, node, openWorld, problem, type World } from '../http/world.ts'
import { apiToken } from '../support/server.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const version = (n: number) => chain(hook(), node('text', 'transform', { expression: `{"v": ${n}, "b": $}` }))
const outputOf = async (runId: string) => (await world.runOf(runId, 'succeeded')).steps.at(-1).output

describe('events', () => {
  test('are read as they came: method, path with query, headers in order, type, bytes', async () => {
    const made = await world.make(chain(hook({ verification: { scheme: 'github', secret: 'shared' } })))
    const body = '{"zen":"Keep it logically awesome."}'
    const response = await fetch(`${world.server.url}/hooks/${made.hook.token}/deep/er?a=1&b=%20`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: 'Basic c2VjcmV0',
        'x-github-delivery': 'd-1',
        ...githubSignature('shared', body),
      },
      body,
    })
    const { id } = (await response.json()) as { id: string }
    const event = (await world.ask('GET', `/api/events/${id}`)).body
    expect(api.event.parse(event)).toMatchObject({
      id,
      workflowId: made.id,
      kind: 'production',
      method: 'POST',
      path: '/deep/er?a=1&b=%20',
      ip: '127.0.0.1',
      type: 'push',
      verified: true,
      dedupeKey: expect.stringContaining('d-1') as string,
      bodyBytes: Buffer.byteLength(body),
      duplicates: 0,
    })
    expect(event.headers).toContainEqual({ name: 'x-github-delivery', value: 'd-1' })
    expect(event.headers).toContainEqual({ name: 'authorization', value: '•••' })
    expect(event.receivedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })

  test('are listed newest first by workflow, type and kind; pages neither repeat nor skip', async () => {
    const made = await world.make(chain(hook()))
    const ids: string[] = []
    for (let n = 0; n < 7; n += 1) ids.push(await world.post(made, { n }))
    await world.ask('POST', `/api/workflows/${made.id}/test`, { message: 1 })
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const more: string = cursor === null ? '' : `&cursor=${cursor}`
      const { body } = await world.ask(
        'GET',
        `/api/events?workflowId=${made.id}&kind=production&limit=3${more}`,
      )
      seen.push(...api.eventList.parse(body).items.map(({ id }) => id))
      cursor = body.nextCursor
      await world.post(made, 'later')
    } while (cursor !== null)
    expect(seen).toEqual(ids.toReversed())
    const tests = (await world.ask('GET', `/api/events?workflowId=${made.id}&kind=test`)).body
    expect(tests.items).toHaveLength(1)
    expect((await world.ask('GET', `/api/events?workflowId=${made.id}&type=nothing`)).body.items).toEqual([])
  })

  test('give back the very bytes, as a download that no browser renders', async () => {
    const made = await world.make(chain(hook()))
    const bytes = Buffer.concat([
      Buffer.from('<script>alert(1)</script>\r\n'),
      Buffer.from(Array.from({ length: 256 }, (_, n) => n)),
    ])
    const posted = await fetch(`${world.server.url}/hooks/${made.hook.token}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: bytes,
    })
    const { id } = (await posted.json()) as { id: string }
    const response = await fetch(`${world.server.url}/api/events/${id}/body`, {
      headers: { authorization: `Bearer ${apiToken}` },
    })
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment; filename="body"',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
  })

  test('that are not there are 404', async () => {
    for (const id of ['evt_00000000000000000000000000', 'run_1', 'x', '..%2F..%2Fetc%2Fpasswd'])
      for (const [method, rest] of [
        ['GET', ''],
        ['GET', '/body'],
        ['POST', '/replay'],
      ] as const)
        expect(await world.ask(method, `/api/events/${id}${rest}`)).toMatchObject(problem(404, 'not-found'))
  })
})

describe('POST /api/events/:id/replay', () => {
  test('runs the version of now, an older one, or the draft', async () => {
    const made = await world.make(version(1))
    const place = `/api/workflows/${made.id}`
    const eventId = await world.post(made, 'in')
    await world.run(eventId)
    await world.ask('PATCH', place, { graph: version(2) })
    await world.ask('POST', `${place}/publish`, {})
    await world.ask('PATCH', place, { graph: version(3) })
    const replay = async (body?: unknown) => {
      const { status, body: run } = await world.ask('POST', `/api/events/${eventId}/replay`, body)
      expect(status).toBe(202)
      return api.runSummary.parse(run)
    }
    const now = await replay()
    expect(now).toMatchObject({ eventId, version: 2, kind: 'production' })
    expect(await outputOf(now.id)).toEqual({ v: 2, b: 'in' })
    expect(await outputOf((await replay({ version: 1 })).id)).toEqual({ v: 1, b: 'in' })
    const draft = await replay({ draft: true })
    expect(draft).toMatchObject({ version: null, kind: 'test' })
    expect(await outputOf(draft.id)).toEqual({ v: 3, b: 'in' })
    const runs = (await world.ask('GET', `/api/runs?eventId=${eventId}`)).body
    expect(runs.items).toHaveLength(4)
  })

  test('with an edited body makes an event of its own; what was received stays', async () => {
    const made = await world.make(version(1))
    const eventId = await world.post(made, { n: 1 }, { 'x-kept': 'yes' })
    await world.run(eventId)
    const { body: run } = await world.ask('POST', `/api/events/${eventId}/replay`, {
      body: { n: 2, $: 'ä' },
    })
    expect(run.eventId).not.toBe(eventId)
    expect(await outputOf(run.id)).toEqual({ v: 1, b: { n: 2, $: 'ä' } })
    const edited = (await world.ask('GET', `/api/events/${run.eventId}`)).body
    expect(edited).toMatchObject({ verified: false, kind: 'production' })
    expect(edited.headers).toContainEqual({ name: 'x-kept', value: 'yes' })
    const original = await world.ask('GET', `/api/events/${eventId}/body`)
    expect(original.body).toBe('{"n":1}')
  })

  test('refuses a version that is not there, a version and the draft, and what was never published', async () => {
    const made = await world.make(version(1), { publish: false })
    const { body: run } = await world.ask('POST', `/api/workflows/${made.id}/test`, { message: 1 })
    const place = `/api/events/${run.eventId}/replay`
    expect(await world.ask('POST', place)).toMatchObject(problem(409, 'conflict', /not published/))
    expect(await world.ask('POST', place, { version: 9 })).toMatchObject(
      problem(404, 'not-found', /version 9/),
    )
    expect(await world.ask('POST', place, { version: 1, draft: true })).toMatchObject(problem(422, 'invalid'))
    expect(await world.ask('POST', place, { versoin: 1 })).toMatchObject(problem(422, 'invalid', /versoin/))
  })
})

const guarded = chain(hook({ verification: { scheme: 'github', secret: 'the-shared-secret' } }))
const knock = (token: string, headers: Record<string, string> = {}) =>
  fetch(`${world.server.url}/hooks/${token}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{"n":1}',
  })
const rejectionsOf = async (id: string) => (await world.ask('GET', `/api/rejections?workflowId=${id}`)).body

describe('rejections', () => {
  test('are listed with the reason, and hold no secret that was sent along', async () => {
    const made = await world.make(guarded)
    const refused = await knock(made.hook.token, { 'x-note': 'the-shared-secret', cookie: 'sid=1' })
    expect(refused.status).toBe(401)
    const list = api.rejectionList.parse(await rejectionsOf(made.id))
    expect(list.items).toMatchObject([
      {
        workflowId: made.id,
        status: 401,
        reason: expect.stringMatching(/^[a-z-]+$/) as string,
        detail: expect.stringMatching(/x-hub-signature-256.*\.$/) as string,
        method: 'POST',
        bodyBytes: 7,
        acceptedAs: null,
      },
    ])
    expect(list.items[0]?.headers).toContainEqual({ name: 'x-note', value: '•••' })
    expect(list.items[0]?.headers).toContainEqual({ name: 'cookie', value: '•••' })
    const [first] = list.items
    const same = (await world.ask('GET', `/api/rejections?reason=${first?.reason}&workflowId=${made.id}`))
      .body
    expect(same.items).toHaveLength(1)
    const body = await world.ask('GET', `/api/rejections/${first?.id}/body`)
    expect(body).toMatchObject({ status: 200, body: '{"n":1}' })
    expect(body.headers.get('content-security-policy')).toContain('sandbox')
  })

  test('are accepted by hand once: the event runs and the second time is 409', async () => {
    const made = await world.make(guarded)
    await knock(made.hook.token)
    const [{ id }] = (await rejectionsOf(made.id)).items
    const accepted = await world.ask('POST', `/api/rejections/${id}/accept`)
    expect(accepted.status).toBe(201)
    expect(api.event.parse(accepted.body)).toMatchObject({
      workflowId: made.id,
      verified: false,
      bodyBytes: 7,
    })
    expect((await world.run(accepted.body.id)).steps[0].output).toEqual({ n: 1 })
    expect((await rejectionsOf(made.id)).items[0].acceptedAs).toBe(accepted.body.id)
    expect(await world.ask('POST', `/api/rejections/${id}/accept`)).toMatchObject(
      problem(409, 'conflict', new RegExp(accepted.body.id)),
    )
  })

  test('that two people accept at the same time become one event', async () => {
    const made = await world.make(guarded)
    await knock(made.hook.token)
    const [{ id }] = (await rejectionsOf(made.id)).items
    const both = await Promise.all([1, 2, 3].map(() => world.ask('POST', `/api/rejections/${id}/accept`)))
    const events = new Set(both.filter(({ status }) => status === 201).map(({ body }) => body.id))
    expect(events.size).toBe(1)
    expect((await world.ask('GET', `/api/events?workflowId=${made.id}`)).body.items).toHaveLength(1)
    expect((await world.ask('GET', `/api/runs?workflowId=${made.id}`)).body.items).toHaveLength(1)
  })

  test('of a workflow that was not published are let in once it is', async () => {
    const made = await world.make(version(1), { publish: false })
    expect((await knock(made.hook.token)).status).toBe(404)
    const [{ id, reason }] = (await rejectionsOf(made.id)).items
    expect(reason).toBe('unpublished')
    expect(await world.ask('POST', `/api/rejections/${id}/accept`)).toMatchObject(
      problem(409, 'conflict', /Publish/),
    )
    await world.ask('POST', `/api/workflows/${made.id}/publish`)
    const { body } = await world.ask('POST', `/api/rejections/${id}/accept`)
    expect((await world.run(body.id)).steps.at(-1).output).toEqual({ v: 1, b: { n: 1 } })
  })

  test('of a paused workflow are held like everything else', async () => {
    const made = await world.make(guarded, { enabled: false })
    await knock(made.hook.token)
    const [{ id }] = (await rejectionsOf(made.id)).items
    const { body } = await world.ask('POST', `/api/rejections/${id}/accept`)
    await world.run(body.id, 'held')
    await world.ask('PATCH', `/api/workflows/${made.id}`, { enabled: true })
    await world.run(body.id)
  })

  test('whose body was not kept whole, or that are not there, cannot be accepted', async () => {
    const made = await world.make(chain(hook({ limits: { bodyBytes: 3 } })))
    expect((await knock(made.hook.token)).status).toBe(413)
    const [{ id }] = (await rejectionsOf(made.id)).items
    expect(await world.ask('POST', `/api/rejections/${id}/accept`)).toMatchObject(
      problem(409, 'conflict', /sent again/),
    )
    for (const unknown of ['rej_00000000000000000000000000', 'x'])
      expect(await world.ask('POST', `/api/rejections/${unknown}/accept`)).toMatchObject(
        problem(404, 'not-found'),
      )
  })
})
