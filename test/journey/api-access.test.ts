/** Who is let into the API, and from where: tokens, sessions, forged requests, other origins, odd paths. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cases } from '../http/cases.ts'
import { chain, hook, openWorld, problem, readsWell, request, type World } from '../http/world.ts'
import { speak } from '../support/raw-socket.ts'
import { apiToken } from '../support/server.ts'

let world: World
/** Of an https address, behind a proxy. */
let secure: World
let workflow: Awaited<ReturnType<World['make']>>
let cookie: string
beforeAll(async () => {
  ;[world, secure] = await Promise.all([
    openWorld(),
    openWorld({ HOOKLOOM_PUBLIC_URL: 'https://hooks.example.com' }),
  ])
  workflow = await world.make(chain(hook()))
  cookie = cookieOf(await signIn(world))
})
afterAll(() => Promise.all([world.close(), secure.close()]))

const json = { 'content-type': 'application/json' }
const signIn = (where: World, headers: Record<string, string> = {}, token: unknown = apiToken) =>
  request(`${where.url}/api/session`, {
    method: 'POST',
    headers: { ...json, ...headers },
    body: JSON.stringify({ token }),
  })
const cookieOf = ({ headers }: { readonly headers: Headers }): string =>
  headers.getSetCookie()[0]?.split(';')[0] ?? ''
const list = (where: World, headers: Record<string, string>) =>
  request(`${where.url}/api/workflows`, { headers })

/** Everything that a forged request could have changed. */
const standing = async () =>
  JSON.stringify([
    (await world.ask('GET', '/api/workflows?limit=200')).body,
    (await world.ask('GET', '/api/secrets')).body,
    (await world.ask('GET', '/api/events')).body,
    (await world.ask('GET', '/api/runs')).body,
  ])

