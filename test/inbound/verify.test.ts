import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Scheme, VerificationSettings } from '../../nodes/contract/scheme.ts'
import { providers, schemesOf } from '../../nodes/providers/index.ts'
import { InboundRequest } from '../../server/inbound/request.ts'
import { sign } from '../../server/inbound/sign.ts'
import { compileVerifier } from '../../server/inbound/verify.ts'
import { makeRequest, reasonOf } from './make.ts'

const nowMs = 1_700_000_000_000
const body = '{"id":"evt_1","text":"héllo 🦀"}'
const whsec = (letter: string) => `whsec_${Buffer.from(letter.repeat(32)).toString('base64')}`

/** A private key in the form of Standard Webhooks: seed, then public key. */
function whsk(): string {
  const { privateKey } = generateKeyPairSync('ed25519')
  const { d = '', x = '' } = privateKey.export({ format: 'jwk' })
  return `whsk_${Buffer.concat([Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')]).toString('base64')}`
}

interface Case {
  readonly name: string
  readonly settings: VerificationSettings
  readonly secrets: readonly [string, string]
}

const text = ['a-long-shared-secret', 'another-shared-secret'] as const
const cases: readonly Case[] = [
  { name: 'github', settings: { scheme: 'github' }, secrets: text },
  { name: 'github sha1', settings: { scheme: 'github', variant: 'sha1' }, secrets: text },
  { name: 'stripe', settings: { scheme: 'stripe' }, secrets: ['whsec_one', 'whsec_two'] },
  { name: 'slack', settings: { scheme: 'slack' }, secrets: text },
  { name: 'shopify', settings: { scheme: 'shopify' }, secrets: text },
  { name: 'meta', settings: { scheme: 'meta' }, secrets: text },
  { name: 'gitlab token', settings: { scheme: 'gitlab' }, secrets: text },
  { name: 'gitlab signing', settings: { scheme: 'gitlab' }, secrets: [whsec('a'), whsec('b')] },
  {
    name: 'standard-webhooks v1',
    settings: { scheme: 'standard-webhooks' },
    secrets: [whsec('a'), whsec('b')],
  },
  { name: 'standard-webhooks v1a', settings: { scheme: 'standard-webhooks' }, secrets: [whsk(), whsk()] },
  { name: 'svix v1', settings: { scheme: 'svix' }, secrets: [whsec('a'), whsec('b')] },
  { name: 'svix v1a', settings: { scheme: 'svix' }, secrets: [whsk(), whsk()] },
  ...(['sha1', 'sha256', 'sha384', 'sha512'] as const).map((algorithm) => ({
    name: `hmac ${algorithm}`,
    settings: { scheme: 'hmac', header: 'X-Sig', algorithm, encoding: 'base64' as const },
    secrets: text,
  })),
  {
    name: 'hmac with every knob',
    settings: {
      scheme: 'hmac',
      header: 'X-Acme',
      parts: { separator: ';', assign: ':', signature: 'sig', timestamp: 'at' },
      signed: '{method}|{id}|{timestamp}|{header:x-kind}|{body}',
      algorithm: 'sha512',
      encoding: 'base64url',
      prefix: 'v2.',
      key: 'base64',
      id: 'header:X-Id',
      timestamp: { unit: 'milliseconds', toleranceSeconds: 60 },
    },
    secrets: [Buffer.from('first key').toString('base64'), Buffer.from('second key').toString('base64')],
  },
  {
    name: 'hmac with a timestamp in RFC 3339',
    settings: { scheme: 'hmac', timestamp: { from: 'x-time', unit: 'rfc3339' } },
    secrets: text,
  },
  { name: 'bearer', settings: { scheme: 'bearer' }, secrets: text },
  { name: 'api-key in a header', settings: { scheme: 'api-key' }, secrets: text },
  { name: 'api-key in the query', settings: { scheme: 'api-key', query: 'key' }, secrets: text },
  { name: 'basic', settings: { scheme: 'basic' }, secrets: ['ada:pass:word', 'ada:other'] },
  { name: 'basic with a user name', settings: { scheme: 'basic', username: 'ada' }, secrets: ['one', 'two'] },
  { name: 'jwt', settings: { scheme: 'jwt', issuer: 'acme', audience: 'us' }, secrets: text },
]

