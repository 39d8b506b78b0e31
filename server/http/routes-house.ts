import * as z from 'zod/mini'
import * as api from '../../nodes/contract/api.ts'
import * as house from '../../nodes/contract/api-house.ts'
import { changeSecret } from '../../nodes/contract/diagnosis.ts'
import { describeNodeType } from '../../nodes/contract/describe.ts'
import type { NodeTypes } from '../../nodes/contract/node.ts'
import type { Provider } from '../../nodes/contract/provider.ts'
import { providers } from '../../nodes/providers/index.ts'
import { describeKnown } from '../../nodes/providers/known.ts'
import { type TrustedProxies, seenAs } from '../inbound/address.ts'
import type { Queue } from '../queue/queue.ts'
import type { Storage } from '../storage/storage.ts'
import type { Secrets } from '../workflows/secrets.ts'
import type { sessionRoutes } from './authenticate.ts'
import { live } from './live.ts'
import { ProblemError } from './problem.ts'
import { type Route, route } from './route.ts'

export interface HouseRoutesOptions {
  readonly storage: Storage
  readonly queue: Queue
  readonly secrets: Secrets
  readonly types: NodeTypes
  readonly session: ReturnType<typeof sessionRoutes>
  readonly trusted: TrustedProxies
  readonly now: () => number
}

/** The rest of the house: sign-in, secrets, node types, the books, what happens now. */
export function houseRoutes({
  storage,
  queue,
  secrets,
  types,
  session,
  trusted,
  now,
}: HouseRoutesOptions): readonly Route[] {
  const startedAt = now()
  return [
    route({
      method: 'post',
      path: '/api/session',
      summary: 'Signs a browser in; the answer sets a cookie.',
      body: api.signIn,
      isPublic: true,
      handle: ({ body, request, response }) => {
        if (!('token' in body))
          throw new ProblemError('invalid', 'Sign in with the API token: {"token": "…"}.')
        return session.signIn(request, response, body)
      },
    }),
    route({
      method: 'delete',
      path: '/api/session',
      summary: 'Signs the browser out.',
      handle: ({ request, response }) => session.signOut(request, response),
    }),
    route({
      method: 'get',
      path: '/api/secrets',
      summary: 'Lists the names of secrets; their values never come back.',
      answer: house.secretList,
      handle: async () => ({
        items: (await secrets.list()).map(({ name, updatedAt }) => ({
          name,
          updatedAt: new Date(updatedAt).toISOString(),
        })),
        nextCursor: null,
      }),
    }),
    route({
      method: 'put',
      path: '/api/secrets/:name',
      summary: 'Stores a secret, or replaces its value.',
      body: house.putSecret,
      handle: ({ params, body }) => secrets.put(secretName(params['name']), body.value),
    }),
    route({
      method: 'patch',
      path: '/api/secrets/:name',
      summary: 'Writes a stored secret otherwise (without white space around it, …) without showing it.',
      body: changeSecret,
      handle: ({ params, body }) => secrets.rewrite(secretName(params['name']), body.rewrite),
    }),
    route({
      method: 'delete',
      path: '/api/secrets/:name',
      summary: 'Deletes a secret.',
      handle: async ({ params }) => {
        if (!(await secrets.delete(secretName(params['name'])))) {
          throw new ProblemError('not-found', 'There is no secret with this name.')
        }
      },
    }),
    route({
      method: 'get',
      path: '/api/node-types',
      summary: 'Every node type: its words, fields as JSON Schema, ports and examples.',
      answer: house.nodeTypeList,
      handle: () => ({ items: Object.values(types).map(describeNodeType), nextCursor: null }),
    }),
    route({
      method: 'get',
      path: '/api/providers',
      summary: 'Every sender that can be verified: how it is set up, its settings and samples.',
      answer: house.providerList,
      handle: () => ({ items: [...providers.values()].map(describeProvider), nextCursor: null }),
    }),
    route({
      method: 'get',
      path: '/api/balance',
      summary: 'The books: every accepted event is in exactly one place.',
      answer: house.balance,
      handle: async () => {
        const tally = await storage.balance()
        const { accepted, succeeded, filtered, failed, cancelled, held, pending } = tally
        return { ...tally, balanced: accepted === succeeded + filtered + failed + cancelled + held + pending }
      },
    }),
    route({
      method: 'get',
      path: '/api/stats',
      summary: 'How long the server runs and what is in its queue.',
      answer: house.stats,
      handle: async () => ({
        startedAt: new Date(startedAt).toISOString(),
        uptimeSeconds: Math.floor((now() - startedAt) / 1_000),
        queue: await queue.counts(),
      }),
    }),
    route({
      method: 'get',
      path: '/api/address',
      summary: 'The address that this server sees the caller at, as a hook would.',
      answer: house.address,
      handle: ({ request }) =>
        seenAs(request.socket.remoteAddress ?? '', request.get('x-forwarded-for'), trusted),
    }),
    route({
      method: 'get',
      path: '/api/live',
      summary: 'Server-sent events: what happens, as it happens.',
      query: z.strictObject({ workflowId: z.optional(z.string()) }),
      produces: 'text/event-stream',
      handle: ({ query: { workflowId }, request, response }) =>
        live(request, response, { workflowId, isSignedIn: (asked) => session.isSignedIn(asked) }),
    }),
  ]
}

function describeProvider(provider: Provider) {
  const { id, title, icon, link, setup, caution = null, settings, samples } = provider
  const { variants } = describeKnown(provider, { scheme: id })
  return { id, title, icon, link, setup, caution, settings, variants, samples }
}

function secretName(text = ''): string {
  const parsed = house.secretName.safeParse(text)
  if (parsed.success) return parsed.data
  throw new ProblemError(
    'invalid',
    `This cannot be a secret's name: ${parsed.error.issues[0]?.message ?? ''}.`,
  )
}
