import * as z from 'zod/mini'
import { secretNamePattern } from './field.ts'
import { jwtAlgorithms, type VerificationSettings } from './scheme.ts'

/** More would cost a comparison each, and nobody replaces a secret by nine others at once. */
const secretsMax = 10
const toleranceSecondsMax = 3_650 * 24 * 3_600

const words = (what: string) => z.string().check(z.minLength(1, `${what} is not empty`))
const headerName = z
  .string()
  .check(z.regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}$/, 'a header name has letters, digits and dashes'))
const place = z
  .string()
  .check(
    z.regex(
      /^(?:(?:header|query|body|part):)?[^\s:]+$/,
      'a place looks like header:X-Timestamp, query:ts, body:sent_at or part:t',
    ),
  )

/** Where an event says what it is; `path:NAME` is a parameter of the hook's path. */
export const eventPlace = z
  .string()
  .check(
    z.regex(
      /^(?:header|query|body|path):[^\s:]+$/,
      'a place looks like header:X-Event, body:type, query:kind or path:name',
    ),
  )

/** A secret's text, or a reference to one by its name. */
const secretText = z.union([
  words('a secret'),
  z.strictObject({ $secret: z.string().check(z.regex(secretNamePattern, 'this is no name of a secret')) }),
])

/** The form of `webhook.verification`. Which settings go with which scheme is told by the node's own check. */
export const verificationSchema = z.strictObject({
  scheme: words('the scheme'),
  secret: z.optional(secretText),
  secrets: z.optional(z.array(secretText).check(z.maxLength(secretsMax, `at most ${secretsMax} secrets`))),
  verifyToken: z.optional(secretText),
  variant: z.optional(z.string()),
  username: z.optional(
    z.string().check(z.regex(/^[^:]*$/, 'a user name has no colon: it would end there'), z.minLength(1)),
  ),
  header: z.optional(headerName),
  query: z.optional(words('the name of a query parameter')),
  parts: z.optional(
    z.strictObject({
      separator: z.optional(words('the separator')),
      assign: z.optional(words('what stands between name and value')),
      signature: words('the name of the signature'),
      timestamp: z.optional(words('the name of the timestamp')),
    }),
  ),
  signed: z.optional(words('the signed text')),
  algorithm: z.optional(z.string()),
  algorithms: z.optional(z.array(z.enum(jwtAlgorithms)).check(z.minLength(1, 'name at least one algorithm'))),
  encoding: z.optional(z.enum(['hex', 'base64', 'base64url'])),
  prefix: z.optional(z.string()),
  key: z.optional(z.enum(['text', 'hex', 'base64', 'whsec', 'public'])),
  id: z.optional(place),
  timestamp: z.optional(
    z.strictObject({
      from: z.optional(place),
      unit: z.optional(z.enum(['seconds', 'milliseconds', 'rfc3339'])),
      toleranceSeconds: z.optional(
        z
          .int('the tolerance is a whole number of seconds')
          .check(
            z.gte(1, 'at least 1 second'),
            z.lte(toleranceSecondsMax, `at most ${toleranceSecondsMax} seconds`),
          ),
      ),
    }),
  ),
  issuer: z.optional(words('the issuer')),
  audience: z.optional(words('the audience')),
  keysUrl: z.optional(
    z.string().check(z.regex(/^https:\/\/[^\s/]+/, 'a key set is at a URL that starts with https://')),
  ),
  topic: z.optional(words('the topic')),
}) as unknown as z.ZodMiniType<VerificationSettings>
