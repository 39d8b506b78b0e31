/** What the README says of each provider: how it signs, shakes hands, and names its events and deliveries. */
import type { Handshake, Provider, TypeSource } from '../../nodes/contract/provider.ts'
import type { Scheme, SignatureScheme, TimestampRule } from '../../nodes/contract/scheme.ts'
import { providers } from '../../nodes/providers/index.ts'
import { tableOf } from './table.ts'

export function providerTable(): string {
  return tableOf(
    ['provider', 'scheme', 'signature', 'handshake', 'timestamp check', 'dedupe key', 'event type'],
    [...providers.values()].map((provider) => {
      const schemes = schemesOfAll(provider)
      return [
        provider.title,
        `\`${provider.id}\``,
        listed(schemes.map(signatureOf)),
        listed((provider.handshakes ?? []).map(handshakeOf)),
        listed(schemes.flatMap(timesOf)),
        listed((provider.delivery ?? []).map(placeOf)),
        listed((provider.type ?? []).map(placeOf)),
      ]
    }),
  )
}

/** Of ways of one's own, what they are with the settings that they cannot do without. */
const schemesOfAll = ({ id, schemes }: Provider): readonly Scheme[] =>
  typeof schemes === 'function' ? schemes({ scheme: id, username: 'user' }) : schemes

const listed = (words: readonly string[]): string => [...new Set(words)].join(', ') || '–'

function waysOf(scheme: SignatureScheme): readonly SignatureScheme[] {
  return [scheme, ...(scheme.otherwise === undefined ? [] : waysOf(scheme.otherwise))]
}

function signatureOf(scheme: Scheme): string {
  const words = signatureWords(scheme)
  return scheme.variant === undefined ? words : `${words} (\`${scheme.variant}\`)`
}

function signatureWords(scheme: Scheme): string {
  if (scheme.kind === 'token') return `token in ${placesOf(scheme)}`
  if (scheme.kind === 'jwt') return scheme.keys === undefined ? 'JWT' : 'JWT by published keys'
  if (scheme.kind === 'none') return scheme.variant === 'address' ? 'address only' : 'none'
  if (scheme.kind !== 'signature') {
    return { basic: 'user and password', ask: 'the provider is asked' }[scheme.kind]
  }
  const algorithms = [...new Set(waysOf(scheme).map(({ algorithm }) => algorithm))].join(' or ')
  return scheme.certificate === undefined ? algorithms : `${algorithms} by certificate`
}

const placesOf = ({ from }: Extract<Scheme, { kind: 'token' }>): string =>
  [
    ...new Set(
      from.map((place) => ('query' in place ? 'the URL' : 'body' in place ? 'the body' : 'a header')),
    ),
  ].join(' or ')

function handshakeOf({ methods, answer, learns, visits, topic, token }: Handshake): string {
  if (visits !== undefined) return 'URL visited'
  if (learns !== undefined) return 'secret learned'
  const what =
    answer.kind === 'fixed'
      ? 'answered'
      : answer.kind === 'hmac'
        ? 'challenge signed'
        : topic !== undefined || token !== undefined
          ? 'challenge echoed to whom we know'
          : 'challenge echoed'
  return `${methods.join(', ')} ${what}`
}

function timesOf(scheme: Scheme): readonly string[] {
  if (scheme.kind === 'jwt') {
    return scheme.ageSecondsMax === undefined ? ['`exp`'] : [`at most ${scheme.ageSecondsMax} s old`]
  }
  if (scheme.kind !== 'signature') return []
  return waysOf(scheme).flatMap(({ timestamp }) => (timestamp === undefined ? [] : [timeOf(timestamp)]))
}

function timeOf({ toleranceSeconds, direction }: TimestampRule): string {
  if (toleranceSeconds === undefined) return 'if set'
  return direction === 'past' ? `at most ${toleranceSeconds} s old` : `± ${toleranceSeconds} s`
}

function placeOf(source: TypeSource): string {
  if ('whichOf' in source) return 'first of the fields'
  const [place] = Object.entries(source)
  return place === undefined ? '–' : `${place[0]} \`${place[1]}\``
}
