/**
 * Decides whether a request is genuine, over the bytes as they were received. One engine for every provider: it obeys the
 * scheme language of `nodes/contract/scheme.ts` and knows no provider by name. It fails closed: a header, secret or
 * timestamp that is missing, doubled or unreadable is a refusal, and so is a scheme that is not known.
 */
import {
  needsSecret,
  type Scheme,
  type SignatureScheme,
  type VerificationSettings,
} from '../../nodes/contract/scheme.ts'
import { schemesOf } from '../../nodes/providers/index.ts'
import { readKey, whyUnusable } from './keys.ts'
import { type Refusal, refuse } from './refusal.ts'
import type { Remote } from './remote.ts'
import type { InboundRequest } from './request.ts'
import { compileSignature } from './signature.ts'
import { hasForm } from './signed-request.ts'
import { holds, textsAt, valuesAt } from './source.ts'
import { compileBasic, compileToken } from './token.ts'

/** `verified: false` where the workflow asks for no verification. */
export type Verdict = { readonly ok: true; readonly verified: boolean } | Refusal

export interface Verifier {
  /**
   * At once, except where a thread of the pool checks, a key has to be fetched or a library loaded. Never throws, whatever the
   * request holds.
   */
  verify(request: InboundRequest, nowMs: number): Verdict | Promise<Verdict>
}

/**
 * Makes the verifier of a workflow's settings; keys are read and templates split here, once, so that a request costs little
 * more than its HMAC.
 * @param secrets the texts behind `secret` and `secrets`, in order; each is tried
 * @param remote for schemes whose keys the provider publishes; without it they accept nothing
 */
export function compileVerifier(
  settings: VerificationSettings,
  secrets: readonly string[],
  remote?: Remote,
): Verifier {
  return compileSchemes(schemesOf(settings), secrets, settings.scheme, remote)
}

/** The same for schemes in hand. Each secret belongs to the first scheme that takes it. */
export function compileSchemes(
  schemes: readonly Scheme[],
  secrets: readonly string[],
  name: string,
  remote?: Remote,
): Verifier {
  if (schemes.length === 0) {
    return always(
      refuse(401, 'scheme-unknown', `The verification "${name}" is not known here. Choose another one.`),
    )
  }
  if (schemes.some(({ kind }) => kind === 'none')) return always({ ok: true, verified: false })
  const [first] = schemes
  if (secrets.length === 0 && first !== undefined && !needsSecret(first))
    return compileScheme(first, [], remote)
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
      : compileScheme(scheme, own, remote),
  )
  const [only] = verifiers
  return only !== undefined && verifiers.length === 1 ? only : firstOf(verifiers)
}

const always = (verdict: Verdict): Verifier => ({ verify: () => verdict })

function compileScheme(scheme: Scheme, secrets: readonly string[], remote: Remote | undefined): Verifier {
  const unusable = secrets.map(whyUnusable).find((why) => why !== undefined)
  const usable = secrets.filter((secret) => whyUnusable(secret) === undefined)
  if (usable.length === 0 && needsSecret(scheme)) {
    return always(refuse(401, 'secret-unusable', unusable ?? 'There is no secret.'))
  }
  switch (scheme.kind) {
    case 'token':
      return compileToken(scheme, usable)
    case 'basic':
      return compileBasic(scheme, usable)
    case 'jwt':
      return compiledLater(import('./jwt.ts').then(({ compileJwt }) => compileJwt(scheme, usable, remote)))
    case 'ask':
      return compiledLater(import('./ask.ts').then(({ compileAsk }) => compileAsk(scheme, usable, remote)))
    case 'signature': {
      const { otherwise } = scheme
      const verifier = compileOwnWay(scheme, usable, remote)
      return otherwise === undefined
        ? verifier
        : oneOrOther({ scheme, verifier, other: compileScheme(otherwise, usable, remote), otherwise })
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

function compileOwnWay(
  scheme: SignatureScheme,
  secrets: readonly string[],
  remote: Remote | undefined,
): Verifier {
  const { certificate } = scheme
  if (certificate !== undefined) {
    return compiledLater(
      import('./certificate-signature.ts').then(({ compileCertificateSignature }) =>
        compileCertificateSignature({ ...scheme, certificate }, secrets, remote),
      ),
    )
  }
  const keys = secrets.map((secret) => readKey(secret, scheme.key, scheme.algorithm))
  const readable = keys.flatMap((key) => (key.ok ? [{ check: key.check, text: key.text }] : []))
  const [detail = 'There is no secret.'] = keys.flatMap((key) => (key.ok ? [] : [key.detail]))
  return readable.length === 0
    ? always(refuse(401, 'secret-unusable', detail))
    : compileSignature(scheme, readable)
}

/** A provider's other way judges a request that shows it, and does not show the first. */
function oneOrOther({
  scheme,
  verifier,
  other,
  otherwise,
}: {
  readonly scheme: SignatureScheme
  readonly verifier: Verifier
  readonly other: Verifier
  readonly otherwise: SignatureScheme
}): Verifier {
  const shows = compileShows(scheme, otherwise)
  const showsOther = compileShowsAny(otherwise)
  return {
    verify: (request, nowMs) =>
      (!shows(request) && showsOther(request) ? other : verifier).verify(request, nowMs),
  }
}

type Shows = (request: InboundRequest) => boolean

/** By its place alone, or, where the next way has the same place, by the form of what stands there. */
function compileShows(scheme: SignatureScheme, next: SignatureScheme | undefined): Shows {
  const { from, when, each } = scheme
  if (each !== undefined) return (request) => holdsList(each, request)
  const shared = next !== undefined && JSON.stringify(from) === JSON.stringify(next.from)
  const present: Shows =
    shared && when === undefined
      ? (request) => hasForm(scheme, request)
      : (request) => from.some((place) => textsAt(place, { request }).length > 0)
  return when === undefined ? present : (request) => holds(when, { request }) && present(request)
}

const holdsList = (path: string, { fields }: InboundRequest): boolean =>
  valuesAt(fields, path.split('.')).length > 0

function compileShowsAny(scheme: SignatureScheme): Shows {
  const { otherwise } = scheme
  const shows = compileShows(scheme, otherwise)
  if (otherwise === undefined) return shows
  const showsOther = compileShowsAny(otherwise)
  return (request) => shows(request) || showsOther(request)
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
