/** What the signature doctor says, as it crosses the API. It holds names and words, never a secret or a signature. */
import * as z from 'zod/mini'
import type { Json } from './json.ts'
import { verificationSchema } from './verification.ts'

const json = z.unknown() as unknown as z.ZodMiniType<Json>

/** What the door looks at, in its order. */
export const findingKinds = ['sender', 'signature', 'time', 'id', 'url', 'secret', 'body'] as const

/** `unknown`: it cannot be told, because something before it is wrong. */
const finding = z.object({
  about: z.enum(findingKinds),
  state: z.enum(['right', 'wrong', 'unknown']),
  text: z.string(),
})
export type Finding = z.infer<typeof finding>

/** How a stored secret is written anew without being shown. */
export const rewrites = ['trimmed', 'unquoted', 'value-only', 'with-line-break'] as const
export type Rewrite = (typeof rewrites)[number]

/** What can be done for the person, with the words of its button. */
const remedy = z.discriminatedUnion('kind', [
  /** Over the webhook node's setting: the fields of an object are merged and null takes one away; all else takes its place. */
  z.object({
    kind: z.literal('setting'),
    field: z.enum(['verification', 'methods', 'allowFrom', 'limits']),
    change: json,
    label: z.string(),
  }),
  /** `PATCH /api/secrets/:name`. */
  z.object({ kind: z.literal('secret'), name: z.string(), rewrite: z.enum(rewrites), label: z.string() }),
  /** A variable of the server's environment: to be copied, since only its operator sets it. */
  z.object({ kind: z.literal('environment'), name: z.string(), value: z.string(), label: z.string() }),
  /** The draft lets it in, the published version does not yet. */
  z.object({ kind: z.literal('publish'), label: z.string() }),
  /** The cause is mended: it can be accepted by hand as if it came now as verified as any other. */
  z.object({ kind: z.literal('accept'), label: z.string() }),
])
export type Remedy = z.infer<typeof remedy>

export const diagnosis = z.object({
  /** `passes`: as things stand it is let in. `found`: it is known what keeps it out. `unknown`: nothing that was tried explains it. */
  outcome: z.enum(['passes', 'found', 'unknown']),
  /** What is wrong and what to change. */
  sentence: z.string(),
  findings: z.readonly(z.array(finding)),
  remedy: z.nullable(remedy),
  /** Other ways of reading the request that were tried. */
  tried: z.int().check(z.gte(0)),
})
export type Diagnosis = z.infer<typeof diagnosis>

/** As large as what is kept of a rejection, in base64; a pasted text is shorter. */
const pastedBodyLengthMax = 90_000
const pastedHeadersMax = 200
const text = (what: string, most: number) =>
  z.string().check(z.maxLength(most, `${what} has at most ${most} characters`))

/** A pasted request, judged by settings that need not be saved yet. Its age is judged only where `cameAt` says when it came. */
export const diagnose = z.strictObject({
  verification: verificationSchema,
  /** Whose hook URL it was sent to, for schemes that sign the URL. */
  workflowId: z.optional(z.string()),
  /** Tried before those of the settings; kept nowhere. */
  secret: z.optional(text('a secret', 65_536)),
  request: z.strictObject({
    method: z._default(z.string().check(z.regex(/^[A-Z]{1,20}$/, 'a method is a word in capitals')), 'POST'),
    /** The URL that the sender called, where it is another than the workflow's own. */
    url: z.optional(text('a URL', 8_192)),
    headers: z
      .array(z.strictObject({ name: text('a header name', 256), value: text('a header value', 16_384) }))
      .check(z.maxLength(pastedHeadersMax, `at most ${pastedHeadersMax} headers`)),
    body: z._default(text('a body', pastedBodyLengthMax), ''),
    bodyEncoding: z._default(z.enum(['utf-8', 'base64']), 'utf-8'),
  }),
  cameAt: z.optional(z.iso.datetime('a time looks like 2027-01-31T09:00:00Z')),
})
export type Diagnose = z.input<typeof diagnose>

/** Changes how a stored secret is written; its text does not come back. */
export const changeSecret = z.strictObject({ rewrite: z.enum(rewrites) })
export type ChangeSecret = z.infer<typeof changeSecret>
