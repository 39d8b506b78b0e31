/**
 * A route of the server, said once: the same schemas check what comes in, type the handler, and make the OpenAPI document.
 */
import type { Request, RequestHandler, Response } from 'express'
import * as z from 'zod/mini'
import type { Problem } from '../../nodes/contract/graph.ts'
import { issuesOf } from '../../nodes/contract/issue.ts'
import { ProblemError } from './problem.ts'

type Schema = z.ZodMiniType

export interface Route<Body extends Schema = Schema, Query extends Schema = Schema> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** As Express reads it: `/api/workflows/:id`. */
  readonly path: string
  readonly summary: string
  readonly body?: Body
  /** Without one no parameter is known, and each is refused. */
  readonly query?: Query
  readonly answer?: Schema
  /** The media type of an answer that is not JSON; the handler writes it. */
  readonly produces?: string
  /** Of the answer; 204 without one. */
  readonly status?: number
  /** Needs no sign-in. */
  readonly isPublic?: true
  /** Returns the answer's value, or writes to the response itself and returns nothing. */
  readonly handle: (call: {
    readonly params: Readonly<Record<string, string>>
    readonly body: z.output<Body>
    readonly query: z.output<Query>
    readonly request: Request
    readonly response: Response
  }) => unknown
}

/** A handler sees its own body and query; a list of routes does not. */
export const route = <Body extends Schema, Query extends Schema>(told: Route<Body, Query>): Route => told

const noQuery = z.strictObject({})

/** The route as Express runs it. */
export function handlerOf({ body, query = noQuery, status, handle }: Route): RequestHandler {
  const run = async (request: Request, response: Response) => {
    const params = Object.fromEntries(
      Object.entries(request.params).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join('/') : value,
      ]),
    )
    const value = await handle({
      params,
      query: parse(query, { ...request.query }, 'query'),
      body: body === undefined ? undefined : parse(body, request.body, 'body'),
      request,
      response,
    })
    if (response.headersSent) return
    if (value === undefined) response.status(204).end()
    else response.status(status ?? 200).json(value)
  }
  return (request, response, next) => {
    run(request, response).catch(next)
  }
}

function parse<S extends Schema>(schema: S, value: unknown, where: 'body' | 'query'): z.output<S> {
  const parsed = z.safeParse(schema, value)
  if (parsed.success) return parsed.data
  const problems: readonly Problem[] = issuesOf(schema, value).map(({ path, message }) => ({
    nodeId: null,
    path: path.join('.'),
    message,
  }))
  const [first] = problems
  const place = first?.path ? `"${first.path}" of the ${where}` : `the ${where}`
  const more = problems.length > 1 ? ` ${problems.length - 1} more below.` : ''
  throw new ProblemError('invalid', `In ${place}: ${first?.message ?? 'it does not fit'}.${more}`, {
    problems,
  })
}
