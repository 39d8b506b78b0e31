/**
 * Tries the neighbours of what the settings expect until one of them matches. Each trial is asked of the verifier of the
 * door itself, so that what the doctor calls a match is one; it learns that a signature matched, and never what would have.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { readKey } from '../keys.ts'
import { InboundRequest } from '../request.ts'
import { compileSignature } from '../signature.ts'
import type { Verifier } from '../verify.ts'
import { type SpelledBody, spellBody } from './bodies.ts'
import { type SpelledKey, spellKey } from './keys.ts'
import type { Difference, KnownSecret, Patient, Way } from './patient.ts'
import { spellUrl } from './urls.ts'

/** What one diagnosis may cost: about a quarter of a second of one core, spread over turns in which others are served. */
const triesMax = 6_000
const hashedBytesMax = 192 * 1_024 * 1_024
const bytesPerTurn = 2 * 1_024 * 1_024
const triesPerTurn = 100

/** Ways that are combined with another body, since each of those is tried with each of these. */
const waysWithBodies = 12

export interface Match {
  readonly way: Way
  readonly secret: KnownSecret
  readonly differences: readonly Difference[]
}
export interface Searched {
  readonly match: Match | undefined
  readonly tried: number
}

interface Key extends SpelledKey {
  readonly secret: KnownSecret
}
interface Trial {
  readonly way: Way
  readonly key: Key
  readonly body?: SpelledBody
  readonly url?: string
}

/** The first match in the order of what is likely: one difference before two. */
export async function search(
  { request, secrets, bodyIsWhole }: Patient,
  ways: readonly Way[],
): Promise<Searched> {
  const asked = new Verifiers()
  let tried = 0
  let hashed = 0
  let sinceTurn = 0
  if (!bodyIsWhole) return { match: undefined, tried }
  for (const trial of trials(request, secrets, ways)) {
    const verifier = asked.verifierOf(trial)
    if (verifier === undefined) continue
    const spelled = spelledRequest(request, trial)
    tried += 1
    hashed += spelled.body.length
    sinceTurn += spelled.body.length
    const verdict = await verifier.verify(spelled, 0)
    if (verdict.ok) {
      const { way, key } = trial
      return { match: { way, secret: key.secret, differences: differencesOf(trial) }, tried }
    }
    if (tried >= triesMax || hashed >= hashedBytesMax) break
    if (sinceTurn >= bytesPerTurn || tried % triesPerTurn === 0) {
      sinceTurn = 0
      await nextTurn()
    }
  }
  return { match: undefined, tried }
}

function* trials(
  request: InboundRequest,
  secrets: readonly KnownSecret[],
  ways: readonly Way[],
): Generator<Trial> {
  const own = ways.filter(({ differences }) => differences.length === 0)
  const other = ways.filter(({ differences }) => differences.length > 0)
  const keysOf = ({ scheme }: Way, which: (secret: KnownSecret) => boolean): readonly Key[] =>
    secrets
      .filter(which)
      .flatMap((secret) => spellKey(secret.text, scheme).map((key) => ({ ...key, secret })))
      .filter(({ text }) => text.startsWith(scheme.secretPrefix ?? ''))
  const inForce = ({ inForce }: KnownSecret) => inForce
  const plain = ({ spelling }: Key) => spelling === undefined
  const any = () => true
  const bodies = [...spellBody(request.body)]
  const urls = spellUrl(request)
  const signsUrl = (way: Way) => /\{(?:url|path)\}/.test(way.scheme.signed)

  for (const way of own) for (const key of keysOf(way, any)) yield { way, key }
  for (const way of own) {
    for (const key of keysOf(way, inForce).filter(plain)) {
      for (const body of bodies) yield { way, key, body }
      if (signsUrl(way)) for (const url of urls) yield { way, key, url }
    }
  }
  for (const way of other) for (const key of keysOf(way, inForce).filter(plain)) yield { way, key }
  for (const way of other) for (const key of keysOf(way, any).filter(plain)) yield { way, key }
  for (const way of other) for (const key of keysOf(way, any)) yield { way, key }
  for (const way of [...own, ...other.slice(0, waysWithBodies)]) {
    for (const key of keysOf(way, any)) for (const body of bodies) yield { way, key, body }
    if (signsUrl(way)) for (const key of keysOf(way, any)) for (const url of urls) yield { way, key, url }
  }
}

/** Compiled once for each way and key: most of what a trial costs with a small body. */
class Verifiers {
  readonly #byWay = new Map<Way, Map<string, Verifier | undefined>>()

  verifierOf({ way, key }: Trial): Verifier | undefined {
    const known = this.#byWay.get(way) ?? new Map<string, Verifier | undefined>()
    this.#byWay.set(way, known)
    const id = `${key.form} ${key.text}`
    if (!known.has(id)) {
      const read = readKey(key.text, key.form, way.scheme.algorithm)
      known.set(
        id,
        read.ok ? compileSignature(way.scheme, [{ check: read.check, text: key.text }]) : undefined,
      )
    }
    return known.get(id)
  }
}

function spelledRequest(request: InboundRequest, { body, url }: Trial): InboundRequest {
  if (body === undefined && url === undefined) return request
  const { method, path, rawHeaders, ip } = request
  return new InboundRequest({
    method,
    path,
    rawHeaders,
    ip,
    url: url ?? request.url,
    body: body?.body ?? request.body,
  })
}

const differencesOf = ({ way, key, body, url }: Trial): readonly Difference[] => [
  ...way.differences,
  ...(key.secret.inForce ? [] : [{ kind: 'secret' as const, name: key.secret.name }]),
  ...(key.spelling === undefined
    ? []
    : [{ kind: 'key' as const, spelling: key.spelling, name: key.secret.name }]),
  ...(body === undefined ? [] : [{ kind: 'body' as const, spelling: body.spelling }]),
  ...(url === undefined ? [] : [{ kind: 'url' as const, url }]),
]
