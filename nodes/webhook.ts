import * as z from 'zod/mini'
import { isCidr } from './contract/address.ts'
import { isOrigin } from './contract/origin.ts'
import { compilePath } from './contract/path-pattern.ts'
import type { ConfigOf, Field, Saved } from './contract/field.ts'
import { type LimitSettings, limitsSchema } from './contract/limits.ts'
import { defineNode } from './contract/node.ts'
import type { VerificationSettings } from './contract/scheme.ts'
import { shown } from './contract/shown.ts'
import { eventPlace, verificationSchema } from './contract/verification.ts'
import { type AnswerSettings, answerSchema, statusDefault, toldAtOnce } from './contract/webhook-answer.ts'
import { addressProblems, dedupeProblems, knownProvider, verificationProblems } from './providers/problems.ts'

export interface DedupeSettings {
  /** `preset` (the provider's delivery id), `header:NAME`, `$: JSONata`, `body` or `none`. */
  readonly key: string
  readonly windowSeconds: number
}

export const methodNames = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
const allowFromMax = 1_000
const daySeconds = 24 * 3_600
const windowDaysMax = 30
const dedupeDefault: DedupeSettings = { key: 'preset', windowSeconds: daySeconds }

const verification: Field<VerificationSettings> = {
  control: 'verification',
  label: 'Verification',
  help: 'How a request shows that it comes from the right sender. With "none", whoever knows the URL can start the workflow.',
  schema: verificationSchema,
  initial: { scheme: 'none' },
}

const methods: Field<readonly string[]> = {
  control: 'methods',
  label: 'Methods',
  help: 'The handshakes of the chosen provider are answered whichever you choose.',
  schema: z
    .array(z.enum(methodNames, `a method is one of ${methodNames.join(', ')}`))
    .check(z.minLength(1, 'choose at least one method')) as unknown as z.ZodMiniType<readonly string[]>,
  initial: ['POST', 'PUT', 'PATCH'],
}

const allowFrom: Field<readonly string[]> = {
  control: 'addresses',
  label: 'Allowed addresses',
  help: 'Networks such as 192.0.2.0/24 or 2001:db8::/32; others get 403. Empty: from everywhere.',
  schema: z
    .array(z.string().check(z.refine(isCidr, 'an address looks like 192.0.2.0/24 or 2001:db8::1')))
    .check(z.maxLength(allowFromMax, `at most ${allowFromMax} networks`)) as unknown as z.ZodMiniType<
    readonly string[]
  >,
  initial: [],
}

