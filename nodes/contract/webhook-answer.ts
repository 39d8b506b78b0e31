import * as z from 'zod/mini'
import type { Json } from './json.ts'

/** What the caller gets: this at once, or what a `respond` node says later. */
export type AnswerSettings =
  | 'workflow'
  | { readonly from: 'workflow'; readonly timeoutSeconds: number }
  | {
      readonly status: number
      readonly headers: { readonly [name: string]: string }
      /** Text as it is, anything else as JSON, templates and expressions evaluated; `{"id":"evt_…"}` when left out. */
      readonly body?: Json | undefined
    }

export const statusDefault = 200
/** Most senders give up sooner. */
export const answerSecondsDefault = 30
const answerSecondsMax = 120

export const answerSchema = z.union([
  z.literal('workflow'),
  z.strictObject({
    from: z.literal('workflow'),
    timeoutSeconds: z._default(
      z
        .int('the time is a whole number of seconds')
        .check(z.gte(1, 'at least 1 second'), z.lte(answerSecondsMax, `at most ${answerSecondsMax} seconds`)),
      answerSecondsDefault,
    ),
  }),
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
]) as unknown as z.ZodMiniType<AnswerSettings>

/** What is said at once; `undefined` where the workflow answers itself. */
export const toldAtOnce = (answer: AnswerSettings) =>
  answer === 'workflow' || 'from' in answer ? undefined : answer

/** How long a caller waits for the workflow's own answer; `undefined` where it is answered at once. */
export function waitsSeconds(answer: AnswerSettings): number | undefined {
  if (answer === 'workflow') return answerSecondsDefault
  return 'from' in answer ? answer.timeoutSeconds : undefined
}
