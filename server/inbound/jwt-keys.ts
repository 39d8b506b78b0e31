/** The keys of JSON Web Tokens: those that the secret is, and those that the provider publishes. */
import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto'
import { createLocalJWKSet, decodeProtectedHeader } from 'jose'
import { isJsonObject } from '../../nodes/contract/json.ts'
import type { JwtAlgorithm, JwtScheme, KeySource } from '../../nodes/contract/scheme.ts'
import type { Fetched } from './kept.ts'
import { whyUnusable } from './keys.ts'
import { type Refusal, refuse } from './refusal.ts'
import type { Remote } from './remote.ts'

/** A key with the algorithms that it may be used with: a shared text never checks RS256, a public key never HS256. */
export interface JwtKey {
  readonly algorithms: readonly JwtAlgorithm[]
  readonly key: KeyObject | ReturnType<typeof createLocalJWKSet>
}

/** What `why` says of a token, in words for the workflow's owner. */
export const wrongToken = (why: string): Refusal =>
  refuse(
    401,
    'token-mismatch',
    `The JSON Web Token was not accepted: ${why}. Compare key, algorithm, issuer and audience.`,
  )

const keyIdPattern = /^[\w.~+/=-]{1,200}$/

/** The keys that the provider publishes, for the one that the token names. */
export async function fetchKeys(
  source: KeySource,
  {
    scheme: { algorithms },
    secrets,
    token,
    remote,
    nowMs,
  }: {
    readonly scheme: JwtScheme
    readonly secrets: readonly string[]
    readonly token: string
    readonly remote: Remote | undefined
    readonly nowMs: number
  },
): Promise<Fetched<readonly JwtKey[]>> {
  if (remote === undefined) return refuse(503, 'keys-unreachable', 'No keys can be fetched here.')
  const header = readHeader(token)
  const named = header?.alg
  const isTaken = (setAlgorithms as readonly string[]).includes(named ?? '')
  if (
    header === undefined ||
    !isTaken ||
    (algorithms.length > 0 && !algorithms.some((name) => name === named))
  ) {
    return wrongToken('its algorithm is not one that is accepted here')
  }
  const keyId = header.kid
  if (keyId !== undefined && !keyIdPattern.test(keyId)) return wrongToken('its key id is no name of a key')
  if (source.kind === 'jwks') {
    const set = await remote.keySet(source.url, keyId, nowMs)
    if (!set.ok) return set
    const found = ofJwks(set.value)
    return found === undefined
      ? wrongToken('the key set holds no key')
      : { ok: true, value: [taken(found, algorithms)] }
  }
  if (keyId === undefined) return wrongToken('it names no key')
  const keys: JwtKey[] = []
  let refusal: Refusal = wrongToken('the secret is not user:password')
  for (const secret of secrets) {
    const [, user, password] = /^([^:\s]+):(\S+)$/.exec(secret.trim()) ?? []
    if (user === undefined || password === undefined) continue
    const values: Readonly<Record<string, string>> = {
      '{kid}': keyId,
      '{user}': user,
      '{password}': password,
    }
    const body = Object.entries(source.body).map(([name, text]) => [name, values[text] ?? text])
    const key = await remote.keyById(
      {
        method: 'POST',
        url: source.url,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(Object.fromEntries(body)),
        secrets: [password],
        field: source.field,
      },
      nowMs,
    )
    const found = key.ok ? ofJwks({ ...key.value }) : undefined
    if (found !== undefined) keys.push(taken(found, algorithms))
    else refusal = key.ok ? wrongToken('the key that it names cannot be read') : key
  }
  return keys.length === 0 ? refusal : { ok: true, value: keys }
}

const taken = ({ key, algorithms }: JwtKey, chosen: readonly JwtAlgorithm[]): JwtKey => ({
  key,
  algorithms: chosen.length === 0 ? algorithms : algorithms.filter((name) => chosen.includes(name)),
})

function readHeader(token: string): ReturnType<typeof decodeProtectedHeader> | undefined {
  try {
    return decodeProtectedHeader(token)
  } catch {
    // It is no token that could be verified: that is all there is to say.
    return undefined
  }
}

/** The key that a secret is, for these algorithms; `undefined` when it is none. */
export function readJwtKey(secret: string, chosen: readonly JwtAlgorithm[]): JwtKey | undefined {
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
