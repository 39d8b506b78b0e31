/**
 * The address guard: every connection is made through it, so that no path of the code can forget to ask. A name is
 * resolved once for each connection, every address of the answer is judged, and only judged addresses are connected to;
 * there is no second resolution, hence nothing to rebind.
 */
import { lookup as resolveName } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { networkInterfaces } from 'node:os'
import { buildConnector } from 'undici'
import { type Address, isInside, isInternalName, isPublic, parseAddress, parseRange } from './addresses.ts'

export interface ResolvedAddress {
  readonly address: string
  readonly family: 4 | 6
}

/** All addresses of a name. Rejects as `dns.lookup` does. */
export type Lookup = (hostname: string) => Promise<readonly ResolvedAddress[]>

export interface Endpoint {
  /** A name or an address; a wildcard address means every address of this machine. */
  readonly host: string
  readonly port: number
}

export interface Guard {
  /** The addresses that a connection to this host and port may use. Rejects with `AddressRefused`, or as the resolver does. */
  admit(hostname: string, port: number): Promise<readonly ResolvedAddress[]>
  /** Connects for undici: to admitted addresses of this host and port, and to nothing else. */
  connectorFor(target: Endpoint): buildConnector.connector
}

export class AddressRefused extends Error {
  override readonly name = 'AddressRefused'
  readonly code = 'address-refused'
}

/** A connection that is not there by then will not come; the rest of an attempt's time is the target's. */
const connectMsMax = 10_000

export const systemLookup: Lookup = async (hostname) =>
  (await resolveName(hostname, { all: true })).map(({ address, family }) => ({
    address,
    family: family === 6 ? 6 : 4,
  }))

/**
 * @param allow ranges of addresses that are not public and may be reached all the same (`HOOKLOOM_OUTBOUND_ALLOW`).
 * @param own what belongs to Hookloom itself (its listener, Redis, MongoDB) and is refused even where `allow` lists it;
 *   read at every connection, so that a port that is chosen at listening may be added later.
 * @throws {Error} with one line when a range cannot be read.
 */
export function openGuard({
  allow,
  own = [],
  lookup = systemLookup,
}: {
  readonly allow: readonly string[]
  readonly own?: readonly Endpoint[]
  readonly lookup?: Lookup
}): Guard {
  const allowed = allow.map((text) => parseRange(text, 'HOOKLOOM_OUTBOUND_ALLOW'))

  async function admit(hostname: string, port: number): Promise<readonly ResolvedAddress[]> {
    const host = hostname.replace(/^\[|\]$/g, '')
    const family = isIP(host)
    const internal = family === 0 && isInternalName(host)
    // Not even asked for: how long an internal resolver takes tells which names it has.
    if (internal && allowed.length === 0) throw new AddressRefused(notAllowed(host))
    const answers: readonly ResolvedAddress[] =
      family === 0 ? await lookup(host) : [{ address: host, family: family === 6 ? 6 : 4 }]
    if (answers.length === 0) {
      throw Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' })
    }
    for (const { address } of answers) {
      const parsed = parseAddress(address)
      const reachable = parsed !== undefined && (isInside(parsed, allowed) || (!internal && isPublic(parsed)))
      if (!reachable) throw new AddressRefused(notAllowed(host, address))
      if (await isOwn(parsed, port)) {
        throw new AddressRefused(
          `Port ${port} of ${host} belongs to Hookloom itself (its listener, Redis or MongoDB); workflows never reach it.`,
        )
      }
    }
    return answers
  }

  async function isOwn(address: Address, port: number): Promise<boolean> {
    for (const endpoint of own) {
      if (endpoint.port !== port) continue
      const literal = parseAddress(endpoint.host.replace(/^\[|\]$/g, ''))
      if (literal !== undefined) {
        if (areOneMachine(literal, address)) return true
        continue
      }
      // A name that cannot be resolved now may be this address: refused.
      const answers = await lookup(endpoint.host).catch(() => undefined)
      const addresses = answers?.map(({ address }) => parseAddress(address))
      if (addresses?.every((each) => each !== undefined && !areOneMachine(each, address)) !== true)
        return true
    }
    return false
  }

  function connectorFor({ host, port }: Endpoint): buildConnector.connector {
    const lookupAdmitted: LookupFunction = (hostname, options, callback) => {
      admit(hostname, port).then(
        ([first, ...rest]) => {
          if (first === undefined) return callback(new Error(`${hostname} has no address`), [])
          if (options.all === true)
            return callback(
              null,
              [first, ...rest].map((each) => ({ ...each })),
            )
          return callback(null, first.address, first.family)
        },
        (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), []),
      )
    }
    const connect = buildConnector({
      allowH2: false,
      timeout: connectMsMax,
      // Happy eyeballs, among the admitted addresses only.
      autoSelectFamily: true,
      lookup: lookupAdmitted,
    })
    if (isIP(host.replace(/^\[|\]$/g, '')) === 0) return connect
    // Node resolves no literal, so that the lookup above would never be asked.
    return (options, callback) => {
      admit(host, port).then(
        () => connect(options, callback),
        (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
      )
    }
  }

  return { admit, connectorFor }
}

/** The same words for every port, open or closed, and before any packet is sent. */
const notAllowed = (host: string, address = host): string =>
  `${host}${address === host ? '' : ` (${address})`} is not a public address, and HOOKLOOM_OUTBOUND_ALLOW does not list it; add its address range there if workflows may reach it.`

const areOneMachine = (left: Address, right: Address): boolean =>
  left.toNormalizedString() === right.toNormalizedString() || (isThisMachine(left) && isThisMachine(right))

function isThisMachine(address: Address): boolean {
  const range = address.range()
  if (range === 'loopback' || range === 'unspecified') return true
  const text = address.toNormalizedString()
  return Object.values(networkInterfaces())
    .flat()
    .some((each) => each !== undefined && parseAddress(each.address)?.toNormalizedString() === text)
}
