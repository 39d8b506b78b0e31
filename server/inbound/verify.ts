/**
 * Decides whether a request is genuine, over the bytes as they were received. One engine for every provider: it obeys the
 * scheme language of `nodes/contract/scheme.ts` and knows no provider by name. It fails closed: a header, secret or
 * timestamp that is missing, doubled or unreadable is a refusal, and so is a scheme that is not known.
 */
import type { Scheme, SignatureScheme, Source, VerificationSettings } from '../../nodes/contract/scheme.ts'
import { schemesOf } from '../../nodes/providers/index.ts'
import { readKey, whyUnusable } from './keys.ts'
import { type Refusal, refuse } from './refusal.ts'
import type { InboundRequest } from './request.ts'
import { compileSignature } from './signature.ts'
import { textAt } from './source.ts'
import { compileBasic, compileToken } from './token.ts'

/** `verified: false` where the workflow asks for no verification. */
export type Verdict = { readonly ok: true; readonly verified: boolean } | Refusal

export interface Verifier {
  /** At once, except for JSON Web Tokens. Never throws, whatever the request holds. */
  verify(request: InboundRequest, nowMs: number): Verdict | Promise<Verdict>
}

/**
 * Makes the verifier of a workflow's settings; keys are read and templates split here, once, so that a request costs little
 * more than its HMAC.
 * @param secrets the texts behind `secret` and `secrets`, in order; each is tried
 */
export function compileVerifier(settings: VerificationSettings, secrets: readonly string[]): Verifier {
  return compileSchemes(schemesOf(settings), secrets, settings.scheme)
}

/** The same for schemes in hand. Each secret belongs to the first scheme that takes it. */
export function compileSchemes(
  schemes: readonly Scheme[],
  secrets: readonly string[],
  name: string,
): Verifier {
  if (schemes.length === 0) {
    return always(
      refuse(401, 'scheme-unknown', `The verification "${name}" is not known here. Choose another one.`),
    )
  }
  if (schemes.some(({ kind }) => kind === 'none')) return always({ ok: true, verified: false })
  if (secrets.length === 0) {
    return always(refuse(401, 'secret-missing', 'This workflow has no secret to verify with. Set one.'))
  }
  const owners = Map.groupBy(secrets, (secret) =>
    schemes.find(({ secretPrefix = '' }) => secret.startsWith(secretPrefix)),
  )
  const verifiers = [...owners].map(([scheme, own]) =>
    scheme === undefined
      ? always(
          refuse(
            401,
            'secret-unusable',
            'The secret has not the form that this sender uses. Paste it again.',
          ),
        )
      : compileScheme(scheme, own),
  )
  const [only] = verifiers
  return only !== undefined && verifiers.length === 1 ? only : firstOf(verifiers)
}

const always = (verdict: Verdict): Verifier => ({ verify: () => verdict })

function compileScheme(scheme: Scheme, secrets: readonly string[]): Verifier {
  const unusable = secrets.map(whyUnusable).find((why) => why !== undefined)
  const usable = secrets.filter((secret) => whyUnusable(secret) === undefined)
  if (usable.length === 0) return always(refuse(401, 'secret-unusable', unusable ?? 'There is no secret.'))
  switch (scheme.kind) {
    case 'token':
      return compileToken(scheme, usable)
    case 'basic':
      return compileBasic(scheme, usable)
    case 'jwt':
      return compiledLater(import('./jwt.ts').then(({ compileJwt }) => compileJwt(scheme, usable)))
    case 'signature': {
      const keys = usable.map((secret) => readKey(secret, scheme.key, scheme.algorithm))
      const readable = keys.flatMap((key) => (key.ok ? [{ check: key.check, text: key.text }] : []))
      const [detail = 'There is no secret.'] = keys.flatMap((key) => (key.ok ? [] : [key.detail]))
      if (readable.length === 0) return always(refuse(401, 'secret-unusable', detail))
      const verifier = compileSignature(scheme, readable)
      return scheme.older === undefined
        ? verifier
        : orOlder(scheme, verifier, scheme.older, compileScheme(scheme.older, usable))
    }
    case 'none':
      break
  }
  return always({ ok: true, verified: false })
}

/** Of a scheme whose library is loaded only where it is used. */
const compiledLater = (verifier: Promise<Verifier>): Verifier => ({
  verify: async (request, nowMs) => (await verifier).verify(request, nowMs),
})

/** The older form judges a request that shows its signature alone. */
function orOlder(
  { from }: SignatureScheme,
  verifier: Verifier,
  { from: olderFrom }: SignatureScheme,
  older: Verifier,
): Verifier {
  const shows = (request: InboundRequest, places: readonly Source[]) =>
    places.some((place) => textAt(place, { request }) !== undefined)
  return {
    verify(request, nowMs) {
      const isOlder = !shows(request, from) && shows(request, olderFrom)
      return (isOlder ? older : verifier).verify(request, nowMs)
    },
  }
}

/** Accepts what any of them accepts; else says what the first one said. */
function firstOf(verifiers: readonly Verifier[]): Verifier {
  return {
    verify(request, nowMs) {
      const settled: Verdict[] = []
      const pending: Promise<Verdict>[] = []
      for (const verifier of verifiers) {
        const verdict = verifier.verify(request, nowMs)
        if (verdict instanceof Promise) pending.push(verdict)
        else settled.push(verdict)
      }
      return pending.length === 0
        ? pick(settled)
        : Promise.all(pending).then((late) => pick([...settled, ...late]))
    },
  }
}

function pick(verdicts: readonly Verdict[]): Verdict {
  const accepted = verdicts.find(({ ok }) => ok)
  return accepted ?? verdicts[0] ?? refuse(401, 'secret-missing', 'There is no secret to verify with.')
}