/** The scheme that a secret belongs to. */
function schemeOf(settings: VerificationSettings, secret: string): Scheme {
  const scheme = schemesOf(settings).find(({ secretPrefix = '' }) => secret.startsWith(secretPrefix))
  if (scheme === undefined) throw new Error(`no scheme of ${settings.scheme} takes this secret`)
  return scheme
}

async function signedRequest(
  settings: VerificationSettings,
  secret: string,
  atMs = nowMs,
): Promise<InboundRequest> {
  const unsigned = {
    method: 'POST',
    url: 'https://example.test/hooks/abc',
    path: '',
    headers: { 'x-kind': 'order' },
    body: Buffer.from(body),
    id: 'msg_1',
  }
  const signed = await sign(schemeOf(settings, secret), secret, unsigned, atMs)
  if (!signed.ok) throw new Error(signed.detail)
  const query = new URLSearchParams(signed.query).toString()
  return makeRequest({
    path: query === '' ? '' : `?${query}`,
    headers: { ...unsigned.headers, ...signed.headers },
    body,
  })
}

const judge = async (
  settings: VerificationSettings,
  secrets: readonly string[],
  request: InboundRequest,
  now = nowMs,
) => reasonOf(await compileVerifier(settings, secrets).verify(request, now))

const coversBody = ({ settings, secrets }: Case) => schemeOf(settings, secrets[0]).kind === 'signature'
const hasTime = ({ settings, secrets }: Case) => {
  const scheme = schemeOf(settings, secrets[0])
  return scheme.kind === 'signature' && scheme.timestamp !== undefined
}

