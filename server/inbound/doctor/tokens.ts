/**
 * Secrets that callers show as they are. A record of a request holds only a fingerprint of each, made under the server's own
 * key: it tells nothing by itself, and it tells the doctor which of the known secrets stood there, and how it was written.
 */
import type { Source } from '../../../nodes/contract/scheme.ts'
import { writeSource } from '../../../nodes/contract/scheme.ts'
import { type Fingerprints, masked } from '../mask.ts'
import { InboundRequest } from '../request.ts'
import { compileTokens } from '../token.ts'
import { type KeySpelling, spellKey } from './keys.ts'
import type { KnownSecret } from './patient.ts'

/** A known secret that stands somewhere in a request. */
export interface ShownToken {
  readonly place: Source
  readonly secret: KnownSecret
  readonly spelling: KeySpelling | undefined
  /** What stands before it: `Bearer`, `Token`, …; `Basic` stands before it in base64, with a user. */
  readonly authScheme: string | undefined
}

interface Written extends Omit<ShownToken, 'place'> {
  readonly text: string
}

const authSchemes = ['Bearer', 'bearer', 'Token', 'token', 'ApiKey', 'Api-Key', 'Key', 'Secret'] as const
const asText = { key: 'text', algorithm: 'hmac-sha256' } as const
/** Spellings that make sense for what is shown: a decoded key has no text. */
const shownSpellings: ReadonlySet<KeySpelling | undefined> = new Set([
  undefined,
  'trimmed',
  'unquoted',
  'value-only',
  'after-prefix',
])

/** Every way in which a caller may write one of the secrets. */
function* writings(secrets: readonly KnownSecret[], username: string | undefined): Generator<Written> {
  for (const secret of secrets) {
    const spelled = spellKey(secret.text, {
      kind: 'signature',
      from: [],
      encoding: 'hex',
      signed: '',
      ...asText,
    })
    for (const { text, spelling } of spelled) {
      if (!shownSpellings.has(spelling)) continue
      const told = { secret, spelling }
      yield { ...told, text, authScheme: undefined }
      for (const authScheme of authSchemes) yield { ...told, text: `${authScheme} ${text}`, authScheme }
      for (const pair of [
        text,
        ...(username === undefined ? [] : [`${username}:${text}`]),
        `:${text}`,
        `${text}:`,
      ])
        yield { ...told, text: `Basic ${Buffer.from(pair).toString('base64')}`, authScheme: 'Basic' }
    }
  }
}

/** More of one request are not looked at. */
const placesMax = 50

/**
 * Finds the known secrets among what a request shows.
 * @param fingerprint makes the fingerprint of a text, as those of the record were made
 * @returns the request with those that are found in the place of their masks, so that it can be judged again
 */
export function findTokens(
  request: InboundRequest,
  {
    secrets,
    username,
    fingerprints,
    fingerprint,
  }: {
    readonly secrets: readonly KnownSecret[]
    readonly username: string | undefined
    readonly fingerprints: Fingerprints
    readonly fingerprint: (text: string) => string
  },
): { readonly request: InboundRequest; readonly shown: readonly ShownToken[] } {
  const places = placesOf(request).slice(0, placesMax)
  const written = [...writings(secrets, username)]
  const prints = new Map(
    Object.keys(fingerprints).length === 0
      ? []
      : written.map((each) => [fingerprint(each.text), each] as const),
  )
  const shown: ShownToken[] = []
  const found = new Map<string, string>()
  for (const { place, text } of places) {
    const print = fingerprints[writeSource(place)]
    const isShown = print === undefined ? compileTokens([text]) : undefined
    const match =
      print === undefined ? written.find((each) => isShown?.(each.text, 'utf8')) : prints.get(print)
    if (match === undefined) continue
    const { text: whole, ...told } = match
    shown.push({ ...told, place })
    found.set(writeSource(place), whole)
  }
  return { request: unmasked(request, found), shown }
}

const placesOf = (request: InboundRequest): readonly { readonly place: Source; readonly text: string }[] => [
  ...Object.entries(request.headers).map(([header, text]) => ({ place: { header }, text })),
  ...[...request.query].map(([query, text]) => ({ place: { query }, text })),
]

function unmasked(request: InboundRequest, found: ReadonlyMap<string, string>): InboundRequest {
  const { method, url, body, ip } = request
  const rawHeaders = request.rawHeaders.map((text, at) => {
    const name = request.rawHeaders[at - 1] ?? ''
    return at % 2 === 1 && text.includes(masked) ? (found.get(`header:${name.toLowerCase()}`) ?? text) : text
  })
  const mark = request.path.indexOf('?')
  const query = new URLSearchParams(request.query)
  for (const [name, text] of request.query) {
    const whole = found.get(`query:${name}`)
    if (text.includes(masked) && whole !== undefined) query.set(name, whole)
  }
  const path = mark === -1 ? request.path : `${request.path.slice(0, mark)}?${query.toString()}`
  return new InboundRequest({ method, url, path, rawHeaders, body, ip })
}
