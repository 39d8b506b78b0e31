import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { sign } from '../../server/inbound/sign.ts'
import { compileVerifier } from '../../server/inbound/verify.ts'
import { makeRequest } from './make.ts'
import { body, cases, judge, nowMs, schemeOf, signedRequest, text, whsec } from './signed.ts'

const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString()

const fromStripe = (...parts: readonly string[]) =>
  makeRequest({ headers: { 'stripe-signature': parts.join(',') }, body })

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

  test('GitHub’s older SHA-1 header counts only where the newer one is absent, and never with variant "sha256"', async () => {
    const sha1 = (secret: string) => `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`
    const old = makeRequest({ headers: { 'x-hub-signature': sha1(text[0]) }, body })
    expect(await judge({ scheme: 'github' }, [text[0]], old)).toBe('accepted')
    expect(await judge({ scheme: 'github' }, [text[1]], old)).toBe('signature-mismatch')
    expect(await judge({ scheme: 'github', variant: 'sha256' }, [text[0]], old)).toBe('signature-missing')
    const wrong = { 'x-hub-signature': sha1(text[0]), 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }
    expect(await judge({ scheme: 'github' }, [text[0]], makeRequest({ headers: wrong, body }))).toBe(
      'signature-mismatch',
    )
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

  test('a signature in the query is read there, and refused when it is given twice', async () => {
    const settings = { scheme: 'hmac', query: 'sig' }
    const { path } = await signedRequest(settings, text[0])
    expect(await judge(settings, [text[0]], makeRequest({ path, body }))).toBe('accepted')
    const twice = makeRequest({ path: `${path}&${path.slice(1)}`, body })
    expect(await judge(settings, [text[0]], twice)).toBe('signature-repeated')
  })

  test('a sample is not signed with a placeholder, nor where only the sender has the private key', async () => {
    const unsigned = { method: 'POST', url: '', path: '', headers: {}, body: Buffer.from(body), id: 'msg_1' }
    const whpk = 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4='
    for (const [settings, secret] of [
      [{ scheme: 'github' }, 'changeme'],
      [{ scheme: 'svix' }, whpk],
      [{ scheme: 'jwt', algorithm: 'RS256' }, text[0]],
      [{ scheme: 'hmac', signed: '{body}{later}' }, text[0]],
    ] as const) {
      const signed = await sign(schemeOf(settings, secret), secret, unsigned, nowMs)
      expect(signed).toMatchObject({ ok: false })
      expect(JSON.stringify(signed)).not.toContain(text[0])
    }
  })

  test('a key of the wrong kind or strength is no key', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1_024 })
    const curve = generateKeyPairSync('ec', { namedCurve: 'secp384r1' })
    const ed25519 = generateKeyPairSync('ed25519')
    const privatePem = ed25519.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    for (const [algorithm, key] of [
      ['rsa-sha256', pem(weak.publicKey)],
      ['rsa-sha256', pem(ed25519.publicKey)],
      ['ecdsa-p256-sha256', pem(curve.publicKey)],
      ['ed25519', privatePem],
      ['ed25519', 'no key'],
      ['ed25519', 'whsk_AAAA'],
    ] as const) {
      expect(await judge({ scheme: 'hmac', algorithm }, [key], makeRequest({ body }))).toBe('secret-unusable')
    }
    const request = makeRequest({ headers: { authorization: 'Bearer a.b.c' } })
    for (const key of [
      privatePem,
      pem(weak.publicKey).slice(0, 80),
      '{"keys":[]}',
      '{"kty":"oct","k":"AAAA"}',
    ]) {
      expect(await judge({ scheme: 'jwt' }, [key], request)).toBe('secret-unusable')
    }
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
    expect(await judge({ scheme: 'stripe' }, [text[0]], fromStripe(time, wrong, right))).toBe('accepted')
    expect(await judge({ scheme: 'stripe' }, [text[0]], fromStripe(time, right, time))).toBe(
      'timestamp-missing',
    )
    expect(await judge({ scheme: 'stripe' }, [text[0]], fromStripe(time, right.replace('v1', 'v0')))).toMatch(
      /malformed/,
    )
    const many = Array.from({ length: 16 }, () => wrong)
    expect(await judge({ scheme: 'stripe' }, [text[0]], fromStripe(time, ...many, right))).toBe(
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
