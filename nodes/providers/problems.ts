/** What no single setting of a webhook shows: settings that do not go together. Read by the editor and before publishing. */
import {
  jwtAlgorithms,
  type Provider,
  readSource,
  type Scheme,
  type VerificationSettings,
} from '../contract/scheme.ts'
import { nearest } from '../contract/nearest.ts'
import { parseSignedText } from '../contract/signed-text.ts'
import { algorithmNames } from './generic.ts'
import { providers, schemesOf } from './index.ts'

export interface SettingProblem {
  readonly path: string
  readonly message: string
}

const problem = (name: string, message: string): SettingProblem => ({
  path: name === '' ? 'verification' : `verification.${name}`,
  message: `Verification: ${message}`,
})

/** Settings that no request could ever pass, or that would let in what they seem to keep out. */
export function verificationProblems(settings: VerificationSettings): readonly SettingProblem[] {
  const provider = providers.get(settings.scheme)
  if (provider === undefined) {
    const names = [...providers.keys()]
    const meant = nearest(settings.scheme, names)
    const advice = meant === undefined ? `Choose one of ${names.join(', ')}.` : `Did you mean "${meant}"?`
    return [problem('scheme', `there is no scheme "${settings.scheme}". ${advice}`)]
  }
  return [
    ...strangers(settings, provider),
    ...secretProblems(settings, provider),
    ...variantProblems(settings, provider),
    ...(provider.id === 'hmac' ? signatureProblems(settings) : []),
    ...(provider.id === 'jwt' ? jwtProblems(settings) : []),
  ]
}

function strangers(
  settings: VerificationSettings,
  { id, settings: own }: Provider,
): readonly SettingProblem[] {
  const taken: readonly string[] = ['scheme', ...(id === 'none' ? [] : ['secret', 'secrets']), ...own]
  const given = Object.entries(settings).filter(
    ([name, value]) => value !== undefined && !taken.includes(name),
  )
  const unknown = given.map(([name]) =>
    problem(
      name,
      `the scheme "${id}" has no setting "${name}"; it has ${taken.slice(1).join(', ') || 'none'}.`,
    ),
  )
  const preset = id !== 'hmac' && id !== 'jwt'
  const { from, unit } = settings.timestamp ?? {}
  return preset && own.includes('timestamp') && (from !== undefined || unit !== undefined)
    ? [
        ...unknown,
        problem('timestamp', `where "${id}" has its time is known; only toleranceSeconds can be set.`),
      ]
    : unknown
}

function secretProblems(settings: VerificationSettings, { id, title }: Provider): readonly SettingProblem[] {
  if (id === 'none') return []
  if (settings.secret === undefined && (settings.secrets ?? []).length === 0) {
    return [problem('secret', `${title} needs a secret. Paste it, or choose a stored one.`)]
  }
  return []
}

function variantProblems(
  settings: VerificationSettings,
  { id, schemes }: Provider,
): readonly SettingProblem[] {
  if (settings.variant === undefined || typeof schemes === 'function') return []
  const names = schemes.flatMap(({ variant }) => variant ?? [])
  return names.length === 0 || names.includes(settings.variant)
    ? []
    : [problem('variant', `"${id}" has no variant "${settings.variant}"; it has ${names.join(', ')}.`)]
}

function signatureProblems(settings: VerificationSettings): readonly SettingProblem[] {
  const problems: SettingProblem[] = []
  if (settings.algorithm !== undefined && !algorithmNames.includes(settings.algorithm)) {
    const choice = algorithmNames.join(', ')
    problems.push(problem('algorithm', `"${settings.algorithm}" is not known here. Choose one of ${choice}.`))
    return problems
  }
  const [scheme] = schemesOf(settings)
  if (scheme?.kind !== 'signature') return problems
  const read = parseSignedText(scheme.signed)
  if (!read.ok) {
    const advice = 'Use {body}, {timestamp}, {id}, {url}, {method} or {header:name}.'
    return [...problems, problem('signed', `${read.unknown} stands for nothing. ${advice}`)]
  }
  const holds = (...names: readonly string[]) =>
    read.pieces.some(
      (piece) =>
        piece.kind !== 'literal' && names.includes(piece.kind === 'value' ? piece.name : piece.place),
    )
  if (!holds('body', 'form')) {
    problems.push(problem('signed', 'the signed text does not hold {body}, so that anybody could change it.'))
  }
  if (holds('timestamp') && scheme.timestamp === undefined) {
    problems.push(problem('timestamp', 'the signed text holds {timestamp}. Say where the timestamp is.'))
  }
  if (holds('id') && scheme.id === undefined) {
    problems.push(problem('id', 'the signed text holds {id}. Say where the id is.'))
  }
  const from = scheme.timestamp?.from
  if (from !== undefined && !('body' in from) && !holds('timestamp', 'header', 'query', 'part')) {
    problems.push(
      problem('signed', 'the timestamp is not signed, so that anybody could renew it. Add {timestamp}.'),
    )
  }
  return problems
}

function jwtProblems({ algorithm }: VerificationSettings): readonly SettingProblem[] {
  return algorithm === undefined || jwtAlgorithms.some((name) => name === algorithm)
    ? []
    : [
        problem(
          'algorithm',
          `"${algorithm}" is not accepted for a JWT. Choose one of ${jwtAlgorithms.join(', ')}.`,
        ),
      ]
}

/** A signature or a token is no delivery's name: one delivery's signature has many spellings, and a token is always the same. */
export function dedupeProblems(key: string, settings: VerificationSettings): readonly SettingProblem[] {
  const source = key.startsWith('header:')
    ? readSource(`header:${key.slice('header:'.length).trim()}`)
    : undefined
  if (source === undefined || !('header' in source)) return []
  const secret = schemesOf(settings).flatMap(headersOf)
  return secret.includes(source.header)
    ? [
        {
          path: 'dedupe.key',
          message: `Duplicates: the header "${source.header}" proves the sender and does not name the delivery. Choose the header that carries an id.`,
        },
      ]
    : []
}

function headersOf(scheme: Scheme): readonly string[] {
  if (scheme.kind === 'none') return []
  if (scheme.kind === 'basic') return ['authorization']
  const places = scheme.kind === 'jwt' ? [scheme.from] : scheme.from
  return places.flatMap((place) => ('header' in place ? [place.header] : []))
}
