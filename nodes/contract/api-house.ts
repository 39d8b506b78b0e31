/** What crosses the API beside workflows, events and runs: secrets, node types, the books, what happens now. See `api.ts`. */
import * as z from 'zod/mini'
import { runStates } from './api.ts'
import { secretNamePattern } from './field.ts'
import type { Json } from './json.ts'

const count = z.int().check(z.gte(0))
const time = z.string()
const json = z.unknown() as unknown as z.ZodMiniType<Json>

/** 64 KB hold a chain of certificates. */
const secretLengthMax = 65_536

export const secretName = z
  .string()
  .check(
    z.regex(
      secretNamePattern,
      "a secret's name starts with a letter and has up to 64 letters, digits, dashes and underscores",
    ),
  )
export const putSecret = z.strictObject({
  value: z
    .string()
    .check(
      z.minLength(1, 'a secret is not empty'),
      z.maxLength(secretLengthMax, `a secret is at most ${secretLengthMax} characters long`),
    ),
})
/** Values never come back. */
export const secret = z.object({ name: z.string(), updatedAt: time })
export type Secret = z.infer<typeof secret>
export const secretList = z.object({ items: z.array(secret), nextCursor: z.nullable(z.string()) })

/** What `describeNodeType` makes. */
export const nodeTypeDescription = z.object({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  icon: z.string(),
  group: z.enum(['trigger', 'logic', 'shape', 'send']),
  role: z.enum(['starts', 'decides', 'shapes', 'acts', 'waits']),
  version: count,
  ports: z.array(z.object({ id: z.string(), label: z.string() })),
  dynamicPorts: z.boolean(),
  failurePort: z.nullable(z.string()),
  fields: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      help: z.string(),
      control: z.string(),
      required: z.boolean(),
      initial: z.optional(json),
      options: z.optional(z.array(z.string())),
      lines: z.optional(z.enum(['one', 'many'])),
      schema: z.record(z.string(), z.unknown()),
    }),
  ),
  examples: z.array(
    z.object({
      title: z.string(),
      config: z.record(z.string(), z.unknown()),
      input: json,
      answers: z.optional(z.array(z.object({ status: z.int(), body: z.string() }))),
      output: z.object({ port: z.string(), data: json }),
    }),
  ),
})
export const nodeTypeList = z.object({ items: z.array(nodeTypeDescription), nextCursor: z.null() })

/** A sender that a webhook node can verify: its words, the settings that it takes beside its secret, and samples. */
export const provider = z.object({
  id: z.string(),
  title: z.string(),
  icon: z.string(),
  link: z.string(),
  setup: z.array(z.string()),
  /** What its signature does not do. */
  caution: z.nullable(z.string()),
  settings: z.array(z.string()),
  variants: z.array(z.string()),
  samples: z.array(
    z.object({
      title: z.string(),
      method: z.optional(z.string()),
      headers: z.record(z.string(), z.string()),
      body: json,
    }),
  ),
})
export const providerList = z.object({ items: z.array(provider), nextCursor: z.null() })

/** Every accepted event is in exactly one of the six; `balanced` says whether the sum agrees. */
export const balance = z.object({
  accepted: count,
  succeeded: count,
  filtered: count,
  failed: count,
  cancelled: count,
  held: count,
  pending: count,
  duplicates: count,
  rejected: count,
  balanced: z.boolean(),
})
export type Balance = z.infer<typeof balance>

/** Jobs of the queue: could be handed out now, due later, in hand. */
export const stats = z.object({
  startedAt: time,
  uptimeSeconds: z.number(),
  queue: z.object({ due: count, waiting: count, active: count }),
})
export type Stats = z.infer<typeof stats>

/** How this server sees whoever asks: what a hook would compare with its allowed addresses. */
export const address = z.object({
  address: z.string(),
  /** The other end of the connection, where that is another: a proxy that is trusted. */
  proxy: z.nullable(z.string()),
  /** X-Forwarded-For of a proxy that is not trusted, so that nobody is seen behind it. */
  ignored: z.nullable(z.string()),
})
export type Address = z.infer<typeof address>

/** One message of the stream `GET /api/live`: what changed, to be read again where it is shown. */
export const liveSignal = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('workflow'), workflowId: z.string() }),
  z.object({ kind: z.literal('event'), workflowId: z.string(), eventId: z.string() }),
  z.object({
    kind: z.literal('rejection'),
    workflowId: z.string(),
    rejectionId: z.string(),
    reason: z.string(),
  }),
  z.object({
    kind: z.literal('run'),
    workflowId: z.string(),
    runId: z.string(),
    eventId: z.string(),
    state: z.enum(runStates),
  }),
  z.object({
    kind: z.literal('step'),
    workflowId: z.string(),
    runId: z.string(),
    nodeId: z.string(),
    state: z.string(),
  }),
])
export type LiveSignal = z.infer<typeof liveSignal>
