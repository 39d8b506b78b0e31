import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { Sessions } from '../accounts/sessions.ts'
import { sessionMs } from '../accounts/sessions.ts'
import { sameText } from '../accounts/token.ts'
import { ProblemError } from './problem.ts'

export interface AuthenticationOptions {
  readonly apiToken: string
  readonly sessions: Sessions
  readonly publicUrl: () => string
}

/** The cookie's name: browsers hold a `__Host-` cookie to its own host and to TLS. */
export const cookieName = (publicUrl: string): string =>
  publicUrl.startsWith('https:') ? '__Host-hookloom' : 'hookloom'

/** Lets a request pass that bears the API token, or the cookie of an open session and comes from our own pages. */
export function authenticate(options: AuthenticationOptions): RequestHandler {
  return (request: Request, _response: Response, next: NextFunction) => {
    check(request, options).then(() => next(), next)
  }
}

/** `POST /api/session {token}` and `DELETE /api/session`; and whether what a request came with still holds. */
export function sessionRoutes(options: AuthenticationOptions) {
  const { apiToken, sessions, publicUrl } = options
  const flags = () => `Path=/; HttpOnly; SameSite=Strict${publicUrl().startsWith('https:') ? '; Secure' : ''}`
  const name = () => cookieName(publicUrl())
  return {
    async signIn(request: Request, response: Response, { token }: { readonly token: string }): Promise<void> {
      if (!isOwnPage(request, publicUrl())) throw forgery()
      if (!sameText(token, apiToken)) throw wrongToken()
      const id = await sessions.begin()
      response.setHeader('set-cookie', `${name()}=${id}; Max-Age=${sessionMs / 1_000}; ${flags()}`)
      response.status(204).end()
    },
    async signOut(request: Request, response: Response): Promise<void> {
      const id = readCookie(request, name())
      if (id !== undefined) await sessions.end(id)
      response.setHeader('set-cookie', `${name()}=; Max-Age=0; ${flags()}`)
      response.status(204).end()
    },
    /** For streams, which outlive the check at their start. */
    async isSignedIn(request: Request): Promise<boolean> {
      if (bearerOf(request) !== undefined) return true
      const session = readCookie(request, name())
      return session !== undefined && (await sessions.isOpen(session))
    },
  }
}

async function check(
  request: Request,
  { apiToken, sessions, publicUrl }: AuthenticationOptions,
): Promise<void> {
  const bearer = bearerOf(request)
  if (bearer !== undefined) {
    if (sameText(bearer, apiToken)) return
    throw wrongToken()
  }
  const session = readCookie(request, cookieName(publicUrl()))
  if (session === undefined || !(await sessions.isOpen(session))) {
    throw new ProblemError(
      'unauthenticated',
      'Send "Authorization: Bearer <API token>", or sign in with POST /api/session.',
    )
  }
  // A cookie is sent by itself, so a change needs a sign that it was our own page that asked: browsers always give one.
  const { origin, 'sec-fetch-site': site } = request.headers
  const isSigned = isSafe(request.method) || origin !== undefined || site !== undefined
  if (!isSigned || !isOwnPage(request, publicUrl())) throw forgery()
}

const wrongToken = () => new ProblemError('unauthenticated', 'This API token is not valid.')
const forgery = () =>
  new ProblemError('forbidden', 'This request does not come from a page of this server, so it is refused.')

const bearerOf = ({ headers }: Request): string | undefined =>
  /^Bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1]

const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD'

/**
 * A browser names the page that a request comes from; one that names another is a forgery. Programs name none. Beside the
 * public URL it may be the address that the browser used (127.0.0.1 for localhost), by the same scheme.
 */
function isOwnPage({ headers }: Request, publicUrl: string): boolean {
  const { origin, host = '', 'sec-fetch-site': site } = headers
  const { origin: own, protocol } = new URL(publicUrl)
  const isOwn = origin === undefined || origin === own || origin === `${protocol}//${host}`
  return isOwn && (site === undefined || site === 'same-origin' || site === 'none')
}

function readCookie({ headers }: Request, name: string): string | undefined {
  const pairs = headers.cookie?.split(';') ?? []
  return pairs
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1)
}
