/** From what was found to one sentence and, where one change is enough, a remedy. */
import type { Remedy } from '../../../nodes/contract/diagnosis.ts'
import { type Scheme, type Source, nameSource } from '../../../nodes/contract/scheme.ts'
import { providers, schemesOf } from '../../../nodes/providers/index.ts'
import type { Refusal } from '../refusal.ts'
import type { InboundRequest } from '../request.ts'
import { advices } from './door-words.ts'
import { readingsIn } from './look.ts'
import { modeOf } from './mode.ts'
import type { Patient } from './patient.ts'
import { remedyFor } from './remedies.ts'
import type { Match } from './search.ts'
import { adviceFor, toldDifference } from './words.ts'

export interface Explained {
  readonly outcome: 'found' | 'unknown'
  readonly sentence: string
  readonly remedy: Remedy | null
}

/** Schemes that are nobody's own. */
const generic: ReadonlySet<string> = new Set([
  'hmac',
  'bearer',
  'api-key',
  'basic',
  'jwt',
  'none',
  'standard-webhooks',
  'cloudevents',
  'websub',
])

/** The sender as a sentence names it. */
export const senderNamed = (scheme: string): string =>
  generic.has(scheme) ? 'the sender' : (providers.get(scheme)?.title ?? 'the sender')

/** A neighbour of the settings matched. */
export function explainMatch(patient: Patient, refusal: Refusal, match: Match): Explained {
  const { verification, request, cameAt } = patient
  const { differences } = match
  const advice = adviceFor(differences, {
    sender: senderNamed(verification.scheme),
    isGeneric: verification.scheme === 'hmac',
    isPasted: cameAt === undefined,
  })
  const told = joined(differences.map(toldDifference))
  const late = refusal.reason.startsWith('timestamp-') ? ' Its time is wrong, too.' : ''
  const mode = differences.some(({ kind }) => kind === 'secret') ? modeWords(patient) : ''
  return {
    outcome: 'found',
    sentence: `The signature matches ${told}: ${advice}.${late}${mode}`,
    remedy: remedyFor(match, verification, request.url),
  }
}

const joined = (texts: readonly string[]): string =>
  texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`

/** Nothing that was tried matched: what the door found, and what the request looks like. */
export function explainRefusal(patient: Patient, refusal: Refusal): Explained {
  const { verification, request, bodyIsWhole } = patient
  const other = otherSender(request, verification.scheme)
  if (other !== undefined) return other
  if (refusal.reason !== 'signature-mismatch') {
    const [reading] = refusal.reason === 'signature-missing' ? readingsIn(request) : []
    const elsewhere =
      reading === undefined ? '' : ` What looks like a signature stands in ${nameSource(reading.from)}.`
    const advice = advices[refusal.reason]
    const sentence = `${refusal.detail}${elsewhere}${advice === undefined ? '' : ` ${advice}`}`
    return { outcome: 'found', sentence, remedy: null }
  }
  const sentence = bodyIsWhole
    ? `No secret that is stored here made this signature: ${secretAdvice(verification.scheme)}.${modeWords(patient)}`
    : 'The body is longer than what is kept of a refused request, so that its signature cannot be tried again: compare the secret with the sender’s, and have it sent again.'
  return { outcome: 'unknown', sentence, remedy: null }
}

/** A secret that a person made up is seldom shown again: it has to be entered on both sides. */
export const secretAdvice = (scheme: string): string =>
  providers.get(scheme)?.secretIsOwn === true
    ? `enter one and the same secret at ${senderNamed(scheme)} and here`
    : `copy the secret again from ${senderNamed(scheme)} and store it here`

const isAnybodys = (place: Source): boolean => 'header' in place && place.header === 'authorization'

/** The request bears another sender's header and none of the chosen one's: nothing proves whose it is, and one look tells. */
function otherSender(request: InboundRequest, chosen: string): Explained | undefined {
  const bears = (schemes: readonly Scheme[]) =>
    schemes
      .flatMap((scheme) => (scheme.kind === 'signature' ? scheme.from : []))
      .find((source) => 'header' in source && request.header(source.header) !== undefined)
  if (chosen === 'hmac' || bears(schemesOf({ scheme: chosen })) !== undefined) return undefined
  const candidates = [...providers.values()].flatMap(({ id, title, schemes }) => {
    const place = typeof schemes === 'function' ? undefined : bears(schemes)
    return place === undefined || isAnybodys(place) ? [] : [{ id, title, place }]
  })
  const [only] = candidates
  // A header that several senders have tells none of them.
  if (only === undefined || candidates.length > 1) return undefined
  const { id, title, place } = only
  return {
    outcome: 'found',
    sentence: `The request bears ${nameSource(place)}, as those of ${title} do: choose ${title} as the sender, with its secret.`,
    remedy: { kind: 'setting', field: 'verification', change: { scheme: id }, label: `Choose ${title}` },
  }
}

/** A secret of the other mode is the likeliest of wrong ones, where the event says which mode it is of. */
function modeWords({ request, verification }: Patient): string {
  const found = modeOf(request.fields)
  if (found === undefined) return ''
  const sender = senderNamed(verification.scheme)
  const have = sender === 'the sender' ? 'Many senders have' : `${sender} has`
  return ` The event is of the ${found.mode} mode (“${found.path}” is ${found.value}). ${have} a secret for each.`
}
