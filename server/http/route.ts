/**
 * A route of the API, said once: the same schemas check what comes in, type the handler, and make the OpenAPI document.
 */
import type { Request, RequestHandler, Response } from 'express'
import * as z from 'zod/v4/core'
import type { Problem } from '../../nodes/contract/graph.ts'
import { ProblemError } from './problem.ts'

type Schema = z.$ZodType

export interface Route<Body extends Schema = Schema, Query extends Schema = Schema> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** As Express reads it: `/api/workflows/:id`. */
  readonly path: string
  readonly summary: string
  readonly body?: Body
  readonly query?: Query
  readonly answer?: Schema
  /** Of the answer; 204 without one. */
  readonly status?: number
  /** Needs no sign-in. */
  readonly isPublic?: true
  /** Returns the answer's value, or writes to the response itself and returns nothing. */
  handle(call: {
    readonly params: Readonly<Record<string, string>>
    readonly body: z.output<Body>
    readonly query: z.output<Query>
    readonly request: Request
    readonly response: Response
  }): unknown
}

/** A handler sees its own body and query; a list of routes does not. */
export const route = <Body extends Schema, Query extends Schema>(told: Route<Body, Query>): Route =>
  told as unknown as Route

/** The route as Express runs it. */
export function handlerOf({ body, query, status, handle }: Route): RequestHandler {
  const run = async (request: Request, response: Response) => {
    const params = Object.fromEntries(
      Object.entries(request.params).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join('/') : String(value),
      ]),
    )
    const value = await handle({
      params,
      body: body === undefined ? undefined : parse(body, request.body ?? {}, 'body'),
      query: query === undefined ? undefined : parse(query, request.query, 'query'),
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
  const problems: readonly Problem[] = parsed.error.issues.map(({ path, message }) => ({
    nodeId: null,
    path: path.map(String).join('.'),
    message,
  }))
  const [first] = problems
  const place = first?.path ? `"${first.path}"` : `the ${where}`
  throw new ProblemError('invalid', `In ${place}: ${first?.message ?? 'it does not fit'}.`, { problems })
}