describe('without a token', () => {
  test.each(cases.access.pathTricks)('%s shows nothing of the API', async (trick) => {
    const path = trick.replaceAll('{TOKEN}', workflow.hook.token)
    const { answers } = await speak(
      world.url,
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    )
    const [answer] = answers
    expect(answer?.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(answer?.body).not.toContain(workflow.id)
    // Below a hook URL it is a request to that hook, whatever follows; elsewhere it is the API's or nobody's.
    const isOfHook = path.startsWith(`/hooks/${workflow.hook.token}`)
    expect(isOfHook ? [404, 405] : [401, 404]).toContain(answer?.status)
    if (/^\/api\/(?!\/)/.test(path)) expect(answer?.status).toBe(401)
  })

  test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'])(
    '%s is 401 on every path of the API and on /metrics, whether it exists or not',
    async (method) => {
      for (const path of [
        '/api',
        '/api/',
        '/api/workflows',
        '/api/nothing',
        `/api/workflows/${workflow.id}`,
        '/metrics',
      ]) {
        const { answers } = await speak(
          world.url,
          `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
        )
        expect([path, answers[0]?.status]).toEqual([path, 401])
        expect(answers[0]?.body).toContain('urn:hookloom:problem:unauthenticated')
      }
    },
  )

  test('HEAD tells no more than GET does', async () => {
    for (const path of ['/api', '/api/workflows', '/api/nothing', '/metrics'])
      expect((await request(`${world.url}${path}`, { method: 'HEAD' })).status).toBe(401)
  })

  test.each([
    ['another token', { authorization: 'Bearer wrong-token-0123456789' }],
    ['the token and more', { authorization: `Bearer ${apiToken}x` }],
    ['a part of the token', { authorization: `Bearer ${apiToken.slice(0, -1)}` }],
    ['an empty token', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: `Basic ${Buffer.from(`:${apiToken}`).toString('base64')}` }],
    ['the token in another header', { 'x-api-key': apiToken }],
    ['the token as a cookie', { cookie: `hookloom=${apiToken}` }],
    ['a cookie that was never given', { cookie: `hookloom=${'A'.repeat(43)}` }],
    ['a long cookie', { cookie: `hookloom=${'A'.repeat(8_000)}` }],
  ])('%s is 401', async (_what, headers) => {
    const asked = await list(world, headers)
    expect(asked).toMatchObject(problem(401, 'unauthenticated'))
    readsWell(asked)
  })

  test('a token in the address is 401', async () => {
    for (const name of ['token', 'access_token', 'api_key'])
      expect((await request(`${world.url}/api/workflows?${name}=${apiToken}`, {})).status).toBe(401)
  })

  test.each(cases.access.absent)('%s is not there', async (path) => {
    const { answers } = await speak(
      world.url,
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    )
    expect([400, 401, 404]).toContain(answers[0]?.status)
    expect(answers[0]?.body).toContain('urn:hookloom:problem:')
  })
})

describe('a session', () => {
  test('is a cookie that scripts and other sites cannot use, and ends when it is signed out', async () => {
    const signed = await signIn(world)
    expect(signed.status).toBe(204)
    const [set = ''] = signed.headers.getSetCookie()
    expect(set).toMatch(/^hookloom=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/)
    const own = cookieOf(signed)
    expect((await list(world, { cookie: own })).status).toBe(200)

    const out = await request(`${world.url}/api/session`, {
      method: 'DELETE',
      headers: { cookie: own, origin: world.url },
    })
    expect(out.status).toBe(204)
    expect(out.headers.getSetCookie()[0]).toBe('hookloom=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict')
    expect(await list(world, { cookie: own })).toMatchObject(problem(401, 'unauthenticated'))
    expect((await list(world, { cookie })).status).toBe(200)
  })

  test('of an https address has a __Host- cookie that only TLS carries', async () => {
    const signed = await signIn(secure, { 'x-forwarded-proto': 'http' })
    expect(signed.headers.getSetCookie()[0]).toMatch(
      /^__Host-hookloom=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
    )
    const own = cookieOf(signed)
    expect((await list(secure, { cookie: own })).status).toBe(200)
    expect((await list(secure, { cookie: own.replace('__Host-', '') })).status).toBe(401)
  })

  test('is new at each sign-in, whatever cookie came along, and no bit of it may differ', async () => {
    const chosen = await signIn(world, { cookie: 'hookloom=attacker-chosen-value' })
    expect(cookieOf(chosen)).not.toContain('attacker')
    expect((await list(world, { cookie: 'hookloom=attacker-chosen-value' })).status).toBe(401)
    const own = cookieOf(chosen)
    for (const at of [9, 20, own.length - 2]) {
      const other = own[at] === 'A' ? 'B' : 'A'
      expect((await list(world, { cookie: own.slice(0, at) + other + own.slice(at + 1) })).status).toBe(401)
    }
  })

  test.each([['wrong-token-0123456789'], [['a', 'b']], [{ $ne: null }], [''], [null]])(
    'is not begun by the token %j',
    async (token) => {
      const refused = await signIn(world, {}, token)
      expect([401, 422]).toContain(refused.status)
      expect(refused.headers.getSetCookie()).toEqual([])
      readsWell(refused)
    },
  )

  test('is not begun by a name and a password, which this server has none of', async () => {
    const body = JSON.stringify({ email: 'a@example.com', password: 'secret' })
    const refused = await request(`${world.url}/api/session`, { method: 'POST', headers: json, body })
    expect(refused).toMatchObject(problem(422, 'invalid', /API token/))
  })

  test('cannot be asked for with a body of megabytes by somebody who has no token', async () => {
    const body = JSON.stringify({ token: 'x'.repeat(100_000) })
    const refused = await request(`${world.url}/api/session`, { method: 'POST', headers: json, body })
    expect(refused).toMatchObject(problem(413, 'too-large'))
  })
})

describe('a forged request', () => {
  test.each(cases.csrf)('$id is refused and changes nothing', async ({ id, request: told }) => {
    const before = await standing()
    const { method, path, headers, body } = filled(told)
    const refused = await request(`${world.url}${path}`, { method, headers, ...(body && { body }) })
    expect([403, 405, 415], `${id}: ${JSON.stringify(refused.body)}`).toContain(refused.status)
    readsWell(refused)
    expect(refused.headers.getSetCookie()).toEqual([])
    expect(await standing()).toBe(before)
    expect((await list(world, { cookie })).status).toBe(200)
  })

  test('with the cookie of an https address cannot come from the same name without TLS', async () => {
    const own = cookieOf(await signIn(secure))
    const make = (origin: string) =>
      request(`${secure.url}/api/validate`, {
        method: 'POST',
        headers: { ...json, cookie: own, origin },
        body: '{"graph":{"nodes":[]}}',
      })
    expect((await make('https://hooks.example.com')).status).toBe(200)
    for (const origin of ['http://hooks.example.com', secure.url, 'https://evil.example'])
      expect(await make(origin)).toMatchObject(problem(403, 'forbidden'))
  })

  test('with a cookie reads nothing for another site either', async () => {
    for (const site of ['cross-site', 'same-site'])
      expect(await list(world, { cookie, 'sec-fetch-site': site })).toMatchObject(problem(403, 'forbidden'))
    expect((await list(world, { cookie, 'sec-fetch-site': 'same-origin' })).status).toBe(200)
  })

  test('is none when our own page sends it, by either name of this host', async () => {
    for (const headers of [
      { origin: world.url },
      { origin: world.url.replace('127.0.0.1', 'localhost') },
      { 'sec-fetch-site': 'same-origin' },
    ])
      expect(
        await request(`${world.url}/api/validate`, {
          method: 'POST',
          headers: { ...json, cookie, ...headers },
          body: '{"graph":{"nodes":[]}}',
        }),
      ).toMatchObject({ status: 200 })
  })

  test('is none when it bears the token, which no browser sends by itself', async () => {
    const asked = await world.ask('POST', '/api/validate', { graph: {} }, { origin: 'https://evil.example' })
    expect(asked.status).toBe(200)
  })

  test('by GET or HEAD changes nothing on any route', async () => {
    const before = await standing()
    const { paths } = (await world.ask('GET', '/api/openapi.json')).body
    for (const path of Object.keys(paths)) {
      if (path === '/api/live') continue
      const place = path.replace('{id}', workflow.id).replace('{n}', '1').replace('{name}', 'X')
      for (const method of ['GET', 'HEAD'])
        await request(`${world.url}${place}`, { method, headers: { cookie } })
    }
    expect(await standing()).toBe(before)
  })
})

describe('another origin', () => {
  test.each(cases.cors)('$id gets no CORS header', async ({ request: told }) => {
    const { method, path, headers, body } = filled(told)
    const answer = await request(`${world.url}${path}`, { method, headers, ...(body && { body }) })
    const names = [...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))
    expect(names).toEqual([])
  })

  test('cannot put its name into a hook URL', async () => {
    const { answers } = await speak(
      world.url,
      `GET /api/workflows/${workflow.id} HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\n` +
        `Authorization: Bearer ${apiToken}\r\nConnection: close\r\n\r\n`,
    )
    expect(answers[0]?.status).toBe(200)
    expect(answers[0]?.body).not.toContain('evil.example')
  })
})

/** A case's request with this server's own values in the places of its placeholders. */
function filled(told: (typeof cases.csrf)[number]['request']) {
  const values: Readonly<Record<string, string>> = {
    '{SID}': cookie,
    '{BASE}': world.url,
    '{BASE_UPPER}': `${world.url}/`.toUpperCase(),
    '{OTHER_SCHEME}': world.url.replace('http:', 'https:'),
    '{HOST}': new URL(world.url).host,
    '{WF}': workflow.id,
    '{TOKEN}': workflow.hook.token,
    '{API_TOKEN}': apiToken,
    '{CANARY}': '9',
  }
  const fill = (text: string) =>
    Object.entries(values).reduce((filled, [name, value]) => filled.replaceAll(name, value), text)
  const headers = Object.entries(told.headers)
    // A header's bytes are Latin-1 to fetch: what a browser would send as UTF-8 comes as those bytes.
    .map(([name, value]) => [name, Buffer.from(fill(value)).toString('latin1')] as const)
    .filter(([name, value]) => name !== 'content-type' || value !== '')
  return {
    method: told.method,
    path: fill(told.path),
    headers: Object.fromEntries(headers),
    body: told.body === undefined ? undefined : new TextEncoder().encode(fill(told.body)),
  }
}
