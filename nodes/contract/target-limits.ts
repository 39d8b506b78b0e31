import * as z from 'zod/mini'
import type { Field } from './field.ts'
import { count } from './limits.ts'
import { duration } from './shown.ts'

/** What a target takes at most. An absent one is no limit. */
export interface TargetLimits {
  /** In any stretch of `perSeconds`. */
  readonly requests?: number | undefined
  /** Absent: a second. */
  readonly perSeconds?: number | undefined
  /** Requests that are under way at once. */
  readonly concurrent?: number | undefined
}

/** The moments of so many requests are kept for each target: a few hundred KB. */
export const requestsMax = 10_000
const concurrentMax = 10_000
const perSecondsMax = 86_400

export const perSecondsDefault = 1

const schema = z
  .strictObject({
    requests: count('the number of requests', requestsMax),
    perSeconds: z.optional(
      z
        .number('the time is a number of seconds')
        .check(z.gte(1, 'at least 1 second'), z.lte(perSecondsMax, 'at most a day (86400 seconds)')),
    ),
    concurrent: count('the number of requests at once', concurrentMax),
  })
  .check(
    z.refine(({ requests, perSeconds }) => perSeconds === undefined || requests !== undefined, {
      path: ['requests'],
      message: 'say how many requests may go out in that time',
    }),
  ) as unknown as z.ZodMiniType<TargetLimits>

export const targetLimits = (words: {
  readonly label: string
  readonly help: string
}): Field<TargetLimits> => ({ control: 'targetLimits', schema, initial: {}, ...words })

export const isLimited = ({ requests, concurrent }: TargetLimits): boolean =>
  requests !== undefined || concurrent !== undefined

const spans: { readonly [seconds: number]: string } = {
  1: 'a second',
  60: 'a minute',
  3_600: 'an hour',
  86_400: 'a day',
}

/** `at most 2 requests a second, 3 at once` */
export function limitsInWords({
  requests,
  perSeconds = perSecondsDefault,
  concurrent,
}: TargetLimits): string {
  const within = spans[perSeconds] ?? `in ${duration(perSeconds)}`
  const words = [
    ...(requests === undefined ? [] : [`${requests} ${requests === 1 ? 'request' : 'requests'} ${within}`]),
    ...(concurrent === undefined ? [] : [`${concurrent} at once`]),
  ]
  return `at most ${words.join(', ')}`
}
