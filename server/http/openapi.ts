import * as z from 'zod/mini'
import { problemDocument } from '../../nodes/contract/api.ts'
import { liveSignal } from '../../nodes/contract/api-house.ts'
import { problems } from './problem.ts'
import type { Route } from './route.ts'

const schemaOf = (schema: z.ZodMiniType, io: 'input' | 'output') => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}

const content = (schema: object, type = 'application/json') => ({ content: { [type]: { schema } } })

export interface OpenApiOptions {
  readonly publicUrl: string
  readonly cookieName: string
}

/** An OpenAPI 3.1 document of the routes, made from the schemas that check their requests. */
export function openApi(routes: readonly Route[], { publicUrl, cookieName }: OpenApiOptions): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method]: operationOf(route) }
  }
  const codes = Object.entries(problems).map(
    ([code, [status, title]]) => `\`${code}\` (${status}): ${title}.`,
  )
  return {
    openapi: '3.1.0',
    info: {
      title: 'Hookloom',
      version: '1',
      description: `Errors are RFC 9457 problem documents; \`type\` is \`urn:hookloom:problem:CODE\`. ${codes.join(' ')}`,
    },
    servers: [{ url: publicUrl }],
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: cookieName },
      },
      schemas: {
        Problem: schemaOf(problemDocument, 'output'),
        /** What each message of `GET /api/live` holds, as JSON. */
        LiveSignal: schemaOf(liveSignal, 'output'),
      },
      responses: {
        Problem: {
          description: 'A problem.',
          ...content({ $ref: '#/components/schemas/Problem' }, 'application/problem+json'),
        },
      },
    },
    security: [{ token: [] }, { session: [] }],
    paths,
  }
}

function operationOf(route: Route): object {
  const { path, summary, body, query, isPublic } = route
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const inQuery = query === undefined ? [] : Object.entries(propertiesOf(schemaOf(query, 'input')))
  const parameters = [...inPath, ...inQuery.map(([name, schema]) => ({ name, in: 'query', schema }))]
  return {
    operationId: operationIdOf(route),
    summary,
    ...(isPublic && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && {
      requestBody: { required: !body.safeParse({}).success, ...content(schemaOf(body, 'input')) },
    }),
    responses: { ...answerOf(route), default: { $ref: '#/components/responses/Problem' } },
  }
}

function answerOf({ summary, answer, produces, status }: Route): object {
  if (produces !== undefined)
    return { [status ?? 200]: { description: summary, ...content({ type: 'string' }, produces) } }
  if (answer === undefined) return { 204: { description: 'Done.' } }
  return { [status ?? 200]: { description: summary, ...content(schemaOf(answer, 'output')) } }
}

/** `POST /api/workflows/:id/rotate-hook` → `postWorkflowsByIdRotateHook`. */
const operationIdOf = ({ method, path }: Route): string =>
  method +
  path
    .replace(/^\/api(?=\/)/, '')
    .replace(/\/:(\w)/g, (_, letter: string) => `/by-${letter}`)
    .replace(/[/.-](\w)/g, (_, letter: string) => letter.toUpperCase())

const propertiesOf = (schema: object): Record<string, unknown> =>
  'properties' in schema && typeof schema.properties === 'object' && schema.properties !== null
    ? (schema.properties as Record<string, unknown>)
    : {}
