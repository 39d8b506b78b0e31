import type { Remedy } from '../../../nodes/contract/diagnosis.ts'
import type { Json } from '../../../nodes/contract/json.ts'
import type { SignatureScheme, VerificationSettings } from '../../../nodes/contract/scheme.ts'
import { providers } from '../../../nodes/providers/index.ts'
import type { Refusal } from '../refusal.ts'
import type { InboundRequest } from '../request.ts'
import { splitParts } from '../signed-request.ts'
import { textAt } from '../source.ts'
import { readTime } from '../timestamp.ts'
import type { Patient } from './patient.ts'

/** Clocks that agree to within this are a time zone apart, not off. */
const zoneToleranceSeconds = 5
const halfHourSeconds = 1_800
const zoneSecondsMax = 14 * 3_600
/** Longer, and whoever caught a request could send it again for as long. */
const offeredSecondsMax = 3_600
/** What is offered is a round number, with room for the next request to be a little later than this one. */
const roomSeconds = 60
const roundSeconds = 300

/** The time that a request bears, in milliseconds; `undefined` when it bears none that can be read. */
export function signedAt(scheme: SignatureScheme, request: InboundRequest): number | undefined {
  const { timestamp, parts: form, from } = scheme
  if (timestamp === undefined) return undefined
  const [parts] = from.flatMap(
    (source) => (form && splitParts(textAt(source, { request }) ?? '', form)) ?? [],
  )
  const text = textAt(timestamp.from, { request, ...(parts && { parts }) })
  const timeMs = text === undefined ? undefined : readTime(timestamp, text)
  return timeMs === undefined || !Number.isSafeInteger(timeMs) ? undefined : timeMs
}

/** The signature is right, and something beside it is not: its time, mostly. */
export function examineTime(
  { request, cameAt, verification }: Patient,
  scheme: SignatureScheme,
  refusal: Refusal,
): { readonly sentence: string; readonly remedy: Remedy | null } {
  const timeMs = signedAt(scheme, request)
  if (timeMs === undefined || cameAt === undefined || !refusal.reason.startsWith('timestamp-'))
    return { sentence: `The signature is right, and ${small(refusal.detail)}`, remedy: null }
  const isOld = cameAt > timeMs
  const seconds = Math.round(Math.abs(cameAt - timeMs) / 1_000)
  const what = `The signature is right, but it was made ${seconds} s ${isOld ? 'before' : 'after'} the request came by this server’s clock`
  const zone = Math.round(seconds / halfHourSeconds) * halfHourSeconds
  if (zone > 0 && zone <= zoneSecondsMax && Math.abs(seconds - zone) <= zoneToleranceSeconds) {
    return {
      sentence: `${what}, and ${zone / 3_600} h are a time zone: let the sender write its time in UTC.`,
      remedy: null,
    }
  }
  const offered = Math.ceil((seconds + roomSeconds) / roundSeconds) * roundSeconds
  const takesTolerance = providers.get(verification.scheme)?.settings.includes('timestamp') === true
  if (!isOld || !takesTolerance || offered > offeredSecondsMax) {
    const have = isOld ? 'let both clocks be set by the network, and have it sent anew' : 'set both clocks'
    return { sentence: `${what}: ${have}.`, remedy: null }
  }
  return {
    sentence: `${what}: let both clocks be set by the network or, where the sender keeps requests before it sends them, allow them more time.`,
    remedy: {
      kind: 'setting',
      field: 'verification',
      change: { timestamp: { ...timestampOf(verification), toleranceSeconds: offered } },
      label: `Allow ${offered / 60} minutes`,
    },
  }
}

const timestampOf = ({ timestamp = {} }: VerificationSettings): { readonly [name: string]: Json } =>
  Object.fromEntries(
    Object.entries(timestamp).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )

/** Within a sentence. */
const small = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