const dedupe: Field<DedupeSettings> = {
  control: 'dedupe',
  label: 'Duplicates',
  help: 'What makes two deliveries one: "preset" is the provider’s own delivery id. The second one gets the first answer and does not run.',
  schema: z.strictObject({
    key: z._default(
      z
        .string()
        .check(
          z.regex(
            /^(?:preset|body|none|header:\s*[A-Za-z0-9!#$%&'*+.^_`|~-]+|\$:[^]*\S[^]*)$/,
            'the key is preset, header:NAME, $: JSONata, body or none',
          ),
        ),
      dedupeDefault.key,
    ),
    windowSeconds: z._default(
      z
        .int('the window is a whole number of seconds')
        .check(
          z.gte(1, 'at least 1 second'),
          z.lte(windowDaysMax * daySeconds, `at most ${windowDaysMax} days`),
        ),
      dedupeDefault.windowSeconds,
    ),
  }) as unknown as z.ZodMiniType<DedupeSettings>,
  initial: dedupeDefault,
}

const answer: Field<AnswerSettings> = {
  control: 'answer',
  label: 'Answer',
  help: 'Sent as soon as the event is stored: 200 and its id, unless you say otherwise; text with {{ JSONata }} inside sees the event. Or the caller waits for a Respond node.',
  schema: answerSchema,
  initial: { status: statusDefault, headers: {} },
}

const limits: Field<LimitSettings> = {
  control: 'limits',
  label: 'Limits',
  help: 'Requests beyond them are answered 429 or 503 and told when to try again. A body may have 5 MiB, or as much as the provider sends (GitHub: 25 MiB).',
  schema: limitsSchema,
  initial: {},
}

const path: Field<string> = {
  control: 'path',
  label: 'Path',
  help: 'What follows the hook URL: /orders/:id takes one segment as $event.params.id, /files/* all that follow. Others get 404. Empty: every path.',
  schema: z.string().check((payload) => {
    const compiled = compilePath(payload.value)
    if (!compiled.ok) payload.issues.push({ code: 'custom', message: compiled.problem, input: payload.value })
  }),
  initial: '',
}

const corsOriginsMax = 100

const corsOrigins: Field<readonly string[]> = {
  control: 'origins',
  label: 'Pages that may call it',
  help: 'Origins such as https://shop.example.com, or * for every page: their browsers are told that they may (CORS). Empty: none. It proves nothing about the caller.',
  schema: z
    .array(
      z
        .string()
        .check(z.refine(isOrigin, 'an origin looks like https://shop.example.com, or is * for every page')),
    )
    .check(z.maxLength(corsOriginsMax, `at most ${corsOriginsMax} origins`)) as unknown as z.ZodMiniType<
    readonly string[]
  >,
  initial: [],
}

/** Where an event says what it is, for senders whose preset does not know. Written like `header:X-Event` or `body:type`. */
export interface EventNaming {
  readonly type?: string | undefined
  readonly version?: string | undefined
}

const naming: Field<EventNaming> = {
  control: 'naming',
  label: 'Event type',
  help: 'Where the event says what it is (header:X-Event, body:type, query:kind or path:name): shown in lists, and $event.type. The sender’s own place holds unless you name one. The version becomes $event.version.',
  schema: z.strictObject({ type: z.optional(eventPlace), version: z.optional(eventPlace) }),
  initial: {},
}

const items: Field<'whole' | 'each'> = {
  control: 'items',
  label: 'A list in the body',
  help: '“whole” is one event. With “each”, every item of a list (SendGrid’s batches, lines of NDJSON, a batch of CloudEvents) is an event with a run of its own, at most 1,000 in one request.',
  schema: z.enum(['whole', 'each'], 'a list is taken whole, or each of its items by itself'),
  initial: 'whole',
}

const fields = {
  verification,
  methods,
  path,
  allowFrom,
  dedupe,
  answer,
  limits,
  naming,
  items,
  corsOrigins,
}

/** The webhook node's settings, checked and complete: what the door is made of. */
export type WebhookSettings = ConfigOf<typeof fields>

/** Reads a saved config; `undefined` when a setting cannot be used, so that no door is opened with half of them. */
export function readWebhookSettings(config: Saved): WebhookSettings | undefined {
  const read = webhookSchema.safeParse(
    Object.fromEntries(
      Object.entries(fields).map(([name, { initial }]) => [
        name,
        config[name] === undefined ? initial : config[name],
      ]),
    ),
  )
  return read.success ? read.data : undefined
}

const webhookSchema = z.object({
  verification: verification.schema,
  methods: methods.schema,
  allowFrom: allowFrom.schema,
  dedupe: dedupe.schema,
  answer: answer.schema,
  limits: limits.schema,
  path: path.schema,
  corsOrigins: corsOrigins.schema,
  naming: naming.schema,
  items: items.schema,
})

/** What callers show who are no sender with a name of its own. */
const proofs: Readonly<Partial<Record<string, string>>> = {
  hmac: 'a signature',
  bearer: 'a bearer token',
  'api-key': 'an API key',
  basic: 'user and password',
  jwt: 'a JSON Web Token',
}

export const webhook = defineNode({
  id: 'webhook',
  title: 'Webhook',
  summary: 'Starts the workflow when a request arrives at its hook URL.',
  icon: 'webhook',
  group: 'trigger',

  fields,
  sentence: ({ verification }) => {
    if (verification === undefined || verification.scheme === 'none') {
      return ['When anyone calls', '(not verified)']
    }
    const proof = proofs[verification.scheme]
    if (proof !== undefined) return ['When a caller shows', proof]
    return ['When', shown(knownProvider(verification)?.title ?? verification.scheme), 'calls']
  },
  outputs: { out: 'Out' },
  role: 'starts',
  // What it emits has arrived already.
  pure: true,
  check: ({ verification = { scheme: 'none' }, dedupe = dedupeDefault, allowFrom = [], items, answer }) => [
    ...verificationProblems(verification),
    ...addressProblems(verification, allowFrom),
    ...dedupeProblems(dedupe.key ?? dedupeDefault.key, verification),
    ...(items === 'each' && answer !== undefined && toldAtOnce(answer) === undefined
      ? [
          {
            path: 'answer',
            message: 'Answer: where each item is an event there is no one run to wait for. Answer at once.',
          },
        ]
      : []),
  ],

  examples: [
    {
      title: 'GitHub, verified',
      config: { verification: { scheme: 'github', secret: { $secret: 'GITHUB' } } },
      input: { ref: 'refs/heads/main', commits: [] },
      output: { port: 'out', data: { ref: 'refs/heads/main', commits: [] } },
    },
    {
      title: 'A signature of your own',
      config: {
        verification: {
          scheme: 'hmac',
          secret: { $secret: 'SHARED' },
          header: 'X-Signature',
          prefix: 'sha256=',
          signed: '{timestamp}.{body}',
          timestamp: { from: 'header:X-Timestamp', unit: 'seconds', toleranceSeconds: 300 },
        },
        dedupe: { key: 'header:X-Request-Id', windowSeconds: 3_600 },
      },
      input: { order: 17 },
      output: { port: 'out', data: { order: 17 } },
    },
    {
      title: 'Whoever knows the URL, from one network',
      config: { allowFrom: ['192.0.2.0/24'], methods: ['GET', 'POST'] },
      input: null,
      output: { port: 'out', data: null },
    },
  ],

  run: (_config, { input }) => ({ port: 'out', data: input }),
})
