import type { InboundRequest } from '../request.ts'

const hostPattern = /^[A-Za-z0-9.-]+(?::\d{1,5})?$|^\[[0-9a-f:]+\](?::\d{1,5})?$/i

/**
 * The URLs under which the sender may know this hook, where it is not the one of the settings: another scheme, the host that
 * the request names, a port, a slash at the end, no query. What headers claim is only tried, and decides nothing.
 */
export function spellUrl(request: InboundRequest): readonly string[] {
  if (!URL.canParse(request.url)) return []
  const own = new URL(request.url)
  const hosts = new Set([own.host])
  for (const name of ['x-forwarded-host', 'x-original-host', 'host']) {
    const host = request.header(name)?.split(',')[0]?.trim()
    if (host !== undefined && hostPattern.test(host)) hosts.add(host)
  }
  const spelled = new Set<string>()
  const pathAndQuery = request.url.slice(own.origin.length)
  const { pathname: path, search: query } = own
  for (const host of hosts) {
    for (const scheme of ['https:', 'http:']) {
      const port = scheme === 'https:' ? ':443' : ':80'
      for (const authority of [host, host.replace(/:\d+$/, ''), `${host.replace(/:\d+$/, '')}${port}`]) {
        for (const rest of [
          pathAndQuery,
          path,
          `${path}/${query}`,
          path.replace(/\/$/, '') + query,
          decoded(pathAndQuery),
        ])
          spelled.add(`${scheme}//${authority}${rest}`)
      }
    }
  }
  spelled.delete(request.url)
  return [...spelled]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (error instanceof URIError) return text
    throw error
  }
}
