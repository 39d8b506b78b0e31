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
const cookieName = (publicUrl: string): string =>
  publicUrl.startsWith('https:') ? '__Host-hookloom' : 'hookloom'

/** Lets a request pass that bears the API token, or the cookie of an open session and comes from our own pages. */
export function authenticate(options: AuthenticationOptions): RequestHandler {
  const check = async (request: Request): Promise<void> => {
    const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (bearer !== undefined) {
      if (sameText(bearer, options.apiToken)) return
      throw new ProblemError('unauthenticated', 'This API token is not valid.')
    }
    const session = readCookie(request, cookieName(options.publicUrl()))
    if (session === undefined || !(await options.sessions.isOpen(session))) {
      throw new ProblemError(
        'unauthenticated',
        'Send "Authorization: Bearer <API token>", or sign in with POST /api/session.',
      )
    }
    if (!isSafe(request.method)) requireOwnPage(request, options.publicUrl())
  }
  return (request: Request, _response: Response, next: NextFunction) => {
    check(request).then(() => next(), next)
  }
}

/** `POST /api/session {token}` and `DELETE /api/session`. */
export function sessionRoutes({ apiToken, sessions, publicUrl }: AuthenticationOptions) {
  const flags = () => `Path=/; HttpOnly; SameSite=Strict${publicUrl().startsWith('https:') ? '; Secure' : ''}`
  const name = () => cookieName(publicUrl())
  return {
    async signIn(request: Request, response: Response, { token }: { readonly token: string }): Promise<void> {
      requireOwnPage(request, publicUrl())
      if (!sameText(token, apiToken))
        throw new ProblemError('unauthenticated', 'This API token is not valid.')
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
  }
}

const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD'

/** A browser names the page that a request comes from; one that names another is a forgery. Programs name none. */
function requireOwnPage({ headers }: Request, publicUrl: string): void {
  const { origin, host } = headers
  const site = headers['sec-fetch-site']
  const own =
    origin === undefined || origin === new URL(publicUrl).origin || origin === `http://${host ?? ''}`
  if (own && (site === undefined || site === 'same-origin' || site === 'none')) return
  throw new ProblemError('forbidden', 'This request comes from another site, so it is refused.')
}

function readCookie({ headers }: Request, name: string): string | undefined {
  const pairs = headers.cookie?.split(';') ?? []
  return pairs
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1)
}
