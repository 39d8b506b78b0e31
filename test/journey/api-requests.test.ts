/** The form of requests and answers: methods, media types, bodies, parameters, headers, problem documents. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cases } from '../http/cases.ts'
import { chain, hook, openWorld, problem, readsWell, request, send, type World } from '../http/world.ts'
import { listenTo, openSocket } from '../support/raw-socket.ts'
import { apiToken, eventually } from '../support/server.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const bearer = { authorization: `Bearer ${apiToken}` }
const post = (path: string, contentType: string, body: string | Uint8Array<ArrayBuffer>) =>
  request(`${world.url}${path}`, {
    method: 'POST',
    headers: { ...bearer, ...(contentType !== '' && { 'content-type': contentType }) },
    body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
  })

describe('a method that an address does not take', () => {
  test.each([
    ['PUT', '/api/workflows', 'POST, GET, HEAD'],
    ['OPTIONS', '/api/workflows/', 'POST, GET, HEAD'],
    ['POST', '/api/workflows/wf_00000000000000000000000000', 'GET, HEAD, PATCH, DELETE'],
    ['GET', '/api/validate', 'POST'],
    ['GET', '/api/session', 'POST, DELETE'],
    ['DELETE', '/metrics', 'GET, HEAD'],
    ['POST', '/healthz', 'GET, HEAD'],
    ['POST', '/', 'GET, HEAD'],
  ])('%s %s is 405 and says which it takes', async (method, path, allow) => {
    const refused = await request(`${world.url}${path}`, { method, headers: bearer })
    expect(refused).toMatchObject(problem(405, 'method-not-allowed'))
    expect(refused.headers.get('allow')).toBe(allow)
    readsWell(refused)
  })

  test('cannot be smuggled past by an override', async () => {
    const made = await world.make(chain(hook()))
    const headers = { ...bearer, 'x-http-method-override': 'DELETE' }
    const refused = await request(`${world.url}/api/workflows/${made.id}?_method=DELETE`, {
      method: 'POST',
      headers,
    })
    expect(refused.status).toBe(405)
    expect((await world.ask('GET', `/api/workflows/${made.id}`)).status).toBe(200)
  })
})

describe('a body', () => {
  const graph = '{"graph":{"nodes":[]}}'
  test.each([
    ['text/plain'],
    ['text/json'],
    ['application/x-json'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=b'],
    ['text/plain; application/json'],
    ['application/json, text/plain'],
    ['application/json; charset=utf-7'],
    ['application/json; charset=iso-8859-1'],
    [''],
  ])('as "%s" is 415', async (contentType) => {
    const refused = await post('/api/validate', contentType, graph)
    expect(refused).toMatchObject(problem(415, 'unsupported-media-type'))
    readsWell(refused)
  })

  test.each([
    ['application/json'],
    ['APPLICATION/JSON; charset=UTF-8'],
    ['application/json;charset="utf-8"'],
    ['application/vnd.hookloom+json'],
  ])('as %s is read', async (contentType) => {
    expect((await post('/api/validate', contentType, graph)).status).toBe(200)
  })

  test('that is packed is 415', async () => {
    const refused = await request(`${world.url}/api/validate`, {
      method: 'POST',
      headers: { ...bearer, 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: graph,
    })
    expect(refused).toMatchObject(problem(415, 'unsupported-media-type', /content encoding/))
  })

  test.each([
    ['that is cut off', '{', 'invalid-json'],
    ['that is cut off at a value', '{"graph":', 'invalid-json'],
    ['with something behind it', '{"graph":1}x', 'invalid-json'],
    ['with single quotes', "{'graph':1}", 'invalid-json'],
    ['that is a word', 'nope', 'invalid-json'],
    ['nested 200,000 deep', `{"graph":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, 'too-deep'],
    ['with half of a surrogate pair', '{"graph":"\\ud800"}', 'invalid-json'],
  ])('%s is 400', async (_what, text, reason) => {
    const refused = await post('/api/validate', 'application/json', text)
    expect(refused).toMatchObject(problem(400, 'bad-request'))
    expect(refused.body.reason).toBe(reason)
    readsWell(refused)
  })

  test('that is not UTF-8 is 400', async () => {
    const refused = await post('/api/validate', 'application/json', new Uint8Array([0x22, 0xff, 0x22]))
    expect(refused).toMatchObject(problem(400, 'bad-request', /UTF-8/))
  })

  test('over 8 MiB is 413, whether its length was told or not, and the next request is answered', async () => {
    const text = JSON.stringify({ graph: 'x'.repeat(9 * 1_024 * 1_024) })
    const refused = await post('/api/validate', 'application/json', text)
    expect(refused).toMatchObject(problem(413, 'too-large', /8388608 bytes/))
    readsWell(refused)
    const streamed = await request(`${world.url}/api/validate`, {
      method: 'POST',
      headers: { ...bearer, 'content-type': 'application/json' },
      body: new Blob([text]).stream(),
      duplex: 'half',
    } as RequestInit)
    expect(streamed).toMatchObject(problem(413, 'too-large'))
    expect((await world.ask('GET', '/api/balance')).status).toBe(200)
  })

  test('that never ends is 408 after ten seconds', async () => {
    const socket = await openSocket(world.url)
    socket.write(
      `POST /api/validate HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${apiToken}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    )
    const { answers, closed } = await listenTo(socket, { answers: 0, withinMs: 13_000 })
    expect(answers[0]?.status).toBe(408)
    expect(answers[0]?.body).toContain('urn:hookloom:problem:timeout')
    expect(closed).toBe(true)
  })
})

describe('parameters', () => {
  test.each([
    ['/api/runs?limit=1e9', 'limit'],
    ['/api/runs?limit=-1', 'limit'],
    ['/api/runs?limit=0', 'limit'],
    ['/api/runs?limit=201', 'limit'],
    ['/api/runs?limit=1&limit=2', 'limit'],
    ['/api/runs?state=done', 'state'],
    ['/api/events?kind=other', 'kind'],
    ['/api/workflows?key=NOT%20A%20KEY', 'key'],
    ['/api/runs?staet=failed', ''],
    ['/api/runs?workflowId[]=x', ''],
    ['/api/balance?x=1', ''],
    ['/api/live?workflow=x', ''],
    ['/healthz?x', ''],
  ])('%s is 422', async (path, place) => {
    const refused = await world.ask('GET', path)
    expect(refused).toMatchObject(problem(422, 'invalid'))
    expect(refused.body.problems).toContainEqual(expect.objectContaining({ path: place }))
  })

  test.each(['runs', 'events', 'rejections', 'workflows'])(
    'of /api/%s: a cursor that nobody gave finds no error and nothing foreign',
    async (list) => {
      for (const cursor of ['x', '%00', "'%20OR%201=1--", '9'.repeat(500)]) {
        const { status, body } = await world.ask('GET', `/api/${list}?cursor=${cursor}`)
        expect(status).toBe(200)
        expect(Array.isArray(body.items)).toBe(true)
      }
    },
  )

  test('in an address that is not well encoded are 400', async () => {
    expect(await world.ask('GET', '/api/workflows/%zz')).toMatchObject(problem(400, 'bad-request'))
  })
})

describe('headers of an answer', () => {
  const common = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  }

  test('on / is a page with a policy that runs no foreign or inline script', async () => {
    const { status, headers, body } = await request(`${world.url}/`, {})
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(body).toMatch(/^<!doctype html>/)
    const told = Object.fromEntries(headers)
    expect(told).toMatchObject(common)
    const policy = headers.get('content-security-policy') ?? ''
    for (const part of [
      "default-src 'self'",
      "script-src 'self'",
      "object-src 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "form-action 'self'",
      "connect-src 'self'",
      "img-src 'self' data:",
    ])
      expect(policy.split('; ')).toContain(part)
    expect(told).toHaveProperty('permissions-policy')
    for (const absent of ['x-powered-by', 'server', 'strict-transport-security', 'set-cookie'])
      expect(told).not.toHaveProperty(absent)
  })

  test('of the API are JSON that nobody keeps or guesses about', async () => {
    for (const path of ['/api/workflows', '/api/nothing', '/api/balance', '/api/openapi.json']) {
      const { headers } = await request(`${world.url}${path}`, { headers: bearer })
      expect(Object.fromEntries(headers)).toMatchObject(common)
      expect(headers.get('content-type')).toMatch(/^application\/(problem\+)?json; charset=utf-8$/)
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.has('x-powered-by')).toBe(false)
    }
  })

  test('of an https address ask for TLS from then on', async () => {
    const secure = await openWorld({ HOOKLOOM_PUBLIC_URL: 'https://hooks.example.com' })
    try {
      const { headers } = await request(`${secure.url}/`, {})
      expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d{7,}/)
      const made = await secure.make(chain(hook()))
      expect(made.hook.url).toBe(`https://hooks.example.com/hooks/${made.hook.token}`)
    } finally {
      await secure.close()
    }
  })
})

const asHeader = (config: Readonly<Record<string, unknown>>) =>
  world.make(chain(hook(), send(`${world.receiver.url}/injected`, config)))
const ended = async (eventId: string) => {
  const { items } = await eventually(
    async () => (await world.ask('GET', `/api/runs?eventId=${eventId}`)).body,
    (list) => typeof list.items[0]?.endedAt === 'string',
  )
  return (await world.ask('GET', `/api/runs/${items[0].id}`)).body
}
const arrivals = (runId: string) =>
  world.receiver.requests.filter(({ headers }) => headers['webhook-id'] === `${runId}:send`)

describe('a payload that becomes an outbound header', () => {
  test.each(cases.headerValues)('$id as a value adds no header and no request', async ({ value }) => {
    const made = await asHeader({ headers: { 'x-from-payload': '{{ text }}' } })
    const run = await ended(await world.post(made, { text: value }))
    const came = arrivals(run.id)
    for (const { headers, rawHeaders } of came) {
      expect(headers).not.toHaveProperty('x-injected')
      expect(rawHeaders.filter((name) => /injected/i.test(name) && !name.includes('X-Injected: 1'))).toEqual(
        [],
      )
    }
    if (run.state === 'failed') {
      expect(came).toEqual([])
      expect(run.error.code).toMatch(/^[a-z-]+$/)
      expect(run.error.message).toMatch(/^[A-Z].*\.$/s)
    } else expect(came).toHaveLength(1)
  })

  test.each(cases.headerNames)('$id as a name changes neither framing nor target', async ({ value }) => {
    const made = await asHeader({ headers: { $: '{ name: "17" }' } })
    const run = await ended(await world.post(made, { name: value }))
    const came = arrivals(run.id)
    expect(came.length).toBeLessThanOrEqual(1)
    for (const { headers, text } of came) {
      expect(headers.host).toBe(new URL(world.receiver.url).host)
      expect(headers).not.toHaveProperty('transfer-encoding')
      expect(text).toBe(JSON.stringify({ name: value }))
    }
    if (run.state === 'failed') expect(run.error.message).toMatch(/^[A-Z].*\.$/s)
  })
})
