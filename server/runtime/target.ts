/** The longest URL that is sent; servers cut at 8 to 64 KB, and a record keeps the whole of it. */
const urlCharactersMax = 16_384

export type Target =
  { readonly ok: true; readonly url: URL } | { readonly ok: false; readonly message: string }

/**
 * The URL that will really be requested, or why none will. `base` is what a redirect is relative to.
 * Only http and https; no user name or password (they would end up in logs and leave with redirects); and none of the
 * characters about which URL parsers disagree (backslash, control characters), so that there is one reading of it.
 */
export function parseTarget(text: string, base?: URL): Target {
  if (text.length > urlCharactersMax) {
    return refuse(`The URL has ${text.length} characters; at most ${urlCharactersMax} are sent.`)
  }
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\\\u0000-\u001f\u007f]/.test(text)) {
    return refuse(
      `The URL ${shown(text)} holds a backslash or a control character; write it percent-encoded.`,
    )
  }
  if (base === undefined && !/^https?:\/\//i.test(text)) {
    return refuse(`The URL ${shown(text)} does not start with https:// or http://; give the whole address.`)
  }
  const url = URL.parse(text, base)
  if (url === null) {
    return refuse(`The URL ${shown(text)} cannot be read; it looks like https://example.com/path.`)
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return refuse(`The URL ${shown(text)} is not http or https; nothing else is requested.`)
  }
  if (url.username !== '' || url.password !== '') {
    return refuse(
      `The URL ${shown(text)} holds a user name or password; send them in an authorization header, from a secret.`,
    )
  }
  return { ok: true, url }
}

const refuse = (message: string): Target => ({ ok: false, message })

/** A URL for reading: in quotes, short, without the user name and password that it may hold. */
export const shown = (text: string): string => JSON.stringify(withoutCredentials(text).slice(0, 200))

/** A URL with `•••` in the place of its user name and password. */
export const withoutCredentials = (text: string): string =>
  !text.includes('@') ? text : text.replace(/^([^/?#]*:)?([/\\]*)[^/?#\\]*@/, '$1$2•••@')

/** What is named in errors: scheme, host and port. */
export const nameOf = (url: URL): string => url.origin
