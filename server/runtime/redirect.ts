import { isCredentialHeader } from './headers.ts'
import { nameOf, parseTarget, shown } from './target.ts'

/** More hops than this is a loop, or a target that should be given by its own address. */
export const redirectsMax = 3

export type Redirection =
  | { readonly kind: 'final' }
  | { readonly kind: 'follow'; readonly url: URL }
  | { readonly kind: 'refuse'; readonly message: string }

/**
 * What to do about an answer. A request with a body follows 307 and 308 only, because the others ask for it to be turned
 * into a GET, which would drop what was to be delivered; GET and HEAD follow all five. Never from https to http.
 */
export function redirection({
  status,
  location,
  from,
  method,
  hasBody,
  followed,
}: {
  readonly status: number
  readonly location: string | undefined
  readonly from: URL
  readonly method: string
  readonly hasBody: boolean
  /** How many redirects this attempt has followed already. */
  readonly followed: number
}): Redirection {
  if (![301, 302, 303, 307, 308].includes(status)) return { kind: 'final' }
  const refuse = (why: string): Redirection => ({
    kind: 'refuse',
    message: `${nameOf(from)} answered ${status}, a redirect ${why}`,
  })
  if (location === undefined || location === '') return refuse('that does not say where to; check the URL.')
  const target = parseTarget(location, from)
  if (!target.ok) return refuse(`that is not followed: ${target.message}`)
  const named = `to ${shown(target.url.href)}`
  const rereads = (method === 'GET' || method === 'HEAD') && !hasBody
  if (!rereads && status !== 307 && status !== 308) {
    return refuse(
      `${named} that is not followed: ${hasBody ? 'a request with a body' : `a ${method} request`} follows only 307 and 308. If the target has moved, use the new URL.`,
    )
  }
  if (from.protocol === 'https:' && target.url.protocol === 'http:') {
    return refuse(
      `${named} that is not followed: it leaves https for http. Ask the target for an https address.`,
    )
  }
  if (followed >= redirectsMax) {
    return refuse(
      `${named} that is not followed: ${redirectsMax} redirects were followed already. Use the final URL.`,
    )
  }
  return { kind: 'follow', url: target.url }
}

/**
 * The headers that go along to the next hop: all within one origin; to another none that is a credential by its name or
 * holds a secret, and no signature.
 */
export function headersForHop({
  headers,
  from,
  to,
  holdsSecret,
}: {
  readonly headers: ReadonlyMap<string, string>
  readonly from: URL
  readonly to: URL
  readonly holdsSecret: (text: string) => boolean
}): ReadonlyMap<string, string> {
  if (from.origin === to.origin) return headers
  return new Map(
    [...headers].filter(
      ([name, value]) => !isCredentialHeader(name) && !name.includes('signature') && !holdsSecret(value),
    ),
  )
}
