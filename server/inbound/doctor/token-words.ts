/** What the doctor says where callers show the secret itself, or a token. */
import type { Finding, Remedy } from '../../../nodes/contract/diagnosis.ts'
import { type Scheme, type Source, nameSource, writeSource } from '../../../nodes/contract/scheme.ts'
import type { Refusal } from '../refusal.ts'
import { capital } from '../refusal.ts'
import { textsAt } from '../source.ts'
import { type Explained, explainRefusal, senderNamed } from './explain.ts'
import type { Patient } from './patient.ts'
import type { ShownToken } from './tokens.ts'
import { secretNamed } from './words.ts'

interface Told extends Explained {
  readonly findings: readonly Finding[]
}

export function explainToken(
  patient: Patient,
  scheme: Exclude<Scheme, { kind: 'signature' }>,
  refusal: Refusal,
  shown: readonly ShownToken[],
): Told & { readonly findings: Finding[] } {
  const places = placesOf(scheme)
  const { request } = patient
  const present = places.find((place) => textsAt(place, { request }).length > 0)
  const place = capital(
    (present ?? places[0]) === undefined ? 'The token' : places.map(nameSource).join(' or '),
  )
  const findings: Finding[] = [
    present === undefined
      ? { about: 'sender', state: 'wrong', text: `${place} is missing.` }
      : { about: 'sender', state: 'right', text: `${place} is there.` },
  ]
  const isAt = (token: ShownToken) => places.some((each) => writeSource(each) === writeSource(token.place))
  const token = shown.find(isAt) ?? shown[0]
  if (token === undefined || scheme.kind === 'jwt' || placesOf(scheme).length === 0) {
    const { sentence, outcome, remedy } = explainRefusal(patient, refusal)
    if (present === undefined || scheme.kind === 'jwt' || remedy !== null)
      return { outcome, sentence, remedy, findings }
    const text = `${place} holds none of the secrets that are stored here.`
    return {
      outcome: 'unknown',
      sentence: `${place} holds none of the secrets that are stored here: copy it again from ${senderNamed(patient.verification.scheme)}, or let the sender show this one.`,
      remedy: null,
      findings: [...findings, { about: 'secret', state: 'unknown', text }],
    }
  }
  const told = toldToken(patient, scheme, token, isAt(token))
  return {
    ...told,
    findings: [...findings, { about: 'secret', state: 'wrong', text: `${capital(told.what)}.` }],
  }
}

function placesOf(scheme: Exclude<Scheme, { kind: 'signature' }>): readonly Source[] {
  if (scheme.kind === 'none' || scheme.kind === 'ask') return []
  if (scheme.kind === 'basic') return [{ header: 'authorization' }]
  return scheme.kind === 'jwt' ? [scheme.from] : scheme.from
}

function toldToken(
  { verification }: Patient,
  scheme: Exclude<Scheme, { kind: 'signature' }>,
  { place, secret, spelling, authScheme }: ShownToken,
  isAtPlace: boolean,
): Explained & { readonly what: string } {
  const sender = senderNamed(verification.scheme)
  const name = secretNamed(secret.name)
  const where = nameSource(place)
  const found = (what: string, advice: string, remedy: Remedy | null) =>
    ({ outcome: 'found', what, sentence: `${capital(what)}: ${advice}.`, remedy }) as const
  const expected = scheme.kind === 'token' ? scheme.authScheme : scheme.kind === 'basic' ? 'Basic' : undefined
  const sameScheme = expected?.toLowerCase() === authScheme?.toLowerCase()
  if (!isAtPlace || !sameScheme) {
    const behind = authScheme === undefined ? 'without a word before it' : `behind “${authScheme}”`
    return found(
      `${name} stands in ${where}, ${behind}`,
      `let ${sender} show it as the settings say, or take it from there`,
      takenFrom(place, authScheme),
    )
  }
  if (spelling !== undefined) {
    const rewrite =
      spelling === 'trimmed' || spelling === 'unquoted' || spelling === 'value-only' ? spelling : undefined
    const remedy: Remedy | null =
      rewrite === undefined || secret.name === undefined || !secret.inForce
        ? null
        : { kind: 'secret', name: secret.name, rewrite, label: 'Store it as the sender shows it' }
    return found(
      `what ${where} shows is ${name} without what stands around it`,
      'store it as the sender shows it',
      remedy,
    )
  }
  const remedy: Remedy | null =
    secret.name === undefined
      ? null
      : {
          kind: 'setting',
          field: 'verification',
          change: { secret: { $secret: secret.name }, secrets: null },
          label: `Use “${secret.name}”`,
        }
  return found(
    `${where} shows ${name}, which this workflow does not verify with`,
    `choose it here, or enter this workflow’s own secret at ${sender}`,
    remedy,
  )
}

/** The settings that take a secret from where it was shown; the secret itself stays. */
function takenFrom(place: Source, authScheme: string | undefined): Remedy | null {
  if (authScheme === 'Basic' || 'body' in place || 'part' in place) return null
  const from = 'header' in place ? { header: place.header } : { query: place.query }
  const change = { scheme: 'api-key', ...from, ...(authScheme !== undefined && { prefix: authScheme }) }
  return { kind: 'setting', field: 'verification', change, label: 'Take it from there' }
}
