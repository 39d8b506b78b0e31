/**
 * Where somebody goes after signing in: only to a page of this editor. What stands in the URL may have been written by
 * anyone, so `//elsewhere.example` and `/\elsewhere.example`, which browsers take for another host, do not count.
 */
export function ownPath(from: string | undefined, origin: string): string {
  const home = '/workflows'
  if (from === undefined || !from.startsWith('/') || !URL.canParse(from, origin)) return home
  const url = new URL(from, origin)
  return url.origin === origin && url.pathname !== '/sign-in' ? url.pathname + url.search + url.hash : home
}
