import * as z from 'zod/mini'
import type { Json } from './json.ts'
import { type RetryPolicy, retryDefault, retrySchema } from './retry.ts'
import { type Rule, ruleSchema } from './rules.ts'

/** One setting of a node: how it is edited, how it is checked, how it starts. Said once. */
export type Field<T = unknown> = {
  readonly label: string
  readonly help?: string
  /** What a missing setting means. A setting whose `initial` does not pass its own check must be given. */
  readonly initial: T
  /** Checks the resolved value; expressions and templates are gone by then. */
  readonly schema: z.ZodMiniType<T>
} & Control

/** The editor draws each of these, and its switch over them is exhaustive. */
export type Control =
  | { readonly control: ValueControl }
  | { readonly control: 'select'; readonly options: readonly string[] }
  | { readonly control: 'text'; readonly lines: 'one' | 'many' }

type ValueControl = Exclude<keyof typeof resolutions, 'select' | 'text'>

/**
 * How a saved setting becomes the value that `run` receives.
 * `value`: as it is, or an expression `{ "$": … }`. `template`: text with `{{ JSONata }}` inside, an expression, or a secret
 * (Slack's URLs are secrets).
 * `deep`: templates, expressions and secrets at any depth. `secret`: text or `{ "$secret": NAME }`.
 * `program`: source text that the node itself hands to the sandbox. `door`: read where requests arrive, not in a run.
 */
export type Resolution = 'value' | 'template' | 'deep' | 'secret' | 'program' | 'door'

export const resolutions = {
  text: 'template',
  url: 'template',
  headers: 'deep',
  body: 'deep',
  number: 'value',
  seconds: 'value',
  time: 'template',
  toggle: 'value',
  select: 'value',
  retry: 'value',
  targetLimits: 'value',
  secret: 'secret',
  jsonata: 'program',
  script: 'program',
  rules: 'program',
  cases: 'program',
  signing: 'deep',
  verification: 'door',
  methods: 'door',
  addresses: 'door',
  dedupe: 'door',
  answer: 'door',
  limits: 'door',
  path: 'door',
  origins: 'door',
  naming: 'door',
  items: 'door',
} as const satisfies Record<string, Resolution>

export type ControlName = keyof typeof resolutions

// oxlint-disable-next-line typescript/no-explicit-any -- a record of fields of different types
export type Fields = Readonly<Record<string, Field<any>>>

/** What `run` receives: every expression already evaluated, every value already checked. */
export type ConfigOf<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never }

/** What is saved: values, templates, expressions and references to secrets, unchecked. */
export type Saved = Readonly<Record<string, unknown>>

/** An expression in place of a value. */
export interface Expression {
  readonly $: string
}
/** A reference to a secret in place of its text. */
export interface SecretReference {
  readonly $secret: string
}

const hasOnly = (value: unknown, key: string): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).length === 1 &&
  typeof (value as Record<string, unknown>)[key] === 'string'

export const isExpression = (value: unknown): value is Expression => hasOnly(value, '$')
export const isSecretReference = (value: unknown): value is SecretReference => hasOnly(value, '$secret')
export const isTemplate = (value: unknown): value is string =>
  typeof value === 'string' && value.includes('{{')

export const secretNamePattern = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/

interface Words {
  readonly label: string
  readonly help?: string
}

const optional = <T>(schema: z.ZodMiniType<T>): z.ZodMiniType<T | undefined> => z.optional(schema)

export const text = (words: Words & { initial?: string; lines?: 'one' | 'many' }): Field<string> => ({
  control: 'text',
  lines: 'one',
  schema: z.string(),
  initial: '',
  ...words,
})

