import { type Scheme, type Source, writeSource } from '../../nodes/contract/scheme.ts'
import { providers } from '../../nodes/providers/index.ts'
import type { InboundRequest } from './request.ts'

/** Takes out of a request what no record of it may hold. */
export interface Mask {
  /** The headers (name, value, name, value, …) without credentials, and without the workflow's own secrets. */
  headers(rawHeaders: readonly string[]): readonly string[]
  /** The same for the path and its query. */
  path(path: string): string
  /**
   * What stood in the headers and parameters that it masks, as fingerprints, by place (`header:authorization`): they tell
   * nobody anything, and whoever has the key sees which of the known secrets stood there.
   */
  fingerprints(request: InboundRequest, fingerprint: (text: string) => string): Fingerprints
}

export type Fingerprints = Readonly<Record<string, string>>

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

/** Stands where something secret stood. */
export const masked = '•••'

/**
 * Makes the mask of a hook; what does not depend on the request is prepared here, once.
 * @param secrets the workflow's own, masked wherever they stand
 * @param places where callers show a secret: what stands there may be an old one, or nearly the right one
 */
export function compileMask({
  secrets,
  places,
}: {
  readonly secrets: readonly string[]
  readonly places: readonly Source[]
}): Mask {
  const hidden = new Set([
    ...credentialHeaders,
    ...places.flatMap((place) => ('header' in place ? [place.header] : [])),
  ])
  const parameters = places.flatMap((place) => ('query' in place ? [place.query] : []))
  // Also where they are percent-encoded.
  const texts = secrets
    .filter((secret) => secret !== '')
    .flatMap((secret) => [...new Set([secret, encodeURIComponent(secret)])])
  const maskText = (text: string): string =>
    texts.reduce(
      (rest, secret) =>
        rest.length >= secret.length && rest.includes(secret) ? rest.replaceAll(secret, masked) : rest,
      text,
    )

  const maskHeader = (name: string, text: string): string => (hidden.has(name) ? masked : maskText(text))

  return {
    headers: (rawHeaders) =>
      rawHeaders.map((text, at) =>
        at % 2 === 0 ? text : maskHeader((rawHeaders[at - 1] ?? '').toLowerCase(), text),
      ),
    fingerprints(request, fingerprint) {
      const shown: (readonly [Source, string])[] = [
        ...Object.entries(request.headers)
          .filter(([name, text]) => maskHeader(name, text) !== text)
          .map(([header, text]) => [{ header }, text] as const),
        ...[...request.query]
          .filter(([name, text]) => parameters.includes(name) || maskText(text) !== text)
          .map(([query, text]) => [{ query }, text] as const),
      ]
      return Object.fromEntries(shown.map(([place, text]) => [writeSource(place), fingerprint(text)]))
    },
    path(path) {
      const mark = path.indexOf('?')
      if (mark === -1 || parameters.length === 0) return maskText(path)
      const pairs = path
        .slice(mark + 1)
        .split('&')
        .map((pair) => {
          const [name] = new URLSearchParams(pair).keys()
          return name !== undefined && parameters.includes(name)
            ? `${encodeURIComponent(name)}=${masked}`
            : pair
        })
      return maskText(`${path.slice(0, mark)}?${pairs.join('&')}`)
    },
  }
}
