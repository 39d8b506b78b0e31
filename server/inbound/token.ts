import { createHash, timingSafeEqual } from 'node:crypto'
import { type BasicScheme, nameSource, type TokenScheme } from '../../nodes/contract/scheme.ts'
import { decode } from './encoding.ts'
import { type Refusal, refuse } from './refusal.ts'
import { textsAt } from './source.ts'
import type { Verifier } from './verify.ts'

/** Longer than any key that a person or a program makes. */
const tokenLengthMax = 8_192
/** Of one `*`: a request with more items than this is refused rather than walked. */
const tokensMax = 1_000

/** Equal hashes of equal length: neither the secret's length nor its first wrong character shows in the time taken. */
export function compileTokens(
  secrets: readonly string[],
): (shown: string, encoding: BufferEncoding) => boolean {
  const digests = secrets.map((secret) => createHash('sha256').update(secret, 'utf8').digest())
  return (shown, encoding) => {
    const digest = createHash('sha256').update(shown, encoding).digest()
    let matched = false
    for (const expected of digests) matched = timingSafeEqual(digest, expected) || matched
    return matched
  }
}

/** The caller shows the secret itself. */
export function compileToken({ from, authScheme }: TokenScheme, secrets: readonly string[]): Verifier {
  const isSecret = compileTokens(secrets)
  const places = from.map(nameSource).join(' or ')
  const missing = refuse(401, 'token-missing', `${places} is missing. Let the sender add the secret there.`)
  const wrong = refuse(401, 'token-mismatch', `The token in ${places} is not the secret of this workflow.`)
  return {
    verify(request) {
      let seen = 0
      for (const source of from) {
        const texts = textsAt(source, { request })
        const listed = 'body' in source && source.body.split('.').includes('*')
        if (texts.length > 1 && !listed) {
          return refuse(401, 'token-repeated', `${nameSource(source)} came more than once. Send it once.`)
        }
        if (texts.length > tokensMax) return wrong
        for (const text of texts) {
          const token = authScheme === undefined ? text : afterScheme(text, authScheme)
          if (token === undefined || token === '' || token.length > tokenLengthMax) {
            return text === '' ? missing : wrong
          }
          // Node reads header bytes as latin1.
          if (!isSecret(token, 'header' in source ? 'latin1' : 'utf8')) return wrong
          seen += 1
        }
      }
      return seen === 0 ? missing : { ok: true, verified: true }
    },
  }
}

/** What follows `Bearer` or its like; the name in any case, then one space. */
export function afterScheme(text: string, authScheme: string): string | undefined {
  const name = text.slice(0, authScheme.length)
  return name.toLowerCase() === authScheme.toLowerCase() && text[authScheme.length] === ' '
    ? text.slice(authScheme.length + 1)
    : undefined
}

/** RFC 7617: base64 of `user:password`. */
export function compileBasic({ username }: BasicScheme, secrets: readonly string[]): Verifier {
  const pairs = secrets.map((secret) => (username === undefined ? secret : `${username}:${secret}`))
  if (pairs.some((pair) => !pair.includes(':'))) {
    const refusal = refuse(
      401,
      'secret-unusable',
      'The secret is not user:password, and no user name is set.',
    )
    return { verify: () => refusal }
  }
  const isPair = compileTokens(pairs)
  const malformed: Refusal = refuse(
    401,
    'token-mismatch',
    'The header "authorization" is not Basic with base64.',
  )
  return {
    verify(request) {
      const header = request.header('authorization')
      if (header === undefined || header === '') {
        return refuse(401, 'token-missing', 'The header "authorization" is missing. Let the sender log in.')
      }
      if (request.isRepeated('authorization') || header.length > tokenLengthMax) return malformed
      const shown = decode(afterScheme(header, 'Basic') ?? '', 'base64')
      if (shown === undefined || shown.length === 0) return malformed
      return isPair(shown.toString('latin1'), 'latin1')
        ? { ok: true, verified: true }
        : refuse(401, 'token-mismatch', 'User or password is not the one of this workflow.')
    },
  }
}
