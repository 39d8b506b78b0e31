/** Every way in which a provider's requests show that they are genuine, with secrets and somebody who signs: a table for tests. */
import {
  createHash,
  createHmac,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  sign as signWithKey,
} from 'node:crypto'
import type { Provider } from '../../nodes/contract/provider.ts'
import type { Scheme, SignatureScheme, Source, VerificationSettings } from '../../nodes/contract/scheme.ts'
import { providers } from '../../nodes/providers/index.ts'
import { joinPieces } from '../../server/inbound/hmac.ts'
import { InboundRequest } from '../../server/inbound/request.ts'
import { sign } from '../../server/inbound/sign.ts'
import { hashOf } from '../../server/inbound/signature.ts'
import { compileSignedText } from '../../server/inbound/signed-text.ts'
import { writeTime } from '../../server/inbound/timestamp.ts'

export interface Delivery {
  readonly headers: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** What the workflow is told, and what its sender signs with: the same text, or the two halves of a key. */
export interface Pair {
  readonly told: string
  readonly own: string
  /** In place of `own`, where a key is no text. */
  readonly key?: KeyObject
}

export interface Way {
  readonly name: string
  readonly settings: VerificationSettings
  readonly pairs: readonly [Pair, Pair, Pair]
  /** A change of one byte of the body is seen. */
  readonly coversBody: boolean
  /** Seconds, where the time is checked. */
  readonly tolerance: number | undefined
  readonly direction: 'both' | 'past'
  /** Names of the headers without which nobody is let in. */
  readonly deliver: (pair: Pair, url: string, nowMs: number) => Promise<Delivery>
  /** What the provider wants to hear. */
  readonly status: number
}

export const bodyOfSample = ({ samples: [sample] }: Provider): Buffer => {
  const body = sample?.body ?? {}
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
}

const letters = ['a', 'b', 'c'] as const

/** Three secrets of the form that a scheme takes. */
export function pairsFor(scheme: Scheme): Way['pairs'] {
  const make = (letter: string): Pair => {
    const text = `${letter}-secret-that-nobody-guesses-${letter.repeat(16)}`
    const same = (told: string): Pair => ({ told, own: told })
    if (scheme.kind === 'basic') return same(`ada:${text}`)
    if (scheme.kind !== 'signature') return same(text)
    if (scheme.key === 'public') return keyPair(scheme)
    if (scheme.key === 'hex') return same(createHash('sha256').update(text).digest('hex'))
    if (scheme.key === 'base64') return same(Buffer.from(text).toString('base64'))
    return same(scheme.key === 'whsec' ? `whsec_${Buffer.from(text).toString('base64')}` : text)
  }
  const [a, b, c] = letters.map(make)
  if (a === undefined || b === undefined || c === undefined) throw new Error('three secrets')
  return [a, b, c]
}

function keyPair({ algorithm, secretPrefix = '' }: SignatureScheme): Pair {
  if (algorithm === 'ed25519') {
    const { privateKey } = generateKeyPairSync('ed25519')
    const { d = '', x = '' } = privateKey.export({ format: 'jwk' })
    const [half, open] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')]
    const own = `whsk_${Buffer.concat([half, open]).toString('base64')}`
    const told =
      secretPrefix === 'whpk_'
        ? `whpk_${open.toString('base64')}`
        : secretPrefix === ''
          ? open.toString('hex')
          : own
    return { told, own }
  }
  const { privateKey, publicKey } =
    algorithm === 'ecdsa-p256-sha256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2_048 })
  return {
    told: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    own: '',
    key: privateKey,
  }
}

/** Those that need nothing from the network. */
export const plainWays = (): readonly Way[] => [
  ...Array.from(providers.values()).flatMap((provider) =>
    plainSchemes(provider).flatMap((scheme) => waysOf(provider, scheme)),
  ),
  hook0WithHeaders(),
]

/** Of ways of one's own, with the settings that most people choose. */
const usual: Readonly<Record<string, Partial<VerificationSettings>>> = {
  hmac: { header: 'X-Signature', signed: '{timestamp}.{body}', timestamp: { from: 'header:x-time' } },
  braintree: { username: 'public-key' },
  websub: { topic: 'https://example.com/feed' },
}

const usualOf = ({ id }: Provider): VerificationSettings => ({ scheme: id, ...usual[id] })

function plainSchemes(provider: Provider): readonly Scheme[] {
  const { schemes } = provider
  const all = typeof schemes === 'function' ? schemes(usualOf(provider)) : schemes
  return all.filter(
    (scheme) =>
      scheme.kind !== 'none' &&
      scheme.kind !== 'ask' &&
      !(scheme.kind === 'jwt' && (scheme.keys !== undefined || scheme.secretPrefix !== undefined)) &&
      !(scheme.kind === 'signature' && scheme.certificate !== undefined),
  )
}

/** Its newer form, by its own recipe: the sender chooses which headers it signs. */
function hook0WithHeaders(): Way {
  const names = ['x-event-id', 'x-event-type']
  return {
    name: 'hook0, with headers',
    settings: { scheme: 'hook0' },
    pairs: pairsFor({ kind: 'token', from: [] }),
    coversBody: true,
    tolerance: 300,
    direction: 'both',
    status: 200,
    deliver: async ({ own }, _url, nowMs) => {
      const [seconds, body] = [Math.floor(nowMs / 1_000), '{"user_id":"usr_1001"}']
      const headers = {
        'content-type': 'application/json',
        'x-event-id': 'evt-1',
        'x-event-type': 'user.created',
      }
      const text = `${seconds}.${names.join(' ')}.evt-1.user.created.${body}`
      const signature = createHmac('sha256', own).update(text).digest('hex')
      const shown = `t=${seconds},h=${names.join(' ')},v1=${signature}`
      return { headers: { ...headers, 'x-hook0-signature': shown }, query: {}, body: Buffer.from(body) }
    },
  }
}

function waysOf(provider: Provider, scheme: Scheme): readonly Way[] {
  const chain = scheme.kind === 'signature' ? chainOf(scheme) : [scheme]
  return chain.map((one, at) => {
    const name = [provider.id, one.variant, one.secretPrefix, chain.length > 1 ? `way ${at + 1}` : undefined]
    return wayOf(provider, one, name.filter((word) => word !== undefined).join(', '))
  })
}

/** Each way on its own, as a request would choose it. */
function chainOf({ otherwise, ...way }: SignatureScheme): readonly SignatureScheme[] {
  const { variant } = way
  // Which headers it covers is for its sender to say: see `hook0WithHeaders`.
  if (way.signed.includes('{headers:') && otherwise !== undefined) return chainOf(otherwise)
  return [
    way,
    ...(otherwise === undefined ? [] : chainOf({ ...otherwise, ...(variant !== undefined && { variant }) })),
  ]
}

/** Where a provider names no tolerance, the workflow does. */
const ownTolerance = 300

function wayOf(provider: Provider, scheme: Scheme, name: string): Way {
  const rule = scheme.kind === 'signature' ? scheme.timestamp : undefined
  const tolerance = rule === undefined ? undefined : (rule.toleranceSeconds ?? ownTolerance)
  return {
    name,
    settings: {
      ...usualOf(provider),
      ...(scheme.variant !== undefined && { variant: scheme.variant }),
      ...(rule !== undefined &&
        rule.toleranceSeconds === undefined && { timestamp: { toleranceSeconds: ownTolerance } }),
    },
    pairs: pairsFor(scheme),
    coversBody:
      (scheme.kind === 'signature' && scheme.each === undefined && provider.id !== 'mailgun') ||
      (scheme.kind === 'jwt' && scheme.bodySha256Claim !== undefined),
    tolerance,
    direction: rule?.direction ?? 'both',
    deliver: (pair, url, nowMs) => deliver(provider, scheme, pair, url, nowMs),
    status: provider.answer?.status ?? 200,
  }
}

async function deliver(
  provider: Provider,
  scheme: Scheme,
  { own, key }: Pair,
  url: string,
  nowMs: number,
): Promise<Delivery> {
  const [sample] = provider.samples
  const when = scheme.kind === 'signature' ? (scheme.when ?? []) : []
  const shown = when.flatMap((condition) =>
    'header' in condition.from && 'is' in condition ? [[condition.from.header, condition.is ?? '']] : [],
  )
  const headers = { ...sample?.headers, ...(Object.fromEntries(shown) as Record<string, string>) }
  const unsigned = { method: 'POST', url, path: '', headers, body: bodyOfSample(provider), id: 'msg_1' }
  if (key !== undefined) {
    if (scheme.kind !== 'signature') throw new Error(`${provider.id} is not signed with a key`)
    return { ...signWith(scheme, key, unsigned, nowMs), query: {}, body: unsigned.body }
  }
  const signed = await sign(scheme, own, unsigned, nowMs)
  if (!signed.ok) throw new Error(`${provider.id}: ${signed.detail}`)
  return { headers: { ...headers, ...signed.headers }, query: signed.query, body: signed.body }
}

/** As a sender signs whose private key only it has. */
export function signWith(
  scheme: SignatureScheme,
  key: KeyObject,
  unsigned: Parameters<typeof sign>[2],
  nowMs: number,
): Pick<Delivery, 'headers'> {
  const text = compileSignedText(scheme.signed)
  const [place] = scheme.from
  if (!text.ok || place === undefined || !('header' in place)) throw new Error('this is signed in a header')
  const timestamp = scheme.timestamp === undefined ? '' : writeTime(scheme.timestamp, nowMs)
  const time =
    scheme.timestamp !== undefined && 'header' in scheme.timestamp.from
      ? { [scheme.timestamp.from.header]: timestamp }
      : {}
  const headers = { ...unsigned.headers, ...time }
  const request = new InboundRequest({ ...unsigned, rawHeaders: Object.entries(headers).flat(), ip: '' })
  const values = { request, parts: new Map(), timestamp, id: unsigned.id, secret: '', url: unsigned.url }
  const bytes = signWithKey(hashOf(scheme.algorithm), joinPieces(text.text.pieces(values)), key)
  return { headers: { ...headers, [place.header]: bytes.toString(scheme.encoding) } }
}

/** A key of `internet/`. */
export const readPrivateKey = (pem: Buffer): KeyObject => createPrivateKey(pem)

/** Every header that decides whether a provider's request is genuine. */
export function headersOf(provider: Provider): readonly string[] {
  const schemes =
    typeof provider.schemes === 'function' ? provider.schemes(usualOf(provider)) : provider.schemes
  const places = schemes.flatMap((scheme): readonly Source[] => {
    if (scheme.kind === 'basic') return [{ header: 'authorization' }]
    if (scheme.kind === 'jwt') return [scheme.from]
    if (scheme.kind === 'token') return scheme.from
    if (scheme.kind !== 'signature') return []
    return chainOf(scheme).flatMap(({ from, timestamp, id, when = [], requires = [], certificate }) => [
      ...from,
      ...[timestamp?.from, id, certificate?.from].filter((place) => place !== undefined),
      ...[...when, ...requires].map((condition) => condition.from),
    ])
  })
  return places.flatMap((place) => ('header' in place ? [place.header] : []))
}
