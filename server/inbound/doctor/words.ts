/** What the doctor says, in sentences that a person can act on. Names of secrets stand in them, and no secret. */
import { nameSource } from '../../../nodes/contract/scheme.ts'
import type { BodySpelling } from './bodies.ts'
import type { KeySpelling } from './keys.ts'
import type { Difference } from './patient.ts'

export const secretNamed = (name: string | undefined): string =>
  name === undefined ? 'the secret that you typed' : `the secret “${name}”`

type Kind = Difference['kind']
type Of<K extends Kind> = Extract<Difference, { kind: K }>

/** As it stands behind "The signature matches …". */
export const toldDifference = <K extends Kind>(difference: Of<K>): string =>
  tellers[difference.kind](difference)

const tellers: { readonly [K in Kind]: (difference: Of<K>) => string } = {
  secret: ({ name }) => `with ${secretNamed(name)}, which this workflow does not verify with`,
  key: ({ spelling, name }) => keys[spelling](secretNamed(name)),
  provider: ({ title }) => `in the way of ${title}`,
  variant: ({ variant }) => (variant === undefined ? 'in the sender’s older way' : `in its way “${variant}”`),
  place: ({ from }) => `in ${from.map(nameSource).join(' or ')}`,
  form: ({ parts, prefix }) =>
    parts !== undefined
      ? `as the piece “${parts.signature}” of a list`
      : prefix === undefined
        ? 'without anything before it'
        : `after “${prefix}”`,
  encoding: ({ encoding }) => `written in ${encoding}`,
  algorithm: ({ algorithm }) => `by ${algorithm}`,
  signed: ({ signed }) => `over ${signed.replaceAll('\n', '⏎')}`,
  time: ({ rule }) => (rule === undefined ? 'with another id' : `with the time in ${nameSource(rule.from)}`),
  body: ({ spelling }) => `over ${bodies[spelling].what}`,
  url: ({ url }) => `for the URL ${url}`,
}

const keys: Readonly<Record<KeySpelling, (secret: string) => string>> = {
  trimmed: (secret) => `with ${secret} without the white space around it`,
  'with-line-break': (secret) => `with ${secret} and a line break behind it`,
  unquoted: (secret) => `with ${secret} without the quotes around it`,
  'value-only': (secret) => `with what stands behind the “=” in ${secret}`,
  'as-text': (secret) => `with ${secret} as a text, prefix and all`,
  'after-prefix': (secret) => `with ${secret} without its prefix`,
  whsec: (secret) => `with ${secret} decoded from base64 behind its prefix`,
  base64: (secret) => `with ${secret} decoded from base64`,
  hex: (secret) => `with ${secret} decoded from hex`,
}

const untouched = 'let it pass the bytes on as they came'
const between = 'something between the sender and this server (a proxy, a gateway, a function)'

const bodies: Readonly<Record<BodySpelling, { readonly what: string; readonly advice: string }>> = {
  'with-line-break': {
    what: 'the body with a line break at its end',
    advice: `${between} took it away: ${untouched}`,
  },
  'without-end': {
    what: 'the body without the white space at its ends',
    advice: `${between} added it: ${untouched}`,
  },
  'without-mark': {
    what: 'the body without its byte order mark',
    advice: `${between} added the mark: ${untouched}`,
  },
  'line-feeds': {
    what: 'the body with other line ends (LF)',
    advice: `${between} changed them: ${untouched}`,
  },
  'line-breaks': {
    what: 'the body with other line ends (CR LF)',
    advice: `${between} changed them: ${untouched}`,
  },
  rewritten: {
    what: 'the same JSON written otherwise',
    advice: `${between} reads the body and writes it anew: ${untouched}`,
  },
  sorted: {
    what: 'the same JSON with its keys in order',
    advice: `${between} reads the body and writes it anew, or the sender signs another text than it sends: ${untouched}`,
  },
  'form-of-json': {
    what: 'a form whose field “payload” holds this JSON',
    advice: `${between} took the JSON out of the form: ${untouched}`,
  },
  'json-of-form': {
    what: 'the JSON in the form’s field “payload”',
    advice: `let the sender send application/json, so that it sends what it signs`,
  },
  latin1: {
    what: 'the body in ISO 8859-1',
    advice: `${between} changed its characters to UTF-8: ${untouched}`,
  },
  empty: {
    what: 'an empty body',
    advice: 'let the sender sign what it sends: as it is now, anybody could change the body',
  },
}

/** What to do about it; the first word is small, because it stands behind a colon. */
export function adviceFor(
  differences: readonly Difference[],
  {
    sender,
    isGeneric,
    isPasted,
  }: { readonly sender: string; readonly isGeneric: boolean; readonly isPasted: boolean },
): string {
  const of = <K extends Difference['kind']>(kind: K) =>
    differences.find((each): each is Extract<Difference, { kind: K }> => each.kind === kind)
  const advices: string[] = []
  const [provider, variant, secret, key, body, url] = [
    of('provider'),
    of('variant'),
    of('secret'),
    of('key'),
    of('body'),
    of('url'),
  ]
  if (provider !== undefined) advices.push(`choose ${provider.title} as the sender`)
  else if (variant !== undefined) advices.push('let the settings take that way')
  else if (differences.some(({ kind }) => settingKinds.has(kind))) {
    advices.push(
      isGeneric
        ? 'change the settings of the verification so'
        : `it is not signed as ${sender} signs, so verify it as “Any signature” with these settings`,
    )
  }
  if (secret !== undefined)
    advices.push(
      secret.name === undefined
        ? 'store it and choose it here'
        : `choose it here, or enter this workflow’s own secret at ${sender}`,
    )
  if (key !== undefined) advices.push(keyAdvice(key, isGeneric, sender))
  if (body !== undefined) {
    advices.push(
      isPasted && body.spelling !== 'json-of-form' && body.spelling !== 'empty'
        ? 'what was pasted is not byte for byte what was sent, and the settings are right'
        : bodies[body.spelling].advice,
    )
  }
  if (url !== undefined)
    advices.push(
      'set HOOKLOOM_PUBLIC_URL to what the sender calls, or enter the hook URL at the sender again',
    )
  return advices.join('; ')
}

const settingKinds: ReadonlySet<Difference['kind']> = new Set([
  'place',
  'form',
  'encoding',
  'algorithm',
  'signed',
  'time',
])

function keyAdvice(
  { spelling }: Extract<Difference, { kind: 'key' }>,
  isGeneric: boolean,
  sender: string,
): string {
  if (spelling === 'trimmed') return 'store it anew without that'
  if (spelling === 'unquoted') return 'store it anew without them'
  if (spelling === 'value-only') return 'store only that'
  if (spelling === 'with-line-break')
    return `the secret at ${sender} ends in a line break, so enter it there again without one, or store it here with one`
  return isGeneric
    ? 'say so in the settings'
    : `${sender} does not do that, so look whether the sender is another one`
}
