import {
  type Scheme,
  type SignatureAlgorithm,
  type SignatureScheme,
  type Source,
  type TimestampRule,
  type VerificationSettings,
  writeSource,
} from '../../../nodes/contract/scheme.ts'
import { providers, schemesOf } from '../../../nodes/providers/index.ts'
import type { InboundRequest } from '../request.ts'
import { textAt, textsAt } from '../source.ts'
import { type Reading, idsIn, readingsIn, timesIn, unitOf } from './look.ts'
import type { Difference, Way } from './patient.ts'

/** What providers sign, with those that are not among ours: tried where a request's signature is of no scheme that is known. */
const templates: readonly string[] = [
  '{body}',
  '{timestamp}.{body}',
  '{timestamp}{body}',
  '{timestamp}:{body}',
  'v0:{timestamp}:{body}',
  '{id}.{timestamp}.{body}',
  '{body}{timestamp}',
  '{body}.{timestamp}',
  '{timestamp}|{body}',
  '{timestamp}\n{body}',
  '{timestamp}{id}{body}',
  '{id}{timestamp}{body}',
  '{id}.{body}',
  '{url}{body}',
  '{body}{url}',
  '{url}',
  '{form}',
  '{url}{form}',
  '{method}{url}{body}',
  '{method}{url}{body}{timestamp}',
  '{timestamp}{method}{path}{body}',
  '{timestamp}.{url}.{body}',
]
/** Of the plain hash, whose secret is a piece of what is signed. */
const keylessTemplates: readonly string[] = [
  '{secret}{body}',
  '{body}{secret}',
  '{secret}{method}{url}{body}',
  '{timestamp}{secret}{body}',
]

const algorithmsOf: Readonly<Record<number, readonly SignatureAlgorithm[]>> = {
  20: ['hmac-sha1'],
  32: ['hmac-sha256', 'sha256'],
  48: ['hmac-sha384'],
  64: ['hmac-sha512', 'ed25519'],
}

const waysMax = 800
/** A request from long ago is still signed. */
const ageless = { toleranceSeconds: Number.POSITIVE_INFINITY, direction: 'past' } as const

/**
 * The ways in which this request may be signed, the settings' own first, then by how much they differ: the provider's other
 * ways, providers whose header the request bears, and whatever in it looks like a signature.
 */
export function waysOf(verification: VerificationSettings, request: InboundRequest): readonly Way[] {
  const { secret: _secret, secrets: _secrets, verifyToken: _verifyToken, ...settings } = verification
  const own = signaturesOf(schemesOf(verification)).map((scheme): Way => ({
    scheme,
    differences: [],
    settings,
  }))
  const readings = fromReadings(
    own.map(({ scheme }) => scheme),
    request,
  )
  // Of two that differ as little, the one that keeps the sender: many senders sign alike.
  const all = [...own, ...variantsOf(settings), ...readings, ...fromProviders(settings, request)]
  const distinct = new Map<string, Way>()
  for (const way of all.toSorted((a, b) => a.differences.length - b.differences.length)) {
    const key = identity(way.scheme)
    if (!distinct.has(key)) distinct.set(key, way)
  }
  return [...distinct.values()].slice(0, waysMax).map((way) => ({ ...way, scheme: withoutAge(way.scheme) }))
}

function withoutAge({ otherwise: _otherwise, ...scheme }: SignatureScheme): SignatureScheme {
  return scheme.timestamp === undefined
    ? scheme
    : { ...scheme, timestamp: { ...scheme.timestamp, ...ageless } }
}

/** All that a signature depends on, beside the place of its time; what else a scheme says, such as its age, makes no other way. */
const telling = [
  'secretPrefix',
  'from',
  'parts',
  'prefix',
  'algorithm',
  'encoding',
  'key',
  'signed',
  'id',
  'each',
  'urlForms',
] as const
const identity = (scheme: SignatureScheme): string =>
  JSON.stringify([...telling.map((name) => scheme[name]), scheme.timestamp?.from])

/** Those that are made with the secret: a certificate's is nobody's to try. */
const signaturesOf = (schemes: readonly Scheme[]): readonly SignatureScheme[] =>
  schemes.flatMap((scheme) =>
    scheme.kind === 'signature' && scheme.certificate === undefined ? [scheme] : [],
  )

/** Each with the provider's other ways behind it. */
const withOthers = (schemes: readonly SignatureScheme[]): readonly SignatureScheme[] =>
  schemes.flatMap((scheme) => [
    scheme,
    ...(scheme.otherwise === undefined ? [] : withOthers(signaturesOf([scheme.otherwise]))),
  ])

function variantsOf(settings: VerificationSettings): readonly Way[] {
  const schemes = providers.get(settings.scheme)?.schemes
  if (schemes === undefined || typeof schemes === 'function') return []
  return signaturesOf(schemes).flatMap((main) =>
    withOthers([main]).map((scheme): Way => {
      const { variant } = main
      const { variant: _variant, ...rest } = settings
      const isOther = variant !== settings.variant
      return {
        scheme,
        differences: isOther ? [{ kind: 'variant', variant }] : [],
        settings: variant === undefined ? rest : { ...rest, variant },
      }
    }),
  )
}

