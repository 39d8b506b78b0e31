/**
 * Whether a URL that a caller names is at one of these places. In a pattern's host `*` stands for one label, in its path for
 * anything but a query, in its query for anything. A port, credentials and fragments are never allowed.
 */
export function isAtPlace(text: string, patterns: readonly string[]): boolean {
  if (text.length > urlLengthMax || !URL.canParse(text)) return false
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(text)
  if (port !== '' || username !== '' || password !== '' || hash !== '') return false
  const asRead = `${protocol}//${hostname}${pathname}${search}`
  return patterns.some((pattern) => compiled(pattern).test(asRead))
}

const urlLengthMax = 2_048

const known = new Map<string, RegExp>()

/** Patterns are the providers' own data: there are as many as providers. */
function compiled(pattern: string): RegExp {
  const before = known.get(pattern)
  if (before !== undefined) return before
  const [, scheme = '', host = '', path = '', query = ''] =
    /^(https?:\/\/)([^/]+)([^?]*)(\?.*)?$/.exec(pattern) ?? []
  const made = new RegExp(
    `^${scheme}${escaped(host, '[a-z0-9-]+')}${escaped(path, '[^?]*')}${escaped(query, '.*')}$`,
  )
  known.set(pattern, made)
  return made
}

const escaped = (text: string, star: string): string =>
  text
    .split('*')
    .map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join(star)