describe.each(cases)('$name', (each) => {
  const { settings, secrets } = each
  const [secret, other] = secrets

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

  test.runIf(coversBody(each))(
    'refuses a body of which one byte changed, or that was encoded again',
    async () => {
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
    },
  )

  test.runIf(hasTime(each))('refuses what is older than its tolerance, and no second earlier', async () => {
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

describe('what decides is in the settings', () => {
  test('an unknown scheme accepts nothing', async () => {
    expect(await judge({ scheme: 'githup' }, ['secret-text'], makeRequest())).toBe('scheme-unknown')
    expect(await judge({ scheme: 'github', variant: 'md5' }, ['secret-text'], makeRequest())).toBe(
      'scheme-unknown',
    )
    expect(await judge({ scheme: 'hmac', algorithm: 'md5' }, ['secret-text'], makeRequest())).toBe(
      'scheme-unknown',
    )
  })

  test('"none" accepts and says that nothing was verified', async () => {
    expect(await compileVerifier({ scheme: 'none' }, []).verify(makeRequest(), nowMs)).toEqual({
      ok: true,
      verified: false,
    })
  })

  test('GitHub’s older SHA-1 header is not read unless the settings ask for it', async () => {
    const old = await signedRequest({ scheme: 'github', variant: 'sha1' }, text[0])
    expect(await judge({ scheme: 'github' }, [text[0]], old)).toBe('signature-missing')
  })

  test('a GitLab workflow with a signing token does not take the token as it is', async () => {
    const request = makeRequest({ headers: { 'x-gitlab-token': whsec('a') } })
    expect(await judge({ scheme: 'gitlab' }, [whsec('a')], request)).toBe('signature-missing')
  })

  test('Shopify’s shorter header name is read as well', async () => {
    const { headers } = await signedRequest({ scheme: 'shopify' }, text[0])
    const shorter = { 'Shopify-Hmac-Sha256': headers['x-shopify-hmac-sha256'] ?? '' }
    expect(await judge({ scheme: 'shopify' }, [text[0]], makeRequest({ headers: shorter, body }))).toBe(
      'accepted',
    )
  })

  test('an id that could be read in two ways is refused', async () => {
    const settings = { scheme: 'standard-webhooks' }
    const request = await signedRequest(settings, whsec('a'))
    const headers = { ...request.headers, 'webhook-id': 'msg.1' }
    expect(await judge(settings, [whsec('a')], makeRequest({ headers, body }))).toBe('id-malformed')
  })

  test.each([
    '1e9',
    '+1700000000',
    ' 1700000000',
    '1700000000.0',
    '0x6553F100',
    'Infinity',
    '-1',
    '१७०००००००',
  ])('the timestamp %j is no number of seconds', async (timestamp) => {
    const request = await signedRequest({ scheme: 'slack' }, text[0])
    const headers = { ...request.headers, 'x-slack-request-timestamp': timestamp }
    const reason = await judge({ scheme: 'slack' }, [text[0]], makeRequest({ headers, body }))
    expect(reason).toBe('timestamp-malformed')
  })

  test('of several signatures in one header any may match, up to sixteen', async () => {
    const { headers } = await signedRequest({ scheme: 'stripe' }, text[0])
    const [time = '', right = ''] = (headers['stripe-signature'] ?? '').split(',')
    const wrong = `v1=${'0'.repeat(64)}`
    const sent = (...parts: readonly string[]) =>
      makeRequest({ headers: { 'stripe-signature': parts.join(',') }, body })
    expect(await judge({ scheme: 'stripe' }, [text[0]], sent(time, wrong, right))).toBe('accepted')
    expect(await judge({ scheme: 'stripe' }, [text[0]], sent(time, right, time))).toBe('timestamp-missing')
    expect(await judge({ scheme: 'stripe' }, [text[0]], sent(time, right.replace('v1', 'v0')))).toMatch(
      /malformed/,
    )
    const many = Array.from({ length: 16 }, () => wrong)
    expect(await judge({ scheme: 'stripe' }, [text[0]], sent(time, ...many, right))).toBe(
      'signature-malformed',
    )
  })

  test('a refusal never shows a secret or the signature that would have been right', async () => {
    for (const { settings, secrets } of cases) {
      const right = await signedRequest(settings, secrets[0])
      const values = Object.entries(right.headers).filter(([name]) => name !== 'x-kind')
      const changed = makeRequest({ rawHeaders: right.rawHeaders, body: `${body} ` })
      const verdict = await compileVerifier(settings, [secrets[1], secrets[0]]).verify(changed, nowMs)
      const told = JSON.stringify(verdict)
      for (const secret of secrets) expect(told).not.toContain(secret)
      for (const [, value] of values) expect(told).not.toContain(value)
    }
  })
})

test('every provider has words, a sample that its own scheme accepts, and settings that it knows', async () => {
  for (const [id, provider] of providers) {
    expect(provider.id).toBe(id)
    expect(provider.link).toMatch(/^https:\/\//)
    expect(provider.setup.length).toBeGreaterThan(0)
    for (const step of provider.setup) expect(step).toMatch(/^[A-Z].*[.”"]$/)
    expect(provider.samples.length).toBeGreaterThan(0)
    if (id === 'none') continue
    const secret = id === 'basic' ? 'ada:lovelace-1815' : text[0]
    const usable = id === 'standard-webhooks' || id === 'svix' ? whsec('s') : secret
    for (const sample of provider.samples) {
      const bytes = Buffer.from(typeof sample.body === 'string' ? sample.body : JSON.stringify(sample.body))
      const unsigned = {
        method: sample.method ?? 'POST',
        url: 'https://example.test/hooks/abc',
        path: '',
        headers: sample.headers,
        body: bytes,
        id: 'msg_sample',
      }
      const signed = await sign(schemeOf({ scheme: id }, usable), usable, unsigned, nowMs)
      const headers = { ...sample.headers, ...(signed.ok ? signed.headers : {}) }
      expect(await judge({ scheme: id }, [usable], makeRequest({ headers, body: bytes })), id).toBe(
        'accepted',
      )
    }
  }
})
