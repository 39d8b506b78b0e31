/** An address as its bits: 32 or 128 of them, in one number. */
interface Address {
  readonly bits: 32 | 128
  readonly value: bigint
}

/** Reads an IPv4 or IPv6 address; an IPv4-mapped one (`::ffff:192.0.2.1`) is the IPv4 address; zone ids are refused. */
function parseAddress(text: string): Address | undefined {
  const v4 = parseV4(text)
  if (v4 !== undefined) return { bits: 32, value: v4 }
  const v6 = parseV6(text)
  if (v6 === undefined) return undefined
  return v6 >> 32n === 0xffffn ? { bits: 32, value: v6 & 0xffffffffn } : { bits: 128, value: v6 }
}

/** Four decimal numbers without leading zeros (RFC 6943 3.1.1: other spellings mean different things to different readers). */
function parseV4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
    return undefined
  }
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n)
}

/** RFC 4291 2.2: eight groups, one run of zeros as `::`, the last two groups also as IPv4. */
function parseV6(text: string): bigint | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map((half, n) => groupsOf(half, n === halves.length - 1))
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined
  const missing = 8 - head.length - (tail?.length ?? 0)
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const groups = [...head, ...Array.from({ length: missing }, () => 0n), ...(tail ?? [])]
  return groups.reduce((value, group) => (value << 16n) | group, 0n)
}

function groupsOf(half: string, last: boolean): bigint[] | undefined {
  if (half === '') return []
  const groups: bigint[] = []
  const parts = half.split(':')
  for (const [n, part] of parts.entries()) {
    const v4 = last && n === parts.length - 1 && part.includes('.') ? parseV4(part) : undefined
    if (v4 !== undefined) groups.push(v4 >> 16n, v4 & 0xffffn)
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`))
    else return undefined
  }
  return groups
}

interface Network extends Address {
  readonly prefix: number
}

/** `192.0.2.0/24`, `2001:db8::/32`, or one address. Bits behind the prefix are ignored. */
function parseNetwork(text: string): Network | undefined {
  const [, start = '', length] = /^([^/]*)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? []
  const address = parseAddress(start)
  if (address === undefined) return undefined
  // A mapped network is written with the length of the IPv6 form: ::ffff:192.0.2.0/120 is 192.0.2.0/24.
  const written = start.includes(':') ? 128 : 32
  const prefix = Number(length ?? written) - (written - address.bits)
  return prefix >= 0 && Number(length ?? written) <= written ? { ...address, prefix } : undefined
}

/** Whether the text is a network (`192.0.2.0/24`) or an address. */
export const isCidr = (text: string): boolean => parseNetwork(text) !== undefined

/** Whether the address lies in the network. What is no address lies nowhere, and nothing lies in what is no network. */
export function inCidr(address: string, cidr: string): boolean {
  const network = parseNetwork(cidr)
  const found = parseAddress(address)
  if (network === undefined || found === undefined || network.bits !== found.bits) return false
  const shift = BigInt(network.bits - network.prefix)
  return network.value >> shift === found.value >> shift
}
