/** What matched and what did not, in the order in which the door looks at it. */
import type { Finding } from '../../../nodes/contract/diagnosis.ts'
import { nameSource, type SignatureScheme } from '../../../nodes/contract/scheme.ts'
import { type Refusal, capital } from '../refusal.ts'
import { textAt, textsAt } from '../source.ts'
import type { Match } from './search.ts'
import type { Patient } from './patient.ts'
import { signedAt } from './time.ts'
import { secretNamed, toldDifference } from './words.ts'

/** @param scheme the one that the settings expect */
export function findingsOf(
  patient: Patient,
  scheme: SignatureScheme,
  refusal: Refusal | undefined,
  match: Match | undefined,
): readonly Finding[] {
  const { request } = patient
  const place = capital(scheme.from.map(nameSource).join(' or '))
  const isThere = scheme.from.some((source) => textsAt(source, { request }).length > 0)
  const findings: Finding[] = [
    isThere
      ? { about: 'sender', state: 'right', text: `${place} is there.` }
      : { about: 'sender', state: 'wrong', text: `${place} is missing.` },
  ]
  if (isThere) findings.push(formOf(scheme, refusal))
  findings.push(...timeOf(patient, scheme, refusal), ...idOf(patient, scheme))
  if (!isThere && match === undefined) return findings
  return [...findings, ...urlOf(scheme, match), ...secretAndBody(patient, match)]
}

function formOf(
  { algorithm, encoding, prefix, parts }: SignatureScheme,
  refusal: Refusal | undefined,
): Finding {
  const form = `${algorithm} in ${encoding}${prefix === undefined ? '' : ` after “${prefix}”`}${
    parts === undefined ? '' : ` as “${parts.signature}”`
  }`
  return refusal?.reason === 'signature-malformed' || refusal?.reason === 'signature-repeated'
    ? { about: 'signature', state: 'wrong', text: refusal.detail }
    : { about: 'signature', state: 'right', text: `It has the form of ${form}.` }
}

function timeOf(patient: Patient, scheme: SignatureScheme, refusal: Refusal | undefined): readonly Finding[] {
  const { request, cameAt } = patient
  const { timestamp } = scheme
  if (timestamp === undefined) return []
  if (refusal?.reason.startsWith('timestamp-') === true)
    return [{ about: 'time', state: 'wrong', text: refusal.detail }]
  const timeMs = signedAt(scheme, request)
  if (timeMs === undefined) return []
  if (cameAt === undefined) {
    const shown = new Date(timeMs).toISOString().replace('.000Z', 'Z')
    const text = `It was signed at ${shown}; the age of a pasted request says nothing.`
    return [{ about: 'time', state: 'unknown', text }]
  }
  const seconds = Math.round((cameAt - timeMs) / 1_000)
  const age = seconds >= 0 ? `${seconds} s old` : `${-seconds} s ahead`
  const text = `It was ${age} when it came, and ${timestamp.toleranceSeconds} s are allowed.`
  return [{ about: 'time', state: 'right', text }]
}

function idOf({ request }: Patient, { id }: SignatureScheme): readonly Finding[] {
  if (id === undefined) return []
  const isThere = (textAt(id, { request }) ?? '') !== ''
  const place = capital(nameSource(id))
  return [
    isThere
      ? { about: 'id', state: 'right', text: `${place} is there.` }
      : { about: 'id', state: 'wrong', text: `${place} is missing, or came more than once.` },
  ]
}

function urlOf({ signed }: SignatureScheme, match: Match | undefined): readonly Finding[] {
  const other = match?.differences.find(({ kind }) => kind === 'url')
  if (other !== undefined)
    return [{ about: 'url', state: 'wrong', text: `It is signed ${toldDifference(other)}.` }]
  if (!signed.includes('{url}')) return []
  return match === undefined
    ? [{ about: 'url', state: 'unknown', text: 'The URL is signed too.' }]
    : [{ about: 'url', state: 'right', text: 'The URL is the one that was signed.' }]
}

function secretAndBody({ bodyIsWhole }: Patient, match: Match | undefined): readonly Finding[] {
  if (!bodyIsWhole) {
    const text = 'Only the start of the body is kept, so that no signature over it can be tried.'
    return [{ about: 'body', state: 'unknown', text }]
  }
  if (match === undefined) {
    return [
      { about: 'secret', state: 'unknown', text: 'No secret that is stored here made this signature.' },
      {
        about: 'body',
        state: 'unknown',
        text: 'Nor does it match with a body as proxies and libraries write it anew.',
      },
    ]
  }
  const secret = match.differences.find(({ kind }) => kind === 'secret' || kind === 'key')
  const body = match.differences.find(({ kind }) => kind === 'body')
  return [
    secret === undefined
      ? { about: 'secret', state: 'right', text: `It is signed with ${secretNamed(match.secret.name)}.` }
      : { about: 'secret', state: 'wrong', text: `It is signed ${toldDifference(secret)}.` },
    body === undefined
      ? { about: 'body', state: 'right', text: 'The body is the one that was signed.' }
      : { about: 'body', state: 'wrong', text: `It is signed ${toldDifference(body)}.` },
  ]
}
