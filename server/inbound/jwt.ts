import { createHash } from 'node:crypto'
import { errors, type JWTPayload, jwtVerify, type JWTVerifyOptions } from 'jose'
import { type JwtScheme, nameSource } from '../../nodes/contract/scheme.ts'
import { type JwtKey, fetchKeys, readJwtKey, wrongToken } from './jwt-keys.ts'
import { type Refusal, refuse } from './refusal.ts'
import type { Remote } from './remote.ts'
import type { InboundRequest } from './request.ts'
import { textAt } from './source.ts'
import { afterScheme } from './token.ts'
import type { Verdict, Verifier } from './verify.ts'

const tokenLengthMax = 16_384

/** RFC 7519, read by jose. The algorithm comes from the settings or the key, never from the token. */
export function compileJwt(scheme: JwtScheme, secrets: readonly string[], remote?: Remote): Verifier {
  const { keys: source } = scheme
  const keys =
    source === undefined ? secrets.flatMap((secret) => readJwtKey(secret, scheme.algorithms) ?? []) : []
  if (source === undefined && keys.length === 0) {
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
      if (typeof token !== 'string') return token
      if (source === undefined) return check({ scheme, secrets, keys, token, request, nowMs })
      return fetchKeys(source, { scheme, secrets, token, remote, nowMs }).then((fetched) =>
        fetched.ok ? check({ scheme, secrets, keys: fetched.value, token, request, nowMs }) : fetched,
      )
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

async function check({
  scheme,
  secrets,
  keys,
  token,
  request,
  nowMs,
}: {
  readonly scheme: JwtScheme
  readonly secrets: readonly string[]
  readonly keys: readonly JwtKey[]
  readonly token: string
  readonly request: InboundRequest
  readonly nowMs: number
}): Promise<Verdict> {
  const { issuer, audience, toleranceSeconds, ageSecondsMax } = scheme
  let refusal: Refusal = wrongToken('signature verification failed')
  for (const { key, algorithms } of keys) {
    const options: JWTVerifyOptions = {
      algorithms: [...algorithms],
      currentDate: new Date(nowMs),
      clockTolerance: toleranceSeconds,
      ...(issuer !== undefined && { issuer: [issuer].flat() }),
      ...(audience !== undefined && { audience: audience === '{url}' ? urlsOf(request) : audience }),
      // jose adds the tolerance to the age as well, and the limit is a limit.
      ...(ageSecondsMax !== undefined && { maxTokenAge: ageSecondsMax - toleranceSeconds }),
    }
    try {
      // jose's two overloads differ only in the key; each gets its own.
      const { payload } =
        typeof key === 'function'
          ? await jwtVerify(token, key, options)
          : await jwtVerify(token, key, options)
      return checkClaims(scheme, payload, secrets) ?? checkBody(scheme, payload, request)
    } catch (error) {
      // Whatever jose or OpenSSL threw, the token was not shown to be right.
      refusal = wrongToken(
        error instanceof errors.JOSEError ? error.message : 'it cannot be read with this key',
      )
    }
  }
  return refusal
}

/** With the query and without: providers differ on what a URL's name is. */
const urlsOf = ({ url }: InboundRequest): string[] => [...new Set([url, url.split('?')[0] ?? url])]

function checkClaims(
  { claims = {} }: JwtScheme,
  payload: JWTPayload,
  secrets: readonly string[],
): Refusal | undefined {
  for (const [name, expected] of Object.entries(claims)) {
    const shown = payload[name]
    const holds =
      expected === '{secret}' ? typeof shown === 'string' && secrets.includes(shown) : shown === expected
    if (!holds) return wrongToken(`its claim "${name}" is not the one that this workflow expects`)
  }
  return undefined
}

function checkBody({ bodySha256Claim }: JwtScheme, payload: JWTPayload, request: InboundRequest): Verdict {
  if (bodySha256Claim === undefined) return { ok: true, verified: true }
  // The claim is signed and the digest is the caller's own: there is no secret for the time to tell.
  return payload[bodySha256Claim] === createHash('sha256').update(request.body).digest('hex')
    ? { ok: true, verified: true }
    : refuse(401, 'signature-mismatch', `The claim "${bodySha256Claim}" is not the SHA-256 of the body.`)
}
