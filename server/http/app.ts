import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import { Conflict, NotFound, Unavailable } from '../storage/storage.ts'
import { describeUnknown } from '../../nodes/contract/failure.ts'
import { signal } from '../engine/signals.ts'
import { Unfit } from '../workflows/editing.ts'
import { type AuthenticationOptions, authenticate } from './authenticate.ts'
import { openApi } from './openapi.ts'
import { ProblemError } from './problem.ts'
import { sendProblem } from './hooks.ts'
import { type Route, handlerOf } from './route.ts'
import { welcomePage } from './welcome.ts'

/** A graph of 1,000 nodes with long scripts is well below. */
const apiBodyBytesMax = 8 * 1_024 * 1_024

export interface AppOptions {
  readonly routes: readonly Route[]
  readonly authentication: AuthenticationOptions
  readonly publicUrl: () => string
  /** Whether the store can be written and the worker works, in a sentence when not. */
  readonly readiness: () => Promise<string | undefined>
  readonly metrics: { readonly contentType: string; text(): Promise<string> }
}

/** Everything but the hooks: the API, the pages, health and metrics. */
export function createApp({ routes, authentication, publicUrl, readiness, metrics }: AppOptions): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.set('case sensitive routing', true)
  app.set('query parser', 'simple')
  app.use(securityHeaders(publicUrl))

  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }))
  app.get('/readyz', (_request, response, next) => {
    readiness().then((trouble) => {
      if (trouble === undefined) response.json({ status: 'ready' })
      else sendProblem(response, 'unavailable', trouble, { retryAfterSeconds: 5 })
    }, next)
  })

  const signedIn = authenticate(authentication)
  app.get('/metrics', signedIn, (_request, response, next) => {
    metrics.text().then((text) => void response.type(metrics.contentType).send(text), next)
  })
  const json = express.json({
    limit: apiBodyBytesMax,
    strict: false,
    type: ['application/json', 'application/*+json'],
  })
  for (const route of routes) {
    const guards = route.isPublic ? [] : [signedIn]
    const body = route.body === undefined ? [] : [requireJson, json]
    app[route.method](route.path, ...guards, noStore, ...body, handlerOf(route))
  }
  app.get(
    '/api/openapi.json',
    signedIn,
    (_request, response) => void response.json(openApi(routes, publicUrl())),
  )
  app.use('/api', signedIn, wrongMethod(routes))
  app.get('/', (_request, response) => void response.type('html').send(welcomePage(publicUrl())))
  app.use((_request, response) => sendProblem(response, 'not-found', 'There is nothing at this address.', {}))
  app.use(toProblem)
  return app
}

const noStore: RequestHandler = (_request, response, next) => {
  response.setHeader('cache-control', 'no-store')
  next()
}

/** A form or a text that another site can send is no API request. An empty body is one without settings. */
const requireJson: RequestHandler = (request, _response, next) => {
  const hasBody = Number(request.headers['content-length'] ?? 0) > 0 || 'transfer-encoding' in request.headers
  const isJson = /^application\/(?:[\w.+-]+\+)?json\b/i.test(request.headers['content-type'] ?? '')
  if (!hasBody || isJson) next()
  else next(new ProblemError('unsupported-media-type', 'Send the body as application/json.'))
}

/** A path that exists for other methods says which. */
const wrongMethod =
  (routes: readonly Route[]): RequestHandler =>
  (request, _response, next) => {
    const path = `/api${request.path}`.split('/')
    const allow = routes
      .filter((route) => {
        const parts = route.path.split('/')
        return (
          parts.length === path.length && parts.every((part, at) => part.startsWith(':') || part === path[at])
        )
      })
      .map(({ method }) => method.toUpperCase())
    const detail = `This address takes ${allow.join(', ')}, not ${request.method}.`
    next(
      allow.length > 0
        ? new ProblemError('method-not-allowed', detail, { allow })
        : new ProblemError('not-found', 'There is nothing at this address of the API.'),
    )
  }

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

/** Every error that is expected becomes the problem it means; one that is not is told, and kept from the caller. */
const toProblem: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  if (error instanceof ProblemError) return sendProblem(response, error.code, error.message, error.more)
  if (error instanceof Unfit)
    return sendProblem(response, 'invalid', error.message, { problems: error.problems })
  if (error instanceof NotFound) return sendProblem(response, 'not-found', error.message, {})
  if (error instanceof Conflict) return sendProblem(response, 'conflict', error.message, {})
  if (error instanceof Unavailable) {
    const detail = 'The store cannot be written now. Nothing was changed; try again.'
    return sendProblem(response, 'unavailable', detail, { retryAfterSeconds: 5 })
  }
  if (error instanceof URIError)
    return sendProblem(response, 'bad-request', 'The address is not well encoded.', {})
  const status = error instanceof Error && 'status' in error ? error.status : undefined
  if (status === 413) {
    const detail = `The body has more than ${apiBodyBytesMax} bytes, the most that the API reads.`
    return sendProblem(response, 'too-large', detail, {})
  }
  if (status === 400 || status === 415) {
    return sendProblem(response, 'bad-request', `The body is not JSON: ${describeUnknown(error)}.`, {})
  }
  signal('engine.trouble', { where: 'api', message: describeUnknown(error) })
  return sendProblem(response, 'internal', 'Something in Hookloom broke; the log says what. Try again.', {})
}
