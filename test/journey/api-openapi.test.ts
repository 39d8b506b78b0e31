/** The API's own description: an OpenAPI 3.1 document in which every route is, and which is true. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, readsWell, type World } from '../http/world.ts'
import { type Answer, apiToken } from '../support/server.ts'

let world: World
let document: Answer
beforeAll(async () => {
  world = await openWorld()
  document = (await world.ask('GET', '/api/openapi.json')).body
})
afterAll(() => world.close())

/** The routes of the design, which the document must name; it names no other. */
const routes = [
  'POST /api/session',
  'DELETE /api/session',
  'POST /api/workflows',
  'GET /api/workflows',
  'GET /api/workflows/{id}',
  'PATCH /api/workflows/{id}',
  'DELETE /api/workflows/{id}',
  'POST /api/workflows/{id}/test',
  'POST /api/workflows/{id}/sample',
  'POST /api/workflows/{id}/publish',
  'GET /api/workflows/{id}/activity',
  'GET /api/workflows/{id}/versions',
  'POST /api/workflows/{id}/versions/{n}/restore',
  'POST /api/workflows/{id}/rotate-hook',
  'POST /api/validate',
  'POST /api/preview',
  'GET /api/events',
  'GET /api/events/{id}',
  'GET /api/events/{id}/body',
  'POST /api/events/{id}/replay',
  'GET /api/rejections',
  'GET /api/rejections/{id}',
  'GET /api/rejections/{id}/body',
  'GET /api/rejections/{id}/diagnosis',
  'POST /api/rejections/{id}/accept',
  'GET /api/runs',
  'GET /api/runs/{id}',
  'POST /api/runs/{id}/resume',
  'POST /api/runs/{id}/cancel',
  'POST /api/runs/bulk',
  'POST /api/diagnose',
  'GET /api/secrets',
  'PUT /api/secrets/{name}',
  'PATCH /api/secrets/{name}',
  'DELETE /api/secrets/{name}',
  'GET /api/node-types',
  'GET /api/providers',
  'GET /api/balance',
  'GET /api/stats',
  'GET /api/address',
  'GET /api/live',
  'GET /api/openapi.json',
  'GET /healthz',
  'GET /readyz',
  'GET /metrics',
]

interface Operation {
  readonly method: string
  readonly path: string
  readonly told: Answer
}
const operations = (): readonly Operation[] =>
  Object.entries<Answer>(document.paths).flatMap(([path, item]) =>
    Object.entries<Answer>(item).map(([method, told]) => ({ method: method.toUpperCase(), path, told })),
  )

test('names every route there is and no other', () => {
  expect(
    operations()
      .map(({ method, path }) => `${method} ${path}`)
      .toSorted(),
  ).toEqual(routes.toSorted())
})

test('is a well-formed OpenAPI 3.1 document', () => {
  expect(document.openapi).toMatch(/^3\.1\.\d+$/)
  expect(document.info).toMatchObject({ title: 'Hookloom', version: expect.any(String) as string })
  expect(document.servers).toEqual([{ url: world.server.url.replace('127.0.0.1', 'localhost') }])
  const ids = operations().map(({ told }) => told.operationId)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z0-9]+$/)
  for (const { path, told } of operations()) {
    expect(told.summary).toMatch(/^[A-Z].*\.$/)
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const parameters: readonly Answer[] = told.parameters ?? []
    expect(parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(inPath)
    for (const parameter of parameters) {
      expect(['path', 'query']).toContain(parameter.in)
      expect(parameter.schema).toHaveProperty('type')
      if (parameter.in === 'path') expect(parameter.required).toBe(true)
    }
    const [answered, ...others] = Object.keys(told.responses).filter((status) => status !== 'default')
    expect(answered).toMatch(/^2\d\d$/)
    expect(others).toEqual([])
    expect(told.responses[answered ?? '']).toHaveProperty('description')
    expect(told.responses.default).toEqual({ $ref: '#/components/responses/Problem' })
    for (const { schema } of Object.values<Answer>(told.requestBody?.content ?? {}))
      expect(schema.type ?? schema.anyOf ?? schema.oneOf).toBeDefined()
  }
})

test('refers only to what is in it, and every schema is JSON Schema 2020-12 as OpenAPI 3.1 has it', () => {
  const types = ['null', 'boolean', 'object', 'array', 'number', 'string', 'integer']
  const walk = (value: Answer, key: string): void => {
    if (typeof value !== 'object' || value === null) return
    if (typeof value.$ref === 'string') {
      const found = value.$ref
        .split('/')
        .slice(1)
        .reduce((at: Answer, name: string) => at?.[name], document)
      expect(found, value.$ref).toBeDefined()
    }
    if (key === 'schema' && value.type !== undefined)
      for (const type of [value.type].flat()) expect(types).toContain(type)
    expect(value).not.toHaveProperty('nullable')
    for (const [name, inner] of Object.entries<Answer>(value)) walk(inner, name)
  }
  walk(document, '')
})

test('says which routes need no sign-in, and by which two ways the others take one', async () => {
  const open = operations().filter(({ told }) => JSON.stringify(told.security) === '[]')
  expect(open.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /api/session',
    'GET /healthz',
    'GET /readyz',
  ])
  expect(document.security).toEqual([{ token: [] }, { session: [] }])
  expect(document.components.securitySchemes).toMatchObject({
    token: { type: 'http', scheme: 'bearer' },
    session: { type: 'apiKey', in: 'cookie', name: 'hookloom' },
  })
  for (const { method, path } of operations()) {
    if (open.some((one) => one.method === method && one.path === path)) continue
    const response = await fetch(`${world.server.url}${filled(path)}`, { method })
    expect([method, path, response.status]).toEqual([method, path, 401])
    readsWell({ status: 401, headers: response.headers, body: await response.json() })
  }
})

test('every documented route is there: it answers, or says that the one thing asked for is not', async () => {
  for (const { method, path, told } of operations()) {
    if (path === '/api/live') continue
    const response = await fetch(`${world.server.url}${filled(path)}`, {
      method,
      headers: { authorization: `Bearer ${apiToken}` },
    })
    const text = await response.text()
    expect([path, response.status]).not.toEqual([path, 405])
    expect(text).not.toContain('nothing at this address')
    if (response.status === 404) expect(path).toContain('{')
    else if (response.ok && text !== '') {
      const [type] = Object.keys(told.responses[response.status].content)
      expect(response.headers.get('content-type')).toContain(type)
    }
  }
})

test('names the cookie that an https address has', async () => {
  const secure = await openWorld({ HOOKLOOM_PUBLIC_URL: 'https://hooks.example.com/' })
  try {
    const { body } = await secure.ask('GET', '/api/openapi.json')
    expect(body.servers).toEqual([{ url: 'https://hooks.example.com' }])
    expect(body.components.securitySchemes.session.name).toBe('__Host-hookloom')
  } finally {
    await secure.close()
  }
})

/** A path with ids that are well formed and name nothing. */
function filled(path: string): string {
  const prefix = { workflows: 'wf', events: 'evt', runs: 'run', rejections: 'rej' }
  return path
    .replace(/\/(workflows|events|runs|rejections)\/\{id\}/, (_, list: keyof typeof prefix) => {
      return `/${list}/${prefix[list]}_00000000000000000000000000`
    })
    .replace('{n}', '1')
    .replace('{name}', 'NOBODY')
}
