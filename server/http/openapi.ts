import * as z from 'zod/v4/core'
import { problems } from './problem.ts'
import type { Route } from './route.ts'

const schemaOf = (schema: z.$ZodType, io: 'input' | 'output') => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}

const content = (schema: object) => ({ content: { 'application/json': { schema } } })

/** An OpenAPI 3.1 document of the routes, made from the schemas that check their requests. */
export function openApi(routes: readonly Route[], publicUrl: string): object {
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
        session: { type: 'apiKey', in: 'cookie', name: 'hookloom' },
      },
      schemas: {
        Problem: {
          type: 'object',
          required: ['type', 'title', 'status', 'detail'],
          properties: {
            type: { type: 'string' },
            title: { type: 'string' },
            status: { type: 'integer' },
            detail: { type: 'string' },
            problems: { type: 'array', items: { type: 'object' } },
          },
        },
      },
    },
    security: [{ token: [] }, { session: [] }],
    paths,
  }
}

function operationOf({ path, summary, body, query, answer, status, isPublic }: Route): object {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const fields = query === undefined ? {} : schemaOf(query, 'input')
  const inQuery = Object.entries(propertiesOf(fields)).map(([name, schema]) => ({
    name,
    in: 'query',
    schema,
  }))
  return {
    summary,
    ...(isPublic && { security: [] }),
    ...(inPath.length + inQuery.length > 0 && { parameters: [...inPath, ...inQuery] }),
    ...(body !== undefined && { requestBody: { required: true, ...content(schemaOf(body, 'input')) } }),
    responses: {
      [answer === undefined ? 204 : (status ?? 200)]: {
        description: answer === undefined ? 'Done.' : summary,
        ...(answer !== undefined && content(schemaOf(answer, 'output'))),
      },
      default: {
        description: 'A problem.',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

const propertiesOf = (schema: object): Record<string, unknown> =>
  'properties' in schema && typeof schema.properties === 'object' && schema.properties !== null
    ? (schema.properties as Record<string, unknown>)
    : {}
