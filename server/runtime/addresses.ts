/**
 * Which addresses of the world outbound requests may reach. A table and pure functions over it: who may be connected to
 * is decided here, and `guard.ts` sees to it that nobody connects without asking.
 */
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

export type Address = ipaddr.IPv4 | ipaddr.IPv6
export type Range = readonly [Address, number]

/**
 * Not public (IANA special-purpose registries; RFC 6890 and its successors), and one public address that is not: Azure's
 * WireServer answers 168.63.129.16 from inside every machine there. IPv6 works the other way round: only 2000::/3 is
 * assigned, and these are the exceptions within it.
 */
const notPublic = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '168.63.129.16/32',
  // Teredo, benchmarking and ORCHID; documentation (two ranges).
  '2001::/23',
  '2001:db8::/32',
  '3fff::/20',
].map((cidr): Range => ipaddr.parseCIDR(cidr))

const assignedV6: Range = ipaddr.parseCIDR('2000::/3')

/** IPv6 that carries an IPv4 address inside: judged by that one, because that is where the packet ends. */
const carriers: readonly { readonly range: Range; readonly at: number }[] = [
  { range: ipaddr.parseCIDR('::ffff:0:0/96'), at: 12 },
  { range: ipaddr.parseCIDR('::/96'), at: 12 },
  { range: ipaddr.parseCIDR('2002::/16'), at: 2 },
]

const within = (address: Address, [network, bits]: Range): boolean =>
  address.kind() === network.kind() && address.match(network, bits)

const v4Inside = (address: Address, at: number): Address =>
  ipaddr.fromByteArray(address.toByteArray().slice(at, at + 4))

/** An interface identifier of ISATAP (RFC 5214) names the IPv4 address behind the tunnel. */
const isIsatap = (address: Address): boolean => {
  if (address.kind() === 'ipv4') return false
  const bytes = address.toByteArray()
  return ((bytes[8] ?? 0) & 0xfd) === 0 && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe
}

/** True for addresses that anybody on the internet may reach, and that therefore reveal nothing of this network. */
export function isPublic(address: Address): boolean {
  const carrier = carriers.find(({ range }) => within(address, range))
  if (carrier !== undefined) return isPublic(v4Inside(address, carrier.at))
  if (isIsatap(address) && !isPublic(v4Inside(address, 12))) return false
  if (address.kind() === 'ipv6' && !within(address, assignedV6)) return false
  return !notPublic.some((range) => within(address, range))
}

export const isInside = (address: Address, ranges: readonly Range[]): boolean =>
  ranges.some((range) => within(address, range))

/** An address as a resolver or a URL gives it; IPv4 within IPv6 (`::ffff:a.b.c.d`) becomes the IPv4 address it is. */
export const parseAddress = (text: string): Address | undefined =>
  isIP(text) === 0 ? undefined : ipaddr.process(text)

/**
 * `10.0.0.0/8`, `fd00::/8`, or one address.
 * @throws {Error} with one line, naming the setting that the text came from.
 */
export function parseRange(text: string, setting: string): Range {
  const [host = '', bits, ...rest] = text.trim().split('/')
  const widest = isIP(host) === 4 ? 32 : 128
  const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= widest)
  if (isIP(host) === 0 || host.includes('%') || !fits || rest.length > 0) {
    throw new Error(
      `${setting} has "${text}", which is not an address range; it takes ranges like 10.0.0.0/8 or fd00::/8, separated by commas.`,
    )
  }
  return [ipaddr.parse(host), bits === undefined ? widest : Number(bits)]
}

const internalSuffixes =
  /(^|\.)(localhost|localdomain|local|internal|intranet|lan|home|corp|private|svc|default|arpa)$/

/**
 * Names that no public zone holds, so that what answers to them is inside: a name without a dot, the reserved suffixes,
 * and metadata services. They are reached only where every one of their addresses is allowed.
 */
export function isInternalName(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/\.+$/, '')
  return !name.includes('.') || internalSuffixes.test(name) || name === 'metadata.goog'
}
