/** Signatures that providers publish in their documents and libraries, or that follow from them; each names its source. */
import { X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import type { VerificationSettings } from '../../nodes/contract/scheme.ts'
import { providers } from '../../nodes/providers/index.ts'
import { Remote } from '../../server/inbound/remote.ts'
import { compileVerifier } from '../../server/inbound/verify.ts'
import { nowMsOf, requestOf, secretOf, type Vector, vectors } from './make.ts'

/** How each vector is set up: a provider's by its name alone, a generic one by all the knobs that it names. */
function settingsOf(vector: Vector): VerificationSettings {
  if (providers.has(vector.provider)) return { scheme: vector.provider, ...variantOf(vector) }
  const header = vector.signature_header ?? 'x-signature'
  if (vector.provider === 'generic-ed25519') {
    return { scheme: 'hmac', header, algorithm: 'ed25519', encoding: 'hex' }
  }
  const [, algorithm = '', encoding = '', prefixed] =
    /^hmac-(sha\d+)-(hex|base64)(-prefixed)?$/.exec(vector.scheme) ?? []
  return {
    scheme: 'hmac',
    header,
    algorithm,
    encoding: encoding === 'hex' ? 'hex' : 'base64',
    ...(prefixed !== undefined && { prefix: vector.prefix ?? `${algorithm}=` }),
    ...(vector.secret_hex !== undefined && { key: 'hex' }),
  }
}

/** PayPal's are of its sandbox. */
const variantOf = ({ provider }: Vector): { readonly variant?: string } =>
  provider === 'paypal' ? { variant: 'sandbox' } : {}

/** Published certificates, where their URLs say that they are; what they were once issued by is long gone. */
const remoteOf = ({ public_key: key }: Vector): Remote => {
  const text = typeof key === 'string' ? key : ''
  return new Remote({
    outbound: {
      send: async ({ method, url, headers = {} }) => ({
        ok: true,
        answer: { status: 200, headers: {}, body: text },
        bytes: Buffer.from(text),
        record: { at: 0, durationMs: 0, request: { method, url, headers, body: '', bodyBytes: 0 } },
      }),
    },
    authorities: () => (text.includes('CERTIFICATE') ? [new X509Certificate(text)] : []),
  })
}

/** Of senders that sign with a key for all, the secret is what tells ours. */
function accountOf(vector: Vector): string {
  if (vector.provider === 'paypal') return vector.webhook_id ?? ''
  if (vector.provider !== 'aws-sns') return secretOf(vector)
  return (JSON.parse(vector.body) as { readonly TopicArn: string }).TopicArn
}

const cases = vectors.map((vector) => ({ id: vector.id, valid: vector.valid, vector }))

test('no vector is left out', () => {
  expect(cases.length).toBeGreaterThanOrEqual(150)
  expect(cases.filter(({ valid }) => valid).length).toBeGreaterThanOrEqual(90)
})

test.each(cases)('$id is judged as its publisher says (valid: $valid)', async ({ vector }) => {
  const verifier = compileVerifier(settingsOf(vector), [accountOf(vector)], remoteOf(vector))
  expect(await verifier.verify(requestOf(vector), nowMsOf(vector))).toMatchObject({ ok: vector.valid })
})
