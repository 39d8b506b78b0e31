import { describe, expect, test } from 'vitest'
import { RetryableFailure, TerminalFailure } from '../../nodes/contract/failure.ts'
import type { ConfigOf } from '../../nodes/contract/field.ts'
import { retryAfterSeconds } from '../../nodes/contract/retry-after.ts'
import { retryDefault } from '../../nodes/contract/retry.ts'
import { http } from '../../nodes/http.ts'
import { contextOf, type World } from './node-context.ts'

type Config = ConfigOf<typeof http.fields>

const defaults: Config = {
  method: 'POST',
  url: 'https://api.example.com:8443/orders?key=k',
  headers: {},
  body: undefined,
  timeoutMs: 30_000,
  retry: retryDefault,
  limits: {},
  signing: undefined,
}

async function send(config: Partial<Config>, world: World) {
  const { context, requests } = contextOf({ answers: [{ status: 200 }], ...world })
  const outcome = await Promise.resolve()
    .then(() => http.run({ ...defaults, ...config }, context))
    .catch((error: unknown) => error)
  const [request] = requests
  if (request === undefined) throw new Error('nothing was sent')
  return { outcome, request }
}

describe('what is sent', () => {
  test('is the message as JSON when there is no body', async () => {
    const { request } = await send({}, { input: { a: 1 } })
    expect(request).toEqual({
      method: 'POST',
      url: defaults.url,
      timeoutMs: 30_000,
      headers: { 'content-type': 'application/json' },
      body: '{"a":1}',
    })
  })

  test('is a JSON body in place of the message', async () => {
    const { request } = await send({ body: { b: [null] } }, { input: { a: 1 } })
    expect(request.body).toBe('{"b":[null]}')
    expect((await send({ body: null }, { input: 1 })).request.body).toBe('null')
  })

  test('is text as it was written, with the content type that was given', async () => {
    const { request } = await send({ body: 'a=1', headers: { 'Content-Type': 'text/csv' } }, {})
    expect(request.body).toBe('a=1')
    expect(request.headers).toEqual({ 'Content-Type': 'text/csv' })
  })

  test('quotes a message that is text, unless a content type says that it is not JSON', async () => {
    expect((await send({}, { input: 'hi' })).request.body).toBe('"hi"')
    expect((await send({ headers: { 'content-type': 'text/plain' } }, { input: 'hi' })).request.body).toBe(
      'hi',
    )
    expect((await send({ headers: { 'content-type': 'text/plain' } }, { input: [1] })).request.body).toBe(
      '[1]',
    )
  })

  test.each(['GET', 'HEAD'] as const)('has no body and no content type with %s', async (method) => {
    const { request } = await send({ method, body: 'x', headers: { accept: 'text/csv' } }, { input: 1 })
    expect(request).not.toHaveProperty('body')
    expect(request.headers).toEqual({ accept: 'text/csv' })
  })

  test('carries the signing secret in both of its forms', async () => {
    expect((await send({ signing: 'whsec_x' }, {})).request.signingSecret).toBe('whsec_x')
    expect((await send({ signing: { secret: 'whsec_y' } }, {})).request.signingSecret).toBe('whsec_y')
    expect((await send({}, {})).request).not.toHaveProperty('signingSecret')
  })
})

describe('an answer', () => {
  test.each([200, 201, 204, 299])('%i leaves by success with status, headers and body', async (status) => {
    const { outcome } = await send({}, { answers: [{ status, headers: { etag: 'x' }, body: '[1]' }] })
    expect(outcome).toEqual({ port: 'success', data: { status, headers: { etag: 'x' }, body: [1] } })
  })

  test.each([408, 409, 425, 429, 500, 503, 599])('%i may be tried again', async (status) => {
    const { outcome } = await send({}, { answers: [{ status, body: 'busy' }] })
    if (!(outcome instanceof RetryableFailure)) throw outcome
    expect(outcome.failure).toEqual({
      code: 'http-status',
      message: expect.stringContaining(`https://api.example.com:8443 answered ${status}`) as string,
      response: { status, headers: {}, body: 'busy' },
    })
    expect(outcome.afterSeconds).toBeUndefined()
  })

  test.each([300, 301, 400, 401, 404, 422])('%i is final', async (status) => {
    const { outcome } = await send({}, { answers: [{ status, body: '{"why":"so"}' }] })
    if (!(outcome instanceof TerminalFailure)) throw outcome
    expect(outcome.code).toBe('http-status')
    expect(outcome.message).toContain(`answered ${status}, expected 2xx`)
    expect(outcome.message).not.toContain('key=k')
    expect(outcome.response).toEqual({ status, headers: {}, body: { why: 'so' } })
  })

  test('is judged by the statuses of the retry setting', async () => {
    const retry = { ...retryDefault, statuses: '404' }
    expect((await send({ retry }, { answers: [{ status: 404 }] })).outcome).toBeInstanceOf(RetryableFailure)
    expect((await send({ retry }, { answers: [{ status: 503 }] })).outcome).toBeInstanceOf(TerminalFailure)
    const never = { ...retryDefault, statuses: '' }
    expect((await send({ retry: never }, { answers: [{ status: 503 }] })).outcome).toBeInstanceOf(
      TerminalFailure,
    )
  })

  test('that leads elsewhere names the new place', async () => {
    const answers = [{ status: 302, headers: { location: 'https://new.example.com/' } }]
    const { outcome } = await send({}, { answers })
    expect(outcome).toMatchObject({ message: expect.stringContaining('https://new.example.com/') as string })
  })

  test('may say when to come again', async () => {
    const answers = [{ status: 429, headers: { 'retry-after': '17' } }]
    expect((await send({}, { answers })).outcome).toMatchObject({ afterSeconds: 17 })
  })
})

test.each<readonly [string | undefined, number | undefined]>([
  [undefined, undefined],
  ['', undefined],
  ['0', 0],
  [' 120 ', 120],
  ['-5', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['99999999999', undefined],
  ['Sun, 22 Nov 2026 09:31:30 GMT', 90],
  ['Sunday, 22-Nov-26 09:31:30 GMT', 90],
  ['Sun, 22 Nov 2026 09:00:00 GMT', 0],
])('Retry-After "%s" is %s seconds', (header, seconds) => {
  expect(retryAfterSeconds(header, new Date('2026-11-22T09:30:00Z'))).toBe(seconds)
})
