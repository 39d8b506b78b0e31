import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import * as z from 'zod/mini'
import { describeUnknown } from '../../nodes/contract/failure.ts'
import { signal } from '../engine/signals.ts'
import { Conflict, NotFound, Unavailable } from '../storage/storage.ts'
import { Unfit } from '../workflows/graph-check.ts'
import { type AuthenticationOptions, authenticate, cookieName } from './authenticate.ts'
import { editorPages } from './editor-pages.ts'
import { sendProblem } from './hook-answers.ts'
import { bodyBytesMax, jsonBody, publicBodyBytesMax } from './json-body.ts'
import { openApi } from './openapi.ts'
import { ProblemError } from './problem.ts'
import type { Readiness } from './readiness.ts'
import { type Route, handlerOf, route } from './route.ts'
import { welcomePage } from './welcome.ts'

export interface AppOptions {
  readonly routes: readonly Route[]
  readonly authentication: AuthenticationOptions
  readonly publicUrl: () => string
  readonly readiness: () => Promise<Readiness>
  readonly metrics: { readonly contentType: string; text(): Promise<string> }
}

/** Everything but the hooks: the API, the pages, health and metrics. */
export function createApp(options: AppOptions): Express {
  const { authentication, publicUrl } = options
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.set('case sensitive routing', true)
  app.set('query parser', 'simple')
  app.use(securityHeaders(publicUrl), noStore)

  const signedIn = authenticate(authentication)
  const routes: readonly Route[] = [...options.routes, ...operatingRoutes(options, () => routes)]
  for (const each of routes) {
    const guards = each.isPublic ? [] : [signedIn]
    const body = each.body === undefined ? [] : [jsonBody(each.isPublic ? publicBodyBytesMax : bodyBytesMax)]
    app[each.method](each.path, ...guards, ...body, handlerOf(each))
  }
  const editor = editorPages()
  if (editor !== undefined) app.use(editor)
  else app.get('/', (_request, response) => void response.type('html').send(welcomePage(publicUrl())))
  // Whoever is not signed in does not learn what there is.
  app.use(['/api', '/metrics'], signedIn)
  app.use(wrongMethod([...routes, { method: 'get', path: '/' }]))
  app.use((_request, response) => sendProblem(response, 'not-found', 'There is nothing at this address.', {}))
  app.use(toProblem)
  return app
}

/** What an operator, a probe or a program that writes a client asks for. */
const operatingRoutes = (
  { publicUrl, readiness, metrics }: AppOptions,
  routes: () => readonly Route[],
): readonly Route[] => [
  route({
    method: 'get',
    path: '/healthz',
    summary: 'Whether the door is open.',
    isPublic: true,
    answer: z.object({ status: z.literal('ok') }),
    handle: () => ({ status: 'ok' }),
  }),
  route({
    method: 'get',
    path: '/readyz',
    summary: 'Whether events can be stored and worked on.',
    isPublic: true,
    answer: z.object({ status: z.literal('ready'), note: z.optional(z.string()) }),
    handle: async () => {
      const { trouble, note } = await readiness()
      if (trouble === undefined) return { status: 'ready' as const, ...(note !== undefined && { note }) }
      throw new ProblemError('unavailable', trouble, { retryAfterSeconds: 5 })
    },
  }),
  route({
    method: 'get',
    path: '/metrics',
    summary: 'Counts and durations, in the text form of Prometheus.',
    produces: 'text/plain',
    handle: async ({ response }) => void response.type(metrics.contentType).send(await metrics.text()),
  }),
  route({
    method: 'get',
    path: '/api/openapi.json',
    summary: 'This API as an OpenAPI 3.1 document.',
    answer: z.looseObject({ openapi: z.string() }),
    handle: () => openApi(routes(), { publicUrl: publicUrl(), cookieName: cookieName(publicUrl()) }),
  }),
]

const noStore: RequestHandler = (_request, response, next) => {
  response.setHeader('cache-control', 'no-store')
  next()
}

/** A path that exists for other methods says which. */
const wrongMethod =
  (routes: readonly Pick<Route, 'method' | 'path'>[]): RequestHandler =>
  ({ method, path }, _response, next) => {
    const asked = partsOf(path)
    const allow = routes
      .filter((route) => {
        const parts = partsOf(route.path)
        return (
          parts.length === asked.length &&
          parts.every((part, at) => part.startsWith(':') || part === asked[at])
        )
      })
      .flatMap((route) => (route.method === 'get' ? ['GET', 'HEAD'] : [route.method.toUpperCase()]))
    const detail = `This address takes ${allow.join(', ')}, not ${method}.`
    next(allow.length > 0 ? new ProblemError('method-not-allowed', detail, { allow }) : undefined)
  }

/** Of a path with or without a slash at its end, which Express takes for the same. */
const partsOf = (path: string): readonly string[] => path.replace(/\/$/, '').split('/')

function securityHeaders(publicUrl: () => string): RequestHandler {
  const headers: Readonly<Record<string, string>> = {
    'content-security-policy':
      "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
      "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  }
  return (_request, response, next) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    if (publicUrl().startsWith('https:')) response.setHeader('strict-transport-security', 'max-age=31536000')
    next()
  }
}

/** Every error that is expected becomes the problem it means; one that is not is kept from the caller. Trouble is told. */
const toProblem: ErrorRequestHandler = (error: unknown, { method }, response, _next) => {
  if (error instanceof ProblemError) return sendProblem(response, error.code, error.message, error.more)
  if (error instanceof Unfit)
    return sendProblem(response, 'invalid', error.message, { problems: error.problems })
  if (error instanceof NotFound) return sendProblem(response, 'not-found', error.message, {})
  if (error instanceof Conflict) return sendProblem(response, 'conflict', error.message, {})
  if (error instanceof Unavailable) {
    signal('engine.trouble', { where: 'api', message: error.message })
    const detail =
      method === 'GET' || method === 'HEAD'
        ? 'The store could not be read, or did not answer in time. Try again in a moment; the log says what was wrong.'
        : 'The store could not be written, or did not answer in time. Look whether the change was made before you try again; the log says what was wrong.'
    return sendProblem(response, 'unavailable', detail, { retryAfterSeconds: 5 })
  }
  if (error instanceof URIError)
    return sendProblem(response, 'bad-request', 'The address is not well encoded.', {})
  signal('engine.trouble', { where: 'api', message: describeUnknown(error) })
  return sendProblem(response, 'internal', 'Something in Hookloom broke; the log says what. Try again.', {})
}
