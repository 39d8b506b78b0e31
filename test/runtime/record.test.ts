import { describe, expect, test } from 'vitest'
import { recordedBodyBytes } from '../../server/runtime/record.ts'
import { instant, openTarget, openWayOut, outcomeOf } from './world.ts'

describe('the record of an attempt', () => {
  test('says what was sent, what came back, when, and how long it took', async () => {
    const target = await openTarget({
      behaviour: { kind: 'answer', status: 201, headers: { 'x-own': 'y' }, body: 'made', delayMs: 30 },
    })
    const { record } = await openWayOut()({
      url: `${target.url}/in`,
      body: '{"a":"ë"}',
      headers: { 'x-a': 'b' },
    })
    expect(record).toMatchObject({
      at: instant,
      request: {
        method: 'POST',
        url: `${target.url}/in`,
        headers: { 'x-a': 'b', 'webhook-id': 'run_1:send', 'content-type': 'application/json' },
        body: '{"a":"ë"}',
        bodyBytes: 10,
      },
      response: { status: 201, headers: { 'x-own': 'y' }, body: 'made', bodyBytes: 4 },
    })
    expect(record.durationMs).toBeGreaterThanOrEqual(29)
    expect(record.error).toBeUndefined()
    expect(record.redirects).toBeUndefined()
  })

  test('holds the beginning of each body, up to a whole character', async () => {
    const target = await openTarget({ behaviour: { kind: 'answer', body: `x${'🙂'.repeat(10_000)}` } })
    const { record } = await openWayOut()({ url: target.url, body: 'ë'.repeat(10_000) })
    expect(record.request).toMatchObject({ body: 'ë'.repeat(recordedBodyBytes / 2), bodyBytes: 20_000 })
    expect(record.response?.body).toBe(`x${'🙂'.repeat((recordedBodyBytes - 4) / 4)}`)
    expect(record.response?.bodyBytes).toBe(40_001)
  })

  test('holds the part of an answer that came before its deadline', async () => {
    const target = await openTarget({ behaviour: { kind: 'drip', everyMs: 10 } })
    const sent = await openWayOut()({ url: target.url, timeoutMs: 300 })
    expect(outcomeOf(sent)).toBe('timeout, again')
    expect(sent.record.response).toMatchObject({ status: 200, body: expect.stringMatching(/^\.+$/) })
    expect(sent.ok || sent.error.response).toMatchObject({ status: 200 })
  })

  test('masks credentials by the names of their headers, on both sides', async () => {
    const target = await openTarget({
      behaviour: { kind: 'answer', headers: { 'set-cookie': 'session=CANARY' } },
    })
    const names = [
      'Authorization',
      'cookie',
      'proxy-authorization',
      'x-api-key',
      'X-Auth-Token',
      'x-shared-secret',
    ]
    const headers = Object.fromEntries([
      ...names.map((name) => [name, 'CANARY']),
      ['idempotency-key', 'kept'],
    ])
    const { record } = await openWayOut()({ url: target.url, headers })
    expect(JSON.stringify(record)).not.toContain('CANARY')
    expect(record.request.headers['authorization']).toBe('•••')
    expect(record.request.headers['idempotency-key']).toBe('kept')
    expect(record.response?.headers['set-cookie']).toBe('•••')
  })

  test('masks the user name and password of a URL that was refused for them', async () => {
    const sent = await openWayOut()({ url: 'http://user:CANARY@127.0.0.1/path' })
    expect(outcomeOf(sent)).toBe('url-refused')
    expect(JSON.stringify(sent)).not.toContain('CANARY')
    expect(sent.record.request.url).toBe('http://•••@127.0.0.1/path')
  })

  test('has no secret in any place, in any form, even when the target sends it back', async () => {
    const secret = 'p"ä/s+w&ord CANARY'
    const basic = Buffer.from(`user:${secret}`).toString('base64')
    const url = `/${encodeURIComponent(secret)}?q=${new URLSearchParams({ secret })}`
    const target = await openTarget({
      behaviour: (request) => ({
        kind: 'answer',
        headers: { 'content-type': 'application/json', 'x-echo': `${request.url} ${basic}` },
        body: JSON.stringify({
          url: request.url,
          sent: request.text,
          headers: request.headers,
          again: JSON.stringify({ secret }),
          [secret]: [secret, basic],
        }),
      }),
    })
    const headers = { 'x-basic': `Basic ${basic}`, 'x-own': encodeURI(secret) }
    const sent = await openWayOut()(
      {
        url: `${target.url}${url}`,
        headers,
        body: JSON.stringify({ secret, inner: JSON.stringify({ secret }) }),
      },
      { redact: [secret] },
    )
    expect(outcomeOf(sent)).toBe('answered 200')
    const kept = JSON.stringify(sent)
    for (const form of ['CANARY', 'w&ord', 'w%26ord', Buffer.from('CANARY').toString('base64')]) {
      expect(kept).not.toContain(form)
    }
    const [, middle = ''] = /^(?:.{8})(.{12})/.exec(basic) ?? []
    expect(kept).not.toContain(middle)
    expect(target.requests[0]?.text).toContain('CANARY')
  })

  test('has no secret in its error, nor the new URL of a redirect', async () => {
    const location = 'http://new.test/?key=own-CANARY'
    const target = await openTarget({ behaviour: { kind: 'redirect', status: 302, location } })
    const sent = await openWayOut()({ url: target.url, body: '{}' }, { redact: ['own-CANARY'] })
    expect(outcomeOf(sent)).toBe('redirect-not-followed')
    expect(sent.ok || sent.error.message).toContain('"http://new.test/?key=•••"')
    expect(JSON.stringify(sent)).not.toContain('CANARY')
  })

  test('has no part of a secret where its body was cut', async () => {
    const secret = 'CANARY-0123456789-0123456789'
    for (const before of [1, 5, 27, 28, 29, 60]) {
      const target = await openTarget()
      const body = `${'x'.repeat(recordedBodyBytes - before)}${secret}${secret}${'y'.repeat(50)}`
      const { record } = await openWayOut()({ url: target.url, body }, { redact: [secret] })
      expect(record.request.body).not.toMatch(/CANARY|\d/)
      expect(record.request.body.length).toBeGreaterThan(recordedBodyBytes - 300)
    }
  })

  test('does not hold the signing secret', async () => {
    const target = await openTarget()
    const signingSecret = 'whsec_Q0FOQVJZQ0FOQVJZQ0FOQVJZ'
    const { record } = await openWayOut()({
      url: target.url,
      body: `{"s":"${signingSecret}"}`,
      signingSecret,
    })
    expect(record.request.body).toBe('{"s":"whsec_•••"}')
  })
})
