/** Secrets that callers show as they are: kept as fingerprints, and told apart all the same. */
import { createHmac } from 'node:crypto'
import { SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import type { VerificationSettings } from '../../nodes/contract/scheme.ts'
import { schemesOf } from '../../nodes/providers/index.ts'
import { examine } from '../../server/inbound/doctor/doctor.ts'
import type { KnownSecret } from '../../server/inbound/doctor/patient.ts'
import { findTokens } from '../../server/inbound/doctor/tokens.ts'
import { compileMask, masked, secretPlaces } from '../../server/inbound/mask.ts'
import { InboundRequest } from '../../server/inbound/request.ts'
import { makeRequest } from './make.ts'
import { nowMs } from './signed.ts'

const fingerprint = (text: string) => createHmac('sha256', 'of the server').update(text).digest('base64url')
const inForce = (text: string): KnownSecret => ({ name: 'OURS', text, inForce: true })
const stored = (text: string): KnownSecret => ({ name: 'OTHER', text, inForce: false })
const secret = 'a-long-shared-token'

/** As it is kept: what was shown is masked, and leaves its fingerprint. */
function kept(request: InboundRequest, settings: VerificationSettings, secrets: readonly KnownSecret[]) {
  const own = secrets.filter((each) => each.inForce).map(({ text }) => text)
  const mask = compileMask({ secrets: own, places: secretPlaces(schemesOf(settings)) })
  const { method, url, body, ip } = request
  const [path, rawHeaders] = [mask.path(request.path), mask.headers(request.rawHeaders)]
  const record = new InboundRequest({ method, url, body, ip, path, rawHeaders })
  return { record, fingerprints: mask.fingerprints(request, fingerprint) }
}

async function asked(
  request: InboundRequest,
  verification: VerificationSettings,
  secrets: readonly KnownSecret[],
) {
  const { record, fingerprints } = kept(request, verification, secrets)
  for (const { text } of secrets.filter((each) => each.inForce))
    expect(JSON.stringify([record.rawHeaders, record.path, fingerprints])).not.toContain(text)
  const { username } = verification
  const found = findTokens(record, { secrets, username, fingerprints, fingerprint })
  const patient = { verification, secrets, cameAt: nowMs, bodyIsWhole: true }
  const diagnosis = await examine({ ...patient, request: found.request }, found.shown)
  for (const { text } of secrets) expect(JSON.stringify(diagnosis)).not.toContain(text)
  return diagnosis
}

const header = (name: string, value: string) => makeRequest({ headers: { [name]: value } })
const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`

test.each<[string, VerificationSettings, InboundRequest]>([
  ['bearer', { scheme: 'bearer' }, header('Authorization', `Bearer ${secret}`)],
  ['api-key', { scheme: 'api-key' }, header('X-Api-Key', secret)],
  [
    'api-key in the query',
    { scheme: 'api-key', query: 'key' },
    makeRequest({ path: `/a?x=1&key=${secret}` }),
  ],
  ['gitlab', { scheme: 'gitlab' }, header('X-Gitlab-Token', secret)],
  ['basic', { scheme: 'basic', username: 'ada' }, header('Authorization', basic(`ada:${secret}`))],
])(
  '%s: a right token is masked in the record, and judged right from its fingerprint',
  async (_name, settings, request) => {
    const { record } = kept(request, settings, [inForce(secret)])
    expect(JSON.stringify([record.rawHeaders, decodeURIComponent(record.path)])).toContain(masked)
    expect(await asked(request, settings, [inForce(secret)])).toMatchObject({ outcome: 'passes' })
  },
)

describe('a token that is wrong', () => {
  const bearer: VerificationSettings = { scheme: 'bearer' }

  test('is that of another secret, which can be chosen', async () => {
    const found = await asked(header('Authorization', `Bearer ${secret}`), bearer, [
      inForce('ours'),
      stored(secret),
    ])
    expect(found.sentence).toBe(
      'The header "authorization" shows the secret “OTHER”, which this workflow does not verify with: choose it here, or enter this workflow’s own secret at the sender.',
    )
    expect(found.remedy).toMatchObject({ change: { secret: { $secret: 'OTHER' } }, label: 'Use “OTHER”' })
  })

  test('is ours without the white space with which it is stored', async () => {
    const found = await asked(header('Authorization', `Bearer ${secret}`), bearer, [inForce(`${secret}\n`)])
    expect(found.remedy).toMatchObject({ kind: 'secret', name: 'OURS', rewrite: 'trimmed' })
  })

  test('stands in another header, or behind another word', async () => {
    const elsewhere = await asked(header('X-Acme-Token', secret), bearer, [inForce(secret)])
    expect(elsewhere.remedy).toMatchObject({ change: { scheme: 'api-key', header: 'x-acme-token' } })
    const word = await asked(header('Authorization', `Token ${secret}`), bearer, [inForce(secret)])
    expect(word.sentence).toMatch(/stands in the header "authorization", behind “Token”/)
    expect(word.remedy).toMatchObject({
      change: { scheme: 'api-key', header: 'authorization', prefix: 'Token' },
    })
  })

  test('is unknown, or missing', async () => {
    const unknown = await asked(header('Authorization', 'Bearer something-else'), bearer, [inForce(secret)])
    expect(unknown).toMatchObject({ outcome: 'unknown', remedy: null })
    expect(unknown.sentence).toMatch(/holds none of the secrets that are stored here/)
    const missing = await asked(makeRequest(), bearer, [inForce(secret)])
    expect(missing).toMatchObject({ outcome: 'found', findings: [{ about: 'sender', state: 'wrong' }] })
  })

  test('is a JSON Web Token for somebody else: what did not fit is named', async () => {
    const token = await new SignJWT({ aud: 'them' })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuedAt(nowMs / 1_000)
      .sign(new TextEncoder().encode(secret))
    const settings = { scheme: 'jwt', audience: 'us' }
    const request = header('Authorization', `Bearer ${token}`)
    const patient = {
      request,
      verification: settings,
      secrets: [inForce(secret)],
      cameAt: nowMs,
      bodyIsWhole: true,
    }
    const found = await examine(patient)
    expect(found.sentence).toMatch(/"aud" claim/)
  })
})
