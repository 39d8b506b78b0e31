import { describe, expect, test } from 'vitest'
import { makeRequest } from './make.ts'
import { body, cases, coversBody, hasTime, judge, nowMs, schemeOf, signedRequest } from './signed.ts'

describe.each(cases)('$name', ({ settings, secrets: [secret, other] }) => {
  test('accepts what `sign` made with the same scheme and secret', async () => {
    expect(await judge(settings, [secret], await signedRequest(settings, secret))).toBe('accepted')
  })

  test('refuses another secret', async () => {
    expect(await judge(settings, [other], await signedRequest(settings, secret))).toMatch(/mismatch$/)
  })

  test('accepts either of two active secrets, in either order', async () => {
    for (const active of [
      [secret, other],
      [other, secret],
    ]) {
      expect(await judge(settings, active, await signedRequest(settings, secret))).toBe('accepted')
      expect(await judge(settings, active, await signedRequest(settings, other))).toBe('accepted')
    }
  })

  test('refuses a request without the header', async () => {
    expect(await judge(settings, [secret], makeRequest({ body }))).toMatch(/-missing$/)
  })

  test('refuses when there is no secret, an empty one or a placeholder', async () => {
    const request = await signedRequest(settings, secret)
    expect(await judge(settings, [], request)).toBe('secret-missing')
    for (const unusable of [
      '',
      '   ',
      'undefined',
      '<your secret>',
      'changeme',
      'whsec_...',
      '{{ $secret }}',
    ]) {
      expect(await judge(settings, [unusable], request)).toBe('secret-unusable')
    }
  })

  test('refuses each header when it is sent twice, truncated, empty, or carries junk behind its end', async () => {
    const request = await signedRequest(settings, secret)
    const own = request.rawHeaders.length === 2 ? [] : Object.entries(request.headers)
    for (const [name, value] of own.filter(([name]) => name !== 'x-kind')) {
      const others = request.rawHeaders.flatMap((text, at, all) =>
        (at % 2 === 0 ? text : all[at - 1]) === name ? [] : [text],
      )
      const sent = (...values: readonly string[]) =>
        makeRequest({ rawHeaders: [...others, ...values.flatMap((one) => [name, one])], body })
      expect(await judge(settings, [secret], sent(value, value)), `${name} twice`).not.toBe('accepted')
      expect(await judge(settings, [secret], sent(`${value}, ${value}`)), `${name} joined`).not.toBe(
        'accepted',
      )
      expect(await judge(settings, [secret], sent('')), `${name} empty`).not.toBe('accepted')
      expect(await judge(settings, [secret], sent('a'.repeat(70_000))), `${name} endless`).not.toBe(
        'accepted',
      )
      for (const length of [value.length - 1, Math.floor(value.length / 2), 3]) {
        expect(await judge(settings, [secret], sent(value.slice(0, length))), `${name} cut`).not.toBe(
          'accepted',
        )
      }
      // base64url may be padded, so that `==` is no junk there.
      const padding = settings.encoding === 'base64url' ? [] : ['==']
      for (const junk of [...padding, '00', '=', 'A', '\n', ' ', '%', '.']) {
        expect(await judge(settings, [secret], sent(value + junk)), `${name} + ${junk}`).not.toBe('accepted')
      }
    }
  })
})

describe.each(cases.filter(coversBody))('$name signs the body:', ({ settings, secrets: [secret] }) => {
  test('refuses a body of which one byte changed, or that was encoded again', async () => {
    const { rawHeaders } = await signedRequest(settings, secret)
    const bytes = Buffer.from(body)
    bytes[5] = (bytes[5] ?? 0) ^ 1
    for (const changed of [
      bytes,
      `${body}\n`,
      Buffer.from(body, 'latin1'),
      JSON.stringify(JSON.parse(body), null, 1),
    ]) {
      expect(await judge(settings, [secret], makeRequest({ rawHeaders, body: changed }))).toBe(
        'signature-mismatch',
      )
    }
  })
})

describe.each(cases.filter(hasTime))('$name signs the time:', ({ settings, secrets: [secret] }) => {
  test('refuses what is older than its tolerance, and no second earlier', async () => {
    const scheme = schemeOf(settings, secret)
    const rule = scheme.kind === 'signature' ? scheme.timestamp : undefined
    const seconds = rule?.toleranceSeconds ?? 0
    const request = await signedRequest(settings, secret)
    expect(await judge(settings, [secret], request, nowMs + seconds * 1_000)).toBe('accepted')
    expect(await judge(settings, [secret], request, nowMs + (seconds + 1) * 1_000)).toBe('timestamp-too-old')
    const early = await judge(settings, [secret], request, nowMs - (seconds + 1) * 1_000)
    expect(early).toBe(rule?.direction === 'past' ? 'accepted' : 'timestamp-in-future')
  })
})