function fromProviders({ scheme: chosen }: VerificationSettings, request: InboundRequest): readonly Way[] {
  return [...providers.values()]
    .filter(({ id }) => id !== chosen)
    .flatMap(({ id, title, schemes }) =>
      typeof schemes === 'function'
        ? []
        : withOthers(signaturesOf(schemes).filter(({ variant }) => variant === undefined))
            .filter(({ from }) => from.some((source) => textsAt(source, { request }).length > 0))
            .map((scheme): Way => ({
              scheme,
              differences: [{ kind: 'provider', id, title }],
              settings: { scheme: id },
            })),
    )
}

function fromReadings(owns: readonly SignatureScheme[], request: InboundRequest): readonly Way[] {
  const [own] = owns
  const ids = idsIn(request)
  const times = timesIn(request)
  return readingsIn(request)
    .flatMap((reading) => {
      const ownTime = own?.timestamp?.from
      const places = [...(ownTime === undefined ? [] : [ownTime]), ...reading.times, ...times]
      return (algorithmsOf[reading.bytes] ?? []).flatMap((algorithm) => {
        const known = algorithm === 'sha256' ? keylessTemplates : templates
        const asked = own === undefined || known.includes(own.signed) ? known : [own.signed, ...known]
        return asked.flatMap((signed) => {
          const rules = signed.includes('{timestamp}') ? rulesOf(places, request, reading) : [undefined]
          const named = signed.includes('{id}') ? [...(own?.id ? [own.id] : []), ...ids] : [undefined]
          return rules.flatMap((timestamp) =>
            named.map((id) => {
              const scheme = schemeOf(reading, { algorithm, signed, timestamp, id, own })
              return { scheme, differences: fewestDifferences(owns, scheme), settings: settingsFor(scheme) }
            }),
          )
        })
      })
    })
    .filter(({ differences }) => differences.length > 0)
}

/** From the one of the settings' schemes that it is nearest to. */
function fewestDifferences(owns: readonly SignatureScheme[], scheme: SignatureScheme): readonly Difference[] {
  const [fewest = differencesOf(undefined, scheme)] = owns
    .map((own) => differencesOf(own, scheme))
    .toSorted((a, b) => a.length - b.length)
  return fewest
}

function rulesOf(
  places: readonly Source[],
  request: InboundRequest,
  { times }: Reading,
): readonly TimestampRule[] {
  return places.flatMap((from) => {
    const text = 'part' in from ? undefined : textAt(from, { request })
    const unit = text === undefined ? undefined : unitOf(text)
    if (unit !== undefined) return [{ from, unit, ...ageless }]
    return times.includes(from) ? [{ from, unit: 'seconds' as const, ...ageless }] : []
  })
}

interface Made {
  readonly algorithm: SignatureAlgorithm
  readonly signed: string
  readonly timestamp: TimestampRule | undefined
  readonly id: Source | undefined
  readonly own: SignatureScheme | undefined
}

function schemeOf(
  { from, parts, prefix, encoding }: Reading,
  { algorithm, signed, timestamp, id, own }: Made,
): SignatureScheme {
  return {
    kind: 'signature',
    from: [from],
    ...(parts && { parts }),
    ...(prefix !== undefined && { prefix }),
    algorithm,
    encoding,
    key: algorithm === 'ed25519' ? 'public' : own === undefined || own.key === 'public' ? 'text' : own.key,
    signed,
    ...(id && { id }),
    ...(timestamp && { timestamp }),
  }
}

/** In what a way of signing differs from the settings'; from settings that expect no signature, in being one. */
function differencesOf(own: SignatureScheme | undefined, other: SignatureScheme): readonly Difference[] {
  const { from, parts, prefix, encoding, algorithm, signed, timestamp, id } = other
  const found: Difference[] = []
  const isAt = (source: Source) => JSON.stringify(source) === JSON.stringify(from[0])
  if (!own?.from.some(isAt)) found.push({ kind: 'place', from })
  if ((own?.prefix ?? '') !== (prefix ?? '') || own?.parts?.signature !== parts?.signature)
    found.push({ kind: 'form', parts, prefix })
  if (own?.encoding !== encoding) found.push({ kind: 'encoding', encoding })
  if (own?.algorithm !== algorithm) found.push({ kind: 'algorithm', algorithm })
  if (own?.signed !== signed) found.push({ kind: 'signed', signed })
  const sameTime = JSON.stringify(own?.timestamp?.from) === JSON.stringify(timestamp?.from)
  const sameId = JSON.stringify(own?.id) === JSON.stringify(id)
  if ((timestamp && !sameTime) || (id && !sameId)) found.push({ kind: 'time', rule: timestamp })
  return found
}

/** The settings of "any signature" that verify so; `undefined` for what those cannot say. */
function settingsFor(scheme: SignatureScheme): VerificationSettings | undefined {
  const { from, parts, prefix, algorithm, encoding, key, signed, timestamp, id } = scheme
  const [place] = from
  if (place === undefined || 'body' in place || 'part' in place || algorithm === 'sha256') return undefined
  return {
    scheme: 'hmac',
    ...('header' in place ? { header: place.header } : { query: place.query }),
    ...(parts && { parts }),
    ...(prefix !== undefined && { prefix }),
    algorithm,
    encoding,
    key,
    signed,
    ...(id && { id: writeSource(id) }),
    ...(timestamp && { timestamp: { from: writeSource(timestamp.from), unit: timestamp.unit } }),
  }
}
