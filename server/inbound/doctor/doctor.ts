/**
 * The signature doctor: why a request is not let in, and what to change so that the next one is. It tries what people get
 * wrong (another secret, another spelling of it, the other header, a body that a proxy wrote anew, a clock that is off) by
 * asking the door's own verifier, and says which change made it match. It is asked by whoever may see the workflow anyway,
 * and nothing that it says holds a secret, a signature, or a piece of one.
 *
 *   judge ─► passes
 *     └─► search the neighbours of the signature ─► matched: what differs, and the remedy
 *                                                └─► look for secrets that are shown as they are ─► words
 */
import type { Diagnosis } from '../../../nodes/contract/diagnosis.ts'
import type { Scheme, SignatureScheme } from '../../../nodes/contract/scheme.ts'
import { schemesOf } from '../../../nodes/providers/index.ts'
import { decodeContent, isEncoded } from '../content-encoding.ts'
import type { InboundRequest } from '../request.ts'
import { type Verdict, compileSchemes } from '../verify.ts'
import { explainMatch, explainRefusal } from './explain.ts'
import { findingsOf } from './findings.ts'
import type { Patient, Way } from './patient.ts'
import { type Searched, search } from './search.ts'
import { examineTime } from './time.ts'
import { explainToken } from './token-words.ts'
import type { ShownToken } from './tokens.ts'
import { waysOf } from './ways.ts'

/** Of a kept or pasted body, unpacked. */
const unpackedBytesMax = 1_024 * 1_024

/** @param shown the known secrets that the request shows, as `findTokens` found them */
export async function examine(patient: Patient, shown: readonly ShownToken[] = []): Promise<Diagnosis> {
  const schemes = schemesOf(patient.verification)
  const verdict = await judge(patient, schemes)
  const ways = waysOf(patient.verification, patient.request)
  const asked = verdict.ok ? ways.filter(({ differences }) => differences.length === 0) : ways
  const { match, tried } = await searchAlsoUnpacked(patient, asked)
  const signature = schemes.find((scheme): scheme is SignatureScheme => scheme.kind === 'signature')
  const refusal = verdict.ok ? undefined : verdict
  const findings = signature === undefined ? [] : findingsOf(patient, signature, refusal, match)
  if (refusal === undefined) {
    const sentence =
      verdict.ok && !verdict.verified
        ? 'Nothing is verified by these settings: whoever knows the URL is let in.'
        : 'As the settings stand, this request is let in.'
    return { outcome: 'passes', sentence, findings, remedy: null, tried }
  }
  if (match === undefined) {
    const [scheme] = schemes
    return scheme === undefined || scheme.kind === 'signature'
      ? { ...explainRefusal(patient, refusal), findings, tried }
      : { ...explainToken(patient, scheme, refusal, shown), tried }
  }
  return match.differences.length === 0
    ? { outcome: 'found', ...examineTime(patient, match.way.scheme, refusal), findings, tried }
    : { ...explainMatch(patient, refusal, match), findings, tried }
}

/** What the door would say; the age of what was pasted does not count. */
async function judge(
  { verification, secrets, request, cameAt, remote }: Patient,
  schemes: readonly Scheme[],
): Promise<Verdict> {
  const inForce = secrets.filter((secret) => secret.inForce).map(({ text }) => text)
  const judged = cameAt === undefined ? schemes.map(ageless) : schemes
  const verifier = compileSchemes(judged, inForce, verification.scheme, remote)
  const verdict = await verifier.verify(request, cameAt ?? 0)
  if (verdict.ok || verdict.reason !== 'signature-mismatch') return verdict
  const unpacked = await unpack(request)
  return unpacked === undefined ? verdict : verifier.verify(unpacked, cameAt ?? 0)
}

const ageless = (scheme: Scheme): Scheme => (scheme.kind === 'signature' ? agelessSignature(scheme) : scheme)

function agelessSignature({ timestamp, otherwise, ...scheme }: SignatureScheme): SignatureScheme {
  return {
    ...scheme,
    ...(timestamp && {
      timestamp: { ...timestamp, toleranceSeconds: Number.POSITIVE_INFINITY, direction: 'past' },
    }),
    ...(otherwise && { otherwise: agelessSignature(otherwise) }),
  }
}

async function unpack(request: InboundRequest): Promise<InboundRequest | undefined> {
  const packing = request.header('content-encoding')
  if (!isEncoded(packing)) return undefined
  const unpacked = await decodeContent(request.body, packing, unpackedBytesMax)
  return unpacked.ok ? request.withBody(unpacked.body) : undefined
}

/** Some senders sign before they pack. */
async function searchAlsoUnpacked(patient: Patient, ways: readonly Way[]): Promise<Searched> {
  const first = await search(patient, ways)
  const unpacked = first.match === undefined ? await unpack(patient.request) : undefined
  if (unpacked === undefined) return first
  const second = await search({ ...patient, request: unpacked }, ways)
  return { match: second.match, tried: first.tried + second.tried }
}
