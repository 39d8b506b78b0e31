import { createHash, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto'
import { createLocalJWKSet, errors, type JWTPayload, jwtVerify, type JWTVerifyOptions } from 'jose'
import { isJsonObject } from '../../nodes/contract/json.ts'
import { type JwtAlgorithm, type JwtScheme, nameSource } from '../../nodes/contract/scheme.ts'
import { whyUnusable } from './keys.ts'
import { type Refusal, refuse } from './refusal.ts'
import type { InboundRequest } from './request.ts'
import { textAt } from './source.ts'
import { afterScheme } from './token.ts'
import type { Verdict, Verifier } from './verify.ts'

const tokenLengthMax = 16_384

/** A key with the algorithms that it may be used with: a shared text never checks RS256, a public key never HS256. */
interface JwtKey {
  readonly algorithms: readonly JwtAlgorithm[]
  readonly key: KeyObject | ReturnType<typeof createLocalJWKSet>
}

/** RFC 7519, read by jose. The algorithm comes from the settings or the key, never from the token. */
export function compileJwt(scheme: JwtScheme, secrets: readonly string[]): Verifier {
  const keys = secrets.flatMap((secret) => readJwtKey(secret, scheme.algorithms) ?? [])
  if (keys.length === 0) {
    const refusal = refuse(
      401,
      'secret-unusable',
      'No secret fits the algorithms. HS… takes a shared text; RS…, PS…, ES… and EdDSA take a public key (PEM) or a JWKS.',
    )
    return { verify: () => refusal }
  }
  return {
    verify(request, nowMs) {
      const token = readToken(scheme, request)
      return typeof token === 'string' ? check(scheme, keys, token, request, nowMs) : token
    },
  }
}

function readToken({ from, authScheme }: JwtScheme, request: InboundRequest): string | Refusal {
  const text = textAt(from, { request })
  if (text === undefined || text === '') {
    return refuse(401, 'token-missing', `${nameSource(from)} is missing, or came more than once.`)
  }
  // Some senders leave the word Bearer out; a token has no space, so that there is nothing to confuse.
  const token = authScheme === undefined ? text : (afterScheme(text, authScheme) ?? text)
  return token.length > tokenLengthMax || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)
    ? refuse(401, 'token-malformed', `${nameSource(from)} does not hold a JSON Web Token.`)
    : token
}

async function check(
  scheme: JwtScheme,
  keys: readonly JwtKey[],
  token: string,
  request: InboundRequest,
  nowMs: number,
): Promise<Verdict> {
  const { issuer, audience, toleranceSeconds, ageSecondsMax } = scheme
  let refusal: Refusal = wrong('signature verification failed')
  for (const { key, algorithms } of keys) {
    const options: JWTVerifyOptions = {
      algorithms: [...algorithms],
      currentDate: new Date(nowMs),
      clockTolerance: toleranceSeconds,
      ...(issuer !== undefined && { issuer }),
      ...(audience !== undefined && { audience }),
      ...(ageSecondsMax !== undefined && { maxTokenAge: ageSecondsMax }),
    }
    try {
      // jose's two overloads differ only in the key; each gets its own.
      const { payload } =
        typeof key === 'function'
          ? await jwtVerify(token, key, options)
          : await jwtVerify(token, key, options)
      return checkBody(scheme, payload, request)
    } catch (error) {
      // Whatever jose or OpenSSL threw, the token was not shown to be right.
      refusal = wrong(error instanceof errors.JOSEError ? error.message : 'it cannot be read with this key')
    }
  }
  return refusal
}

const wrong = (why: string): Refusal =>
  refuse(
    401,
    'token-mismatch',
    `The JSON Web Token was not accepted: ${why}. Compare key, algorithm, issuer and audience.`,
  )

function checkBody({ bodySha256Claim }: JwtScheme, payload: JWTPayload, request: InboundRequest): Verdict {
  if (bodySha256Claim === undefined) return { ok: true, verified: true }
  // The claim is signed and the digest is the caller's own: there is no secret for the time to tell.
  return payload[bodySha256Claim] === createHash('sha256').update(request.body).digest('hex')
    ? { ok: true, verified: true }
    : refuse(401, 'signature-mismatch', `The claim "${bodySha256Claim}" is not the SHA-256 of the body.`)
}

function readJwtKey(secret: string, chosen: readonly JwtAlgorithm[]): JwtKey | undefined {
  if (whyUnusable(secret) !== undefined) return undefined
  const found = keyOf(secret.trim())
  if (found === undefined) return undefined
  const algorithms = chosen.length === 0 ? found.algorithms.slice(0, found.defaults) : found.algorithms
  const allowed = chosen.length === 0 ? algorithms : algorithms.filter((name) => chosen.includes(name))
  return allowed.length === 0 ? undefined : { key: found.key, algorithms: allowed }
}

/** `defaults`: how many of the algorithms hold when the settings name none. */
type Found = JwtKey & { readonly defaults: number }

function keyOf(secret: string): Found | undefined {
  try {
    if (secret.startsWith('-----BEGIN')) {
      return secret.includes('PRIVATE KEY') ? undefined : ofPublicKey(createPublicKey(secret))
    }
    if (secret.startsWith('{')) return ofJwks(JSON.parse(secret))
  } catch {
    // A PEM or JSON that cannot be read is no shared text either: nothing is accepted with it.
    return undefined
  }
  return {
    key: createSecretKey(secret, 'utf8'),
    algorithms: ['HS256', 'HS384', 'HS512'],
    defaults: 1,
  }
}

const curves: Readonly<Record<string, JwtAlgorithm>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
}

function ofPublicKey(key: KeyObject): Found | undefined {
  if (key.asymmetricKeyType === 'rsa') {
    return { key, algorithms: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'], defaults: 1 }
  }
  if (key.asymmetricKeyType === 'ed25519') return { key, algorithms: ['EdDSA'], defaults: 1 }
  const algorithm = curves[key.asymmetricKeyDetails?.namedCurve ?? '']
  return algorithm === undefined ? undefined : { key, algorithms: [algorithm], defaults: 1 }
}

function ofJwks(json: unknown): Found | undefined {
  if (!isJsonObject(json)) return undefined
  // A key on its own needs no name that the token must repeat.
  if (!Array.isArray(json['keys'])) return ofPublicKey(createPublicKey({ key: { ...json }, format: 'jwk' }))
  // A symmetric key in a set would let whoever reads the set sign.
  const keys = json['keys'].filter((key) => isJsonObject(key) && key['kty'] !== 'oct')
  return keys.length === 0
    ? undefined
    : { key: createLocalJWKSet({ keys }), algorithms: setAlgorithms, defaults: 3 }
}

/** The first three hold where the settings name none. */
const setAlgorithms = [
  'RS256',
  'ES256',
  'EdDSA',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES384',
  'ES512',
] as const
