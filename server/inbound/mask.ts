import type { Scheme, Source } from '../../nodes/contract/scheme.ts'
import { providers } from '../../nodes/providers/index.ts'

/** What no record of a request may hold. */
export interface Masks {
  /** The workflow's own secrets, wherever they stand. */
  readonly secrets: readonly string[]
  /** Where callers show a secret: what stands there may be an old one, or nearly the right one. */
  readonly places: readonly Source[]
}

/** Headers that carry a caller's credentials, whatever the workflow verifies. */
const credentialHeaders: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-api-key',
  'x-auth-token',
  ...providers
    .values()
    .flatMap(({ schemes }) => (typeof schemes === 'function' ? [] : secretPlaces(schemes)))
    .flatMap((place) => ('header' in place ? [place.header] : [])),
])

/** Where these schemes have a caller show a secret itself. A signature is none: it says nothing about the next request. */
export function secretPlaces(schemes: readonly Scheme[]): readonly Source[] {
  return schemes.flatMap((scheme) =>
    scheme.kind === 'token' ? scheme.from : scheme.kind === 'jwt' ? [scheme.from] : [],
  )
}

const masked = '•••'

/** What is kept of a request's headers: no credential, and none of the workflow's own secrets wherever it stands. */
export function maskHeaders(rawHeaders: readonly string[], { secrets, places }: Masks): readonly string[] {
  const shown = new Set(places.flatMap((place) => ('header' in place ? [place.header] : [])))
  // Hardly any request holds a secret: one look at all of it is cheaper than one at each header.
  const holdsSecret = maskText(rawHeaders.join('\n'), secrets).includes(masked)
  return rawHeaders.map((text, at) => {
    if (at % 2 === 0) return text
    const name = (rawHeaders[at - 1] ?? '').toLowerCase()
    return credentialHeaders.has(name) || shown.has(name)
      ? masked
      : holdsSecret
        ? maskText(text, secrets)
        : text
  })
}

/** The same for the path and its query. */
export function maskPath(path: string, { secrets, places }: Masks): string {
  const shown = places.flatMap((place) => ('query' in place ? [place.query] : []))
  const mark = path.indexOf('?')
  if (mark === -1 || shown.length === 0) return maskText(path, secrets)
  const pairs = path
    .slice(mark + 1)
    .split('&')
    .map((pair) => {
      const [name] = new URLSearchParams(pair).keys()
      return name !== undefined && shown.includes(name) ? `${encodeURIComponent(name)}=${masked}` : pair
    })
  return maskText(`${path.slice(0, mark)}?${pairs.join('&')}`, secrets)
}

/** The text without the secrets, also where they are percent-encoded. */
const maskText = (text: string, secrets: readonly string[]): string =>
  secrets
    .filter((secret) => secret !== '')
    .reduce(
      (rest, secret) => rest.replaceAll(secret, masked).replaceAll(encodeURIComponent(secret), masked),
      text,
    )
