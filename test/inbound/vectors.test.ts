import { expect, test } from 'vitest'
import type { VerificationSettings } from '../../nodes/contract/scheme.ts'
import { providers } from '../../nodes/providers/index.ts'
import { compileVerifier } from '../../server/inbound/verify.ts'
import { nowMsOf, requestOf, secretOf, type Vector, vectors } from './make.ts'

/** How each vector of a provider that exists is set up; the generic ones say all their knobs. */
function settingsOf(vector: Vector): VerificationSettings | undefined {
  const header = vector.signature_header ?? 'x-signature'
  if (vector.provider === 'convoy' && vector.scheme === 't-v1') {
    return {
      scheme: 'hmac',
      header,
      parts: { signature: 'v1', timestamp: 't' },
      signed: '{timestamp},{body}',
      timestamp: { toleranceSeconds: 300 },
    }
  }
  const simple = /^hmac-(sha\d+)-(hex|base64)(-prefixed)?$/.exec(vector.scheme)
  if (providers.has(vector.provider)) return { scheme: vector.provider }
  if (vector.provider === 'generic-ed25519') {
    return { scheme: 'hmac', header, algorithm: 'ed25519', encoding: 'hex' }
  }
  if (simple === null || ['x', 'typeform'].includes(vector.provider)) return undefined
  const [, algorithm = '', encoding = '', prefixed] = simple
  return {
    scheme: 'hmac',
    header,
    algorithm,
    encoding: encoding === 'hex' ? 'hex' : 'base64',
    ...(prefixed !== undefined && { prefix: vector.prefix ?? `${algorithm}=` }),
    ...(vector.secret_hex !== undefined && { key: 'hex' }),
  }
}

const cases = vectors.flatMap((vector) => {
  const settings = settingsOf(vector)
  return settings === undefined ? [] : [{ vector, settings, id: vector.id, valid: vector.valid }]
})

test('there are vectors for every provider that signs', () => {
  const covered = new Set(cases.map(({ vector }) => vector.provider))
  for (const id of ['github', 'gitlab', 'meta', 'shopify', 'slack', 'standard-webhooks', 'stripe', 'svix']) {
    expect(covered).toContain(id)
  }
})

test.each(cases)('$id is judged as its publisher says (valid: $valid)', async ({ vector, settings }) => {
  const verdict = await compileVerifier(settings, [secretOf(vector)]).verify(
    requestOf(vector),
    nowMsOf(vector),
  )
  expect(verdict).toMatchObject({ ok: vector.valid })
})
