/** The signature doctor over the same data as the door: a mistake is made, and the doctor must name exactly that one. */
import { createHmac } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Diagnosis } from '../../nodes/contract/diagnosis.ts'
import { diagnosis } from '../../nodes/contract/diagnosis.ts'
import type { VerificationSettings } from '../../nodes/contract/scheme.ts'
import { examine } from '../../server/inbound/doctor/doctor.ts'
import type { KnownSecret } from '../../server/inbound/doctor/patient.ts'
import type { InboundRequest } from '../../server/inbound/request.ts'
import { makeRequest } from './make.ts'
import { body, cases, coversBody, hasTime, nowMs, signedRequest, whsec } from './signed.ts'

const inForce = (text: string, name = 'OURS'): KnownSecret => ({ name, text, inForce: true })
const stored = (text: string, name = 'OTHER'): KnownSecret => ({ name, text, inForce: false })

const asked = async (
  request: InboundRequest,
  verification: VerificationSettings,
  secrets: readonly KnownSecret[],
  more: { readonly cameAt?: number | undefined; readonly bodyIsWhole?: boolean } = {},
): Promise<Diagnosis> => {
  const found = await examine({ request, verification, secrets, cameAt: nowMs, bodyIsWhole: true, ...more })
  expect(diagnosis.parse(found)).toEqual(found)
  expect(found.sentence).toMatch(/^[A-Z0-9“"].*\.$/s)
  expect(found.sentence).not.toMatch(/undefined|\.\.|NaN|\s{2}/)
  return found
}

const withBody = (request: InboundRequest, text: string | Buffer) => request.withBody(Buffer.from(text))
const stateOf = ({ findings }: Diagnosis, about: string) =>
  findings.find((each) => each.about === about)?.state

const signatures = cases.filter(coversBody)
const hmacs = signatures.filter(({ secrets: [secret] }) => !secret.startsWith('whsk_'))

describe('whatever the scheme', () => {
  test.each(signatures)('$name: a right request passes, and all of it is found right', async (each) => {
    const found = await asked(await signedRequest(each.settings, each.secrets[0]), each.settings, [
      inForce(each.secrets[0]),
    ])
    expect(found).toMatchObject({ outcome: 'passes', remedy: null })
    expect(found.findings.map(({ state }) => state)).toEqual(found.findings.map(() => 'right'))
  })

  test.each(signatures)(
    '$name: another secret that is stored here is named, and can be chosen',
    async (each) => {
      const [ours, theirs] = each.secrets
      const found = await asked(await signedRequest(each.settings, theirs), each.settings, [
        inForce(ours),
        stored('nobody-uses-this-one', 'IDLE'),
        stored(theirs, 'THEIRS'),
      ])
      expect(found).toMatchObject({
        outcome: 'found',
        remedy: { kind: 'setting', field: 'verification', change: { secret: { $secret: 'THEIRS' } } },
      })
      expect(found.sentence).toContain('“THEIRS”')
      expect(found.sentence).not.toContain('“IDLE”')
      expect([stateOf(found, 'secret'), stateOf(found, 'body')]).toEqual(['wrong', 'right'])
    },
  )

  test.each(signatures)(
    '$name: a body that a proxy wrote anew is found out, and blamed on the way',
    async (each) => {
      const request = await signedRequest(each.settings, each.secrets[0])
      const found = await asked(withBody(request, JSON.stringify(JSON.parse(body), null, 2)), each.settings, [
        inForce(each.secrets[0]),
      ])
      expect(found).toMatchObject({ outcome: 'found', remedy: null })
      expect(found.sentence).toMatch(/same JSON written otherwise.*proxy.*pass the bytes on/)
      expect([stateOf(found, 'secret'), stateOf(found, 'body')]).toEqual(['right', 'wrong'])
    },
  )

  test.each(hmacs)(
    '$name: white space around the stored secret is seen, and can be taken away',
    async (each) => {
      const request = await signedRequest(each.settings, each.secrets[0])
      const [ours] = each.secrets
      // Keys that are decoded are trimmed by the door already.
      const isText = each.settings.key === undefined && !ours.startsWith('whsec_')
      const found = await asked(request, each.settings, [inForce(` ${ours}\n`)])
      if (!isText && found.outcome === 'passes') return
      expect(found).toMatchObject({ remedy: { kind: 'secret', name: 'OURS', rewrite: 'trimmed' } })
      expect(found.sentence).toContain('white space')
    },
  )

  test.each(signatures.filter(hasTime))(
    '$name: a clock that is off is told apart from a wrong secret',
    async (each) => {
      const request = await signedRequest(each.settings, each.secrets[0], nowMs - 412_000)
      const right = await asked(request, each.settings, [inForce(each.secrets[0])])
      expect(right.sentence).toMatch(/^The signature is right, but it was made 412 s before/)
      expect([stateOf(right, 'time'), stateOf(right, 'secret')]).toEqual(['wrong', 'right'])
      const wrong = await asked(request, each.settings, [inForce(each.secrets[1])])
      expect(wrong.sentence).not.toContain('signature is right')
    },
  )

  test.each(signatures)('$name: of a secret that nobody knows it says so, and what to copy', async (each) => {
    const request = await signedRequest(each.settings, each.secrets[1])
    const found = await asked(request, each.settings, [inForce(each.secrets[0])])
    expect(found).toMatchObject({ outcome: 'unknown', remedy: null })
    expect(found.sentence).toMatch(
      /^No secret that is stored here made this signature.*copy the secret again/,
    )
    expect(found.tried).toBeGreaterThan(10)
  })

  test.each(signatures)(
    '$name: nothing that it says holds a secret or a signature that would be right',
    async (each) => {
      const [ours, theirs] = each.secrets
      const right = await signedRequest(each.settings, ours)
      const name = Object.keys(right.headers).find((key) => /sig|hmac|x-acme/i.test(key)) ?? ''
      for (const request of [
        await signedRequest(each.settings, theirs),
        withBody(right, 'x'),
        makeRequest({ body }),
      ]) {
        const said = JSON.stringify(await asked(request, each.settings, [inForce(ours), stored(theirs)]))
        for (const secret of [ours, theirs]) expect(said).not.toContain(secret)
        expect(said).not.toContain(right.header(name) ?? 'no signature')
        expect(said).not.toMatch(/[0-9a-f]{20}|[A-Za-z0-9+/]{27}=/)
      }
    },
  )
})

const github: VerificationSettings = { scheme: 'github' }
const stripe: VerificationSettings = { scheme: 'stripe' }
const sign = (text: string | Buffer, secret: string | Buffer, algorithm = 'sha256') =>
  createHmac(algorithm, secret).update(text)

describe('what people get wrong', () => {
  const secret = 'a-long-shared-secret'
  const signed = (text: string | Buffer) => ({
    'content-type': 'application/json',
    'x-hub-signature-256': `sha256=${sign(text, secret).digest('hex')}`,
  })
  const github1 = (signedText: string | Buffer, sentText: string | Buffer, headers = {}) =>
    asked(
      makeRequest({ headers: { ...signed(signedText), ...headers }, body: Buffer.from(sentText) }),
      github,
      [inForce(secret)],
    )

  test.each([
    ['a line break that was lost at the end', `${body}\n`, body, /line break at its end/],
    ['a line break that was added at the end', body, `${body}\n`, /without the white space at its ends/],
    ['a byte order mark', body, `\uFEFF${body}`, /without its byte order mark/],
    ['line ends', '{\r\n"a": 1\r\n}', '{\n"a": 1\n}', /line ends \(CR LF\)/],
    [
      'Python’s way of writing JSON',
      '{"a": 1, "b": [1, 2]}',
      '{"a":1,"b":[1,2]}',
      /same JSON written otherwise/,
    ],
    ['escapes beyond ASCII', '{"a":"h\\u00e9"}', '{"a":"hé"}', /same JSON written otherwise/],
    ['escaped slashes', '{"u":"http:\\/\\/a"}', '{"u":"http://a"}', /same JSON written otherwise/],
    ['keys in another order', '{"a":1,"b":2}', '{"b":2,"a":1}', /keys in order/],
    [
      'a form that was taken apart',
      `payload=${encodeURIComponent(body)}`,
      body,
      /form whose field “payload”/,
    ],
    ['JSON signed, and a form sent', body, `payload=${encodeURIComponent(body)}`, /JSON in the form’s field/],
    ['characters that were changed', Buffer.from('{"a":"hé"}', 'latin1'), '{"a":"hé"}', /ISO 8859-1/],
    ['an empty body that was signed', '', body, /empty body/],
  ])('%s', async (_what, signedText, sentText, words) => {
    const found = await github1(signedText, sentText)
    expect(found).toMatchObject({ outcome: 'found', remedy: null })
    expect(found.sentence).toMatch(words)
    expect(stateOf(found, 'secret')).toBe('right')
  })

  test('numbers are compared as they are written, so that a long one does not hide the cause', async () => {
    const found = await github1(
      '{"id":12345678901234567890,"n":1.0}',
      '{ "id": 12345678901234567890, "n": 1.0 }',
    )
    expect(found.sentence).toContain('same JSON written otherwise')
  })

  test('a packed body whose unpacked text was written anew', async () => {
    const sent = gzipSync('{ "a": 1 }')
    const found = await github1('{"a":1}', sent, { 'content-encoding': 'gzip' })
    expect(found.sentence).toContain('same JSON written otherwise')
  })

  test('a pasted body is not blamed on a proxy, and the settings are called right', async () => {
    const request = makeRequest({ headers: signed(body), body: `${body}\n` })
    const found = await asked(request, github, [inForce(secret)], { cameAt: undefined })
    expect(found.sentence).toMatch(
      /what was pasted is not byte for byte what was sent, and the settings are right/,
    )
  })

  test('Stripe’s test secret in the place of the live one, with the mode that the event names', async () => {
    const event = '{"id":"evt_1","livemode":false}'
    const at = Math.floor(nowMs / 1_000)
    const v1 = sign(`${at}.${event}`, 'whsec_of_the_test_mode').digest('hex')
    const request = makeRequest({ headers: { 'stripe-signature': `t=${at},v1=${v1}` }, body: event })
    const both = [
      inForce('whsec_of_the_live_mode', 'STRIPE_LIVE'),
      stored('whsec_of_the_test_mode', 'STRIPE_TEST'),
    ]
    const found = await asked(request, stripe, both)
    expect(found.sentence).toMatch(/“STRIPE_TEST”.*“livemode” is false.*secret for each/)
    expect(found.remedy).toMatchObject({
      change: { secret: { $secret: 'STRIPE_TEST' } },
      label: 'Use “STRIPE_TEST”',
    })
    const alone = await asked(request, stripe, both.slice(0, 1))
    expect(alone).toMatchObject({
      outcome: 'unknown',
      sentence: expect.stringMatching(/test mode.*“livemode”/),
    })
  })

  test('a time in another zone', async () => {
    const request = await signedRequest(stripe, 'whsec_one', nowMs - 7_200_000)
    const found = await asked(request, stripe, [inForce('whsec_one')])
    expect(found.sentence).toMatch(/2 h are a time zone: .*UTC\.$/)
  })

  test('a late request: the sender is given the time that it needs, up to an hour and no more', async () => {
    const late = (seconds: number) => signedRequest(stripe, 'whsec_one', nowMs - seconds * 1_000)
    const some = await asked(await late(600), stripe, [inForce('whsec_one')])
    expect(some.remedy).toMatchObject({
      change: { timestamp: { toleranceSeconds: 900 } },
      label: 'Allow 15 minutes',
    })
    const days = await asked(await late(200_000), stripe, [inForce('whsec_one')])
    expect(days.remedy).toBeNull()
  })

  test('a secret with quotes, with its name before it, or with a line break at the sender', async () => {
    const request = makeRequest({ headers: signed(body), body })
    const rewriteFor = async (text: string) => (await asked(request, github, [inForce(text)])).remedy
    expect(await rewriteFor(`"${secret}"`)).toMatchObject({ kind: 'secret', rewrite: 'unquoted' })
    expect(await rewriteFor(`GITHUB_SECRET=${secret}`)).toMatchObject({
      kind: 'secret',
      rewrite: 'value-only',
    })
    const broken = makeRequest({
      headers: { 'x-hub-signature-256': `sha256=${sign(body, `${secret}\n`).digest('hex')}` },
      body,
    })
    const found = await asked(broken, github, [inForce(secret)])
    expect(found.remedy).toMatchObject({ kind: 'secret', rewrite: 'with-line-break' })
  })

  test('a sender that signs only by SHA-1, where the settings ask for the newer header', async () => {
    const request = makeRequest({
      headers: { 'x-hub-signature': `sha1=${sign(body, secret, 'sha1').digest('hex')}` },
      body,
    })
    const found = await asked(request, { ...github, variant: 'sha256' }, [inForce(secret)])
    expect(found.remedy).toMatchObject({ kind: 'setting', change: { variant: null } })
  })

  test('another sender than the one that was chosen, with its secret or without', async () => {
    const request = await signedRequest(stripe, 'whsec_one')
    const known = await asked(request, github, [inForce('whsec_one')])
    expect(known.remedy).toMatchObject({ change: { scheme: 'stripe' }, label: 'Choose Stripe' })
    const unknown = await asked(request, github, [inForce('something-else')])
    expect(unknown.sentence).toMatch(/^The request bears the header "stripe-signature".*choose Stripe/)
    expect(unknown.remedy).toMatchObject({ change: { scheme: 'stripe' } })
    const token = await asked(request, { scheme: 'bearer' }, [inForce('whsec_one')])
    expect(token.remedy).toMatchObject({ change: { scheme: 'stripe' } })
  })

  test('a whsec_ secret that is taken as text where it should be decoded, and the other way round', async () => {
    const request = await signedRequest({ scheme: 'standard-webhooks' }, whsec('a'))
    const own: VerificationSettings = {
      scheme: 'hmac',
      header: 'webhook-signature',
      parts: { separator: ' ', assign: ',', signature: 'v1' },
      encoding: 'base64',
      signed: '{id}.{timestamp}.{body}',
      id: 'header:webhook-id',
      timestamp: { from: 'header:webhook-timestamp' },
    }
    const found = await asked(request, own, [inForce(whsec('a'))])
    expect(found.remedy).toMatchObject({ kind: 'setting' })
    const text = await signedRequest({ ...own, key: 'text' }, whsec('a'))
    const decoded = await asked(text, { ...own, key: 'whsec' }, [inForce(whsec('a'))])
    expect(decoded.remedy).toMatchObject({ change: { key: 'text' } })
  })

  test('nothing that looks like a signature, or a signature that was cut', async () => {
    const none = await asked(makeRequest({ body }), github, [inForce(secret)])
    expect(none).toMatchObject({ outcome: 'found', remedy: null })
    expect(none.sentence).toMatch(/x-hub-signature-256" is missing/)
    const cut = makeRequest({
      headers: { 'x-hub-signature-256': signed(body)['x-hub-signature-256'].slice(0, -1) },
    })
    const found = await asked(cut, github, [inForce(secret)])
    expect(stateOf(found, 'signature')).toBe('wrong')
  })

  test('a body of which only the start is kept is told, and no signature is tried over a start', async () => {
    const request = makeRequest({ headers: signed(body), body: body.slice(0, 5) })
    const found = await asked(request, github, [inForce(secret)], { bodyIsWhole: false })
    expect(found).toMatchObject({ outcome: 'unknown', tried: 0 })
    expect(found.sentence).toMatch(/longer than what is kept/)
  })
})

describe('the settings of a signature of one’s own', () => {
  const secret = 'a-long-shared-secret'
  const at = Math.floor(nowMs / 1_000)
  const hmac = (over: string, algorithm = 'sha256') => sign(over, secret, algorithm)
  const make = (headers: Readonly<Record<string, string>>) => makeRequest({ headers, body })
  const right = { 'x-signature': hmac(body).digest('hex') }
  const wrongs: readonly [string, VerificationSettings, Readonly<Record<string, string>>, unknown][] = [
    ['encoding', { scheme: 'hmac' }, { 'x-signature': hmac(body).digest('base64') }, { encoding: 'base64' }],
    [
      'algorithm',
      { scheme: 'hmac' },
      { 'x-signature': hmac(body, 'sha1').digest('hex') },
      { algorithm: 'hmac-sha1' },
    ],
    [
      'a prefix',
      { scheme: 'hmac' },
      { 'x-signature': `sha256=${hmac(body).digest('hex')}` },
      { prefix: 'sha256=' },
    ],
    ['no prefix', { scheme: 'hmac', prefix: 'v1=' }, right, { prefix: null }],
    ['header', { scheme: 'hmac', header: 'X-Sig' }, right, { header: 'x-signature' }],
    [
      'what is signed',
      { scheme: 'hmac' },
      { 'x-signature': hmac(`${at}.${body}`).digest('hex'), 'x-timestamp': `${at}` },
      { signed: '{timestamp}.{body}', timestamp: { from: 'header:x-timestamp', unit: 'seconds' } },
    ],
    [
      'a list',
      { scheme: 'hmac', header: 'X-Acme' },
      { 'x-acme': `t=${at},v1=${hmac(`${at}.${body}`).digest('hex')}` },
      { parts: { separator: ',', assign: '=', signature: 'v1' }, signed: '{timestamp}.{body}' },
    ],
  ]
  test.each(wrongs)(
    '%s: what to set is found, and with it the request passes',
    async (_what, before, headers, change) => {
      const found = await asked(make(headers), before, [inForce(secret)])
      expect(found.remedy).toMatchObject({ kind: 'setting', field: 'verification', change })
      const merged = {
        ...before,
        ...(found.remedy?.kind === 'setting' ? (found.remedy.change as object) : {}),
      }
      const after = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null))
      const again = await asked(make(headers), after as unknown as VerificationSettings, [inForce(secret)])
      expect(again.outcome).toBe('passes')
    },
  )

  test('a URL that a proxy changed: the server is told its own name', async () => {
    const settings: VerificationSettings = { scheme: 'hmac', signed: '{url}{body}' }
    const signedUrl = 'https://hooks.example.com/hooks/abc'
    const request = makeRequest({
      url: 'http://localhost:3000/hooks/abc',
      headers: { host: 'hooks.example.com', 'x-signature': hmac(`${signedUrl}${body}`).digest('hex') },
      body,
    })
    const found = await asked(request, settings, [inForce(secret)])
    expect(found.sentence).toContain(signedUrl)
    expect(found.remedy).toMatchObject({
      kind: 'environment',
      name: 'HOOKLOOM_PUBLIC_URL',
      value: 'https://hooks.example.com',
    })
  })
})
