/** What no single setting of a webhook shows: settings that do not go together. Read by the editor and before publishing. */
import { jwtAlgorithms, readSource, type SettingName, type VerificationSettings } from '../contract/scheme.ts'
import { nearest } from '../contract/nearest.ts'
import { parseSignedText, type SignedPiece } from '../contract/signed-text.ts'
import { catalogue } from './catalogue.ts'
import { algorithmNames, hmac, ways } from './generic.ts'
import { describeKnown, type KnownProvider, readListed } from './known.ts'

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
  const { scheme } = settings
  const known = knownProvider(settings)
  if (known === undefined) {
    const names = [...Object.keys(catalogue), ...ways.map(({ id }) => id)]
    const meant = nearest(scheme, names)
    const advice = meant === undefined ? `Choose one of ${names.join(', ')}.` : `Did you mean "${meant}"?`
    return [problem('scheme', `there is no scheme "${scheme}". ${advice}`)]
  }
  return [
    ...strangers(settings, known),
    ...secretProblems(settings, known),
    ...variantProblems(settings, known),
    ...needProblems(settings, known),
    ...(scheme === 'hmac' ? signatureProblems(settings) : []),
    ...(scheme === 'jwt' ? jwtProblems(settings) : []),
  ]
}

/** What is known of the chosen sender, or of the chosen way with these settings. */
export function knownProvider(settings: VerificationSettings): KnownProvider | undefined {
  const { scheme } = settings
  const way = ways.find(({ id }) => id === scheme)
  if (way !== undefined) return describeKnown(way, settings)
  const listed = Object.hasOwn(catalogue, scheme) ? catalogue[scheme] : undefined
  return listed && readListed(listed)
}

function strangers(settings: VerificationSettings, known: KnownProvider): readonly SettingProblem[] {
  const { scheme } = settings
  const taken: readonly string[] = [
    'scheme',
    ...(scheme === 'none' ? [] : ['secret', 'secrets']),
    ...known.settings,
  ]
  const given = Object.entries(settings).filter(
    ([name, value]) => value !== undefined && !taken.includes(name),
  )
  const unknown = given.map(([name]) =>
    problem(
      name,
      `the scheme "${scheme}" has no setting "${name}"; it has ${taken.slice(1).join(', ') || 'none'}.`,
    ),
  )
  const preset = scheme !== 'hmac' && scheme !== 'jwt'
  const { from, unit } = settings.timestamp ?? {}
  return preset && known.settings.includes('timestamp') && (from !== undefined || unit !== undefined)
    ? [
        ...unknown,
        problem('timestamp', `where "${scheme}" has its time is known; only toleranceSeconds can be set.`),
      ]
    : unknown
}

function secretProblems(
  { secret, secrets = [], variant = '' }: VerificationSettings,
  { title, keyless }: KnownProvider,
): readonly SettingProblem[] {
  return keyless.includes(variant) || secret !== undefined || secrets.length > 0
    ? []
    : [problem('secret', `${title} needs a secret. Paste it, or choose a stored one.`)]
}

function variantProblems(
  { scheme, variant }: VerificationSettings,
  { variants }: KnownProvider,
): readonly SettingProblem[] {
  return variant === undefined || variants.length === 0 || variants.includes(variant)
    ? []
    : [problem('variant', `"${scheme}" has no variant "${variant}"; it has ${variants.join(', ')}.`)]
}

function needProblems(
  settings: VerificationSettings,
  { title, needs }: KnownProvider,
): readonly SettingProblem[] {
  return (needs[settings.variant ?? ''] ?? [])
    .filter((name) => settings[name] === undefined)
    .map((name) => problem(name, `${title} cannot do without the ${needed[name] ?? name}. Enter it.`))
}

const needed: Partial<Record<SettingName, string>> = {
  username: 'public key, as the user name',
  topic: 'topic that the hub delivers',
}

function signatureProblems(settings: VerificationSettings): readonly SettingProblem[] {
  const problems: SettingProblem[] = []
  if (settings.algorithm !== undefined && !algorithmNames.includes(settings.algorithm)) {
    const choice = algorithmNames.join(', ')
    problems.push(problem('algorithm', `"${settings.algorithm}" is not known here. Choose one of ${choice}.`))
    return problems
  }
  const [scheme] = typeof hmac.schemes === 'function' ? hmac.schemes(settings) : hmac.schemes
  if (scheme?.kind !== 'signature') return problems
  const read = parseSignedText(scheme.signed)
  if (!read.ok) {
    const advice = 'Use {body}, {timestamp}, {id}, {url}, {method} or {header:name}.'
    return [...problems, problem('signed', `${read.unknown} stands for nothing. ${advice}`)]
  }
  const holds = (...names: readonly string[]) => read.pieces.some((piece) => names.includes(placeOf(piece)))
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

/** Where a piece of what is signed comes from. */
function placeOf(piece: SignedPiece): string {
  if (piece.kind === 'value') return piece.name
  if (piece.kind === 'source') return piece.place
  return { literal: 'nowhere', headers: 'header', lines: 'body' }[piece.kind]
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
  return knownProvider(settings)?.proofs.includes(source.header) === true
    ? [
        {
          path: 'dedupe.key',
          message: `Duplicates: the header "${source.header}" proves the sender and does not name the delivery. Choose the header that carries an id.`,
        },
      ]
    : []
}

/** Where nothing is shown but an address, the addresses have to be named. */
export const addressProblems = (
  { variant }: VerificationSettings,
  allowFrom: readonly string[],
): readonly SettingProblem[] =>
  variant === 'address' && allowFrom.length === 0
    ? [
        {
          path: 'allowFrom',
          message:
            'Allowed addresses: with the variant "address" only they show who calls. Name the networks of the sender.',
        },
      ]
    : []
