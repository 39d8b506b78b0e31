import * as z from 'zod/mini'
import { isCidr } from './contract/address.ts'
import type { ConfigOf, Field, Saved } from './contract/field.ts'
import type { Json } from './contract/json.ts'
import { type LimitSettings, limitsSchema } from './contract/limits.ts'
import { defineNode } from './contract/node.ts'
import type { VerificationSettings } from './contract/scheme.ts'
import { shown } from './contract/shown.ts'
import { verificationSchema } from './contract/verification.ts'
import { providers } from './providers/index.ts'
import { dedupeProblems, verificationProblems } from './providers/problems.ts'

/** What the caller gets: this, or what a `respond` node says. */
export type AnswerSettings =
  | 'workflow'
  | {
      readonly status: number
      readonly headers: { readonly [name: string]: string }
      /** Text as it is, anything else as JSON; `{"id":"evt_…"}` when left out. */
      readonly body?: Json | undefined
    }

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
const statusDefault = 200

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
  help: 'What is answered beside them by itself: the handshakes of the chosen provider.',
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
  help: 'Sent as soon as the event is stored: 200 and its id, unless you say otherwise. "workflow": the caller waits for a Respond node.',
  schema: z.union([
    z.literal('workflow'),
    z.strictObject({
      status: z._default(
        z.int('the status is a whole number').check(z.gte(200, 'at least 200'), z.lte(599, 'at most 599')),
        statusDefault,
      ),
      headers: z._default(
        z.record(
          z
            .string()
            .check(z.regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'a header name has letters, digits and dashes')),
          z.string().check(z.regex(/^[^\r\n\0]*$/, 'a header value has no line break')),
        ),
        {},
      ),
      body: z.optional(z.any()),
    }),
  ]) as unknown as z.ZodMiniType<AnswerSettings>,
  initial: { status: statusDefault, headers: {} },
}

const limits: Field<LimitSettings> = {
  control: 'limits',
  label: 'Limits',
  help: 'What is beyond them gets 429 or 503 and a time after which to come again. A body may have 5 MiB, or what the provider may send (GitHub: 25 MiB).',
  schema: limitsSchema,
  initial: {},
}

const fields = { verification, methods, allowFrom, dedupe, answer, limits }

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
})

export const webhook = defineNode({
  id: 'webhook',
  title: 'Webhook',
  summary: 'Starts the workflow when a request arrives at its hook URL.',
  icon: 'webhook',
  group: 'trigger',

  fields,
  sentence: ({ verification }) => {
    const scheme = verification?.scheme ?? 'none'
    if (scheme === 'none') return ['When anyone calls', '(not verified)']
    return ['When', shown(providers.get(scheme)?.title ?? scheme), 'calls']
  },
  outputs: { out: 'Out' },
  role: 'starts',
  // What it emits has arrived already.
  pure: true,
  check: ({ verification = { scheme: 'none' }, dedupe = dedupeDefault }) => [
    ...verificationProblems(verification),
    ...dedupeProblems(dedupe.key ?? dedupeDefault.key, verification),
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