export const url = (words: Words): Field<string> => ({
  control: 'url',
  schema: z.string().check(
    z.refine((text) => text !== '', 'a URL is missing'),
    z.refine((text) => text === '' || /^https?:\/\//i.test(text), 'a URL starts with https:// or http://'),
    z.refine((text) => !/^https?:\/\//i.test(text) || URL.canParse(text), 'this is not a URL'),
  ),
  initial: '',
  ...words,
})

export const secret = (words: Words): Field<string | undefined> => ({
  control: 'secret',
  schema: optional(z.string().check(z.minLength(1, 'a secret is not empty'))),
  initial: undefined,
  ...words,
})

export const number = (words: Words & { initial: number; least?: number; most?: number }): Field<number> => {
  const { least = Number.MIN_SAFE_INTEGER, most = Number.MAX_SAFE_INTEGER, ...rest } = words
  return {
    control: 'number',
    schema: z.number().check(z.gte(least, `at least ${least}`), z.lte(most, `at most ${most}`)),
    ...rest,
  }
}

export const seconds = (words: Words & { most: number }): Field<number | undefined> => {
  const { most, ...rest } = words
  return {
    control: 'seconds',
    schema: optional(
      z.number().check(z.gte(0, 'at least 0 seconds'), z.lte(most, `at most ${most} seconds`)),
    ),
    initial: undefined,
    ...rest,
  }
}

/** A moment: ISO 8601 text, or milliseconds since 1970. */
export const time = (words: Words): Field<string | number | undefined> => ({
  control: 'time',
  schema: optional(
    z.union([
      z.number(),
      z
        .string()
        .check(z.refine((text) => !Number.isNaN(Date.parse(text)), 'a time looks like 2027-01-31T09:00:00Z')),
    ]),
  ),
  initial: undefined,
  ...words,
})

export const toggle = (words: Words & { initial: boolean }): Field<boolean> => ({
  control: 'toggle',
  schema: z.boolean(),
  ...words,
})

export const select = <const O extends readonly [string, ...string[]]>(
  words: Words & { options: O; initial?: O[number] },
): Field<O[number]> => ({
  control: 'select',
  schema: z.enum(words.options),
  initial: words.options[0],
  ...words,
})

const missing = 'an expression is missing'

export const jsonata = (words: Words & { initial?: string }): Field<string> => ({
  control: 'jsonata',
  schema: z.string().check(z.refine((text) => text.trim() !== '', missing)),
  initial: '',
  ...words,
})

export const jsonataOptional = (words: Words): Field<string | undefined> => ({
  control: 'jsonata',
  schema: optional(z.string().check(z.refine((text) => text.trim() !== '', missing))),
  initial: undefined,
  ...words,
})

export const script = (words: Words): Field<string> => ({
  control: 'script',
  schema: z.string().check(z.refine((text) => text.trim() !== '', 'the code is missing')),
  initial: '',
  ...words,
})

const headerName = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/

/** Header name → value. RFC 9110: a name is a token; a value has no line break. */
export const headers = (words: Words): Field<Readonly<Record<string, string>>> => ({
  control: 'headers',
  schema: z.record(
    z.string().check(z.regex(headerName, 'a header name has letters, digits and dashes')),
    z.pipe(
      z.transform((value) =>
        typeof value === 'number' || typeof value === 'boolean' ? String(value) : value,
      ),
      z.string('a header value is text').check(z.regex(/^[^\r\n\0]*$/, 'a header value has no line break')),
    ),
  ) as unknown as z.ZodMiniType<Readonly<Record<string, string>>>,
  initial: {},
  ...words,
})

/** Text with templates, or any JSON value; `undefined` stands for the message. */
export const body = (words: Words): Field<Json | undefined> => ({
  control: 'body',
  schema: z.any(),
  initial: undefined,
  ...words,
})

export const retry = (words: Words): Field<RetryPolicy> => ({
  control: 'retry',
  schema: retrySchema as unknown as z.ZodMiniType<RetryPolicy>,
  initial: retryDefault,
  ...words,
})

/** A secret, alone or as `{ secret }`, so that a later knob of signing has its place beside it. */
export type Signing = string | { readonly secret: string }

export const signing = (words: Words): Field<Signing | undefined> => {
  const secret = z.string().check(z.minLength(1, 'a secret is not empty'))
  return {
    control: 'signing',
    schema: optional(z.union([secret, z.strictObject({ secret })])),
    initial: undefined,
    ...words,
  }
}

/** A rule list, see `rules.ts`. */
export const rules = (words: Words): Field<Rule | undefined> => ({
  control: 'rules',
  schema: optional(ruleSchema),
  initial: undefined,
  ...words,
})

/** One way out of a switch: the first whose condition holds is taken. */
export interface Case {
  readonly port: string
  readonly condition: string
}

export const portPattern = /^[A-Za-z0-9_-]{1,64}$/
const casesMax = 100

const caseSchema = z.strictObject({
  port: z.string().check(
    z.regex(portPattern, 'a port name has up to 64 letters, digits, dashes and underscores'),
    z.refine((port) => port !== 'otherwise', '"otherwise" is there already: give this port another name'),
  ),
  condition: z.string().check(z.refine((text) => text.trim() !== '', missing)),
})

export const cases = (words: Words): Field<readonly Case[]> => ({
  control: 'cases',
  schema: z.readonly(
    z.array(caseSchema).check(
      z.minLength(1, 'a switch has at least one case'),
      z.maxLength(casesMax, `a switch has at most ${casesMax} cases`),
      z.refine(
        (cases) => new Set(cases.map(({ port }) => port)).size === cases.length,
        'two cases have the same port: every port name stands once',
      ),
    ),
  ),
  initial: [],
  ...words,
})
