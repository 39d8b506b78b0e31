import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** A list of networks, read once. */
export interface AddressList {
  includes(ip: string): boolean
}

/**
 * Reads networks and single addresses (`10.0.0.0/8`, `2001:db8::/32`, `192.0.2.1`). An IPv4 address that comes as IPv6
 * (`::ffff:10.0.0.1`, as dual-stack sockets show it) is the IPv4 address.
 * @returns the first entry that cannot be read, where there is one
 */
export function compileAddresses(
  entries: readonly string[],
): { readonly ok: true; readonly list: AddressList } | { readonly ok: false; readonly wrong: string } {
  const networks: (readonly [Address, number])[] = []
  for (const entry of entries) {
    const network = readNetwork(entry.trim())
    if (network === undefined) return { ok: false, wrong: entry }
    networks.push(network)
  }
  return {
    ok: true,
    list: {
      includes(ip) {
        const address = readAddress(ip)
        return address !== undefined && networks.some((network) => matches(address, network))
      },
    },
  }
}

const matches = (address: Address, [network, bits]: readonly [Address, number]): boolean =>
  address instanceof ipaddr.IPv4
    ? network instanceof ipaddr.IPv4 && address.match(network, bits)
    : network instanceof ipaddr.IPv6 && address.match(network, bits)

function readNetwork(text: string): readonly [Address, number] | undefined {
  const [ip = '', length, ...more] = text.split('/')
  const address = parse(ip)
  if (address === undefined || more.length > 0) return undefined
  const width = address instanceof ipaddr.IPv4 ? 32 : 128
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined
  const bits = length === undefined ? width : Number(length)
  if (bits > width) return undefined
  const mapped = address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= 96
  return mapped ? [address.toIPv4Address(), bits - 96] : [address, bits]
}

/** Four decimal numbers or IPv6: the short, octal and hexadecimal forms of IPv4 mean different things to different readers. */
function parse(text: string): Address | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text)
  return text.includes(':') && ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : undefined
}

function readAddress(text: string): Address | undefined {
  const address = parse(text.replace(/%.*$/, ''))
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address
}

/** Which proxies in front of us are believed: how many there are, or where they are. */
export type TrustedProxies =
  | { readonly kind: 'none' }
  | { readonly kind: 'hops'; readonly hops: number }
  | { readonly kind: 'networks'; readonly list: AddressList }

const hopsMax = 32

/** Reads `HOOKLOOM_TRUST_PROXY`: '' for none, a number of proxies, or their networks parted by commas. */
export function readTrustedProxies(
  text: string,
): { readonly ok: true; readonly trusted: TrustedProxies } | { readonly ok: false; readonly detail: string } {
  const value = text.trim()
  if (value === '' || value === '0') return { ok: true, trusted: { kind: 'none' } }
  if (/^\d+$/.test(value)) {
    const hops = Number(value)
    return hops <= hopsMax
      ? { ok: true, trusted: { kind: 'hops', hops } }
      : { ok: false, detail: `${value} proxies are too many: at most ${hopsMax}` }
  }
  const read = compileAddresses(value.split(','))
  return read.ok
    ? { ok: true, trusted: { kind: 'networks', list: read.list } }
    : { ok: false, detail: `"${read.wrong}" is neither a number of proxies nor a network like 10.0.0.0/8` }
}

/** More than any chain of proxies; a longer header is an attack, of which the right end is enough. */
const forwardedMax = 64

/**
 * The caller's address, in its plain form. X-Forwarded-For is walked from its right end, where our own proxies wrote, and
 * only as far as the proxies are trusted: what a caller writes into it himself is never reached. An entry that cannot be
 * read ends the walk.
 */
export function clientAddress(
  peer: string,
  forwardedFor: string | undefined,
  trusted: TrustedProxies,
): string {
  const entries =
    trusted.kind === 'none' || forwardedFor === undefined ? [] : forwardedFor.split(',').slice(-forwardedMax)
  let client = plain(peer)
  for (let hop = 1; hop <= entries.length; hop += 1) {
    if (!isTrusted(trusted, client, hop)) break
    const next = readAddress(withoutPort(entries[entries.length - hop] ?? ''))
    if (next === undefined) break
    client = next.toString()
  }
  return client
}

/** Who is at the other end of a connection, as the door sees it; and what of that could not be believed. */
export function seenAs(peer: string, forwardedFor: string | undefined, trusted: TrustedProxies) {
  const address = clientAddress(peer, forwardedFor, trusted)
  const isProxy = isTrusted(trusted, plain(peer), 1)
  return {
    address,
    proxy: address === plain(peer) ? null : plain(peer),
    ignored: forwardedFor === undefined || isProxy ? null : forwardedFor.slice(0, forwardedShownMax),
  }
}
const forwardedShownMax = 200

const isTrusted = (trusted: TrustedProxies, address: string, hop: number): boolean =>
  trusted.kind === 'hops'
    ? hop <= trusted.hops
    : trusted.kind === 'networks' && trusted.list.includes(address)

const mapped = '::ffff:'

/** The kernel writes an address in one way only; what is left to undo is IPv4 within IPv6, and the name of an interface. */
function plain(peer: string): string {
  const zone = peer.indexOf('%')
  const address = zone === -1 ? peer : peer.slice(0, zone)
  return address.startsWith(mapped) && address.includes('.') ? address.slice(mapped.length) : address
}

/** `192.0.2.1:5000`, `[2001:db8::1]:5000` and `"[2001:db8::1]"` are written by some proxies. */
function withoutPort(entry: string): string {
  const text = entry.trim().replaceAll('"', '')
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1]
  return bracketed ?? text.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
}
