/**
 * Where Redis is, as a URL says it:
 *
 *   redis://[user:password@]host[:port][/database]
 *   redis+sentinel://[user:password@]host[:port],host[:port]/name[/database]    the sentinels, and the name they watch
 *   redis+cluster://[user:password@]host[:port],host[:port]                     some nodes; the rest is found
 *
 * `rediss` in the place of `redis` speaks TLS.
 */
export interface RedisAddress {
  readonly kind: 'single' | 'sentinel' | 'cluster'
  readonly isEncrypted: boolean
  readonly hosts: readonly { readonly host: string; readonly port: number }[]
  readonly username: string | undefined
  readonly password: string | undefined
  readonly database: number
  /** What the sentinels call the set of servers. */
  readonly name: string
}

const form =
  /^(?<scheme>rediss?)(?:\+(?<kind>sentinel|cluster))?:\/\/(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^/@?#]+)(?:\/(?<rest>[^?#]*))?$/
const host = /^(?<name>\[[0-9a-fA-F:.]+\]|[^:[\]\s]+)(?::(?<port>\d{1,5}))?$/
const ports = { single: 6379, sentinel: 26379, cluster: 6379 } as const

/** `undefined` when it is no such URL. */
export function readRedisAddress(url: string): RedisAddress | undefined {
  const parts = form.exec(url)?.groups
  if (parts === undefined) return undefined
  const kind = parts['kind'] === 'sentinel' || parts['kind'] === 'cluster' ? parts['kind'] : 'single'
  const hosts = (parts['hosts'] ?? '').split(',').map((text) => host.exec(text)?.groups)
  if (kind === 'single' && hosts.length > 1) return undefined
  const found = hosts.flatMap((each) => {
    const port = Number(each?.['port'] ?? ports[kind])
    return each?.['name'] === undefined || port > 65_535 ? [] : [{ host: bare(each['name']), port }]
  })
  const rest = (parts['rest'] ?? '').split('/').filter((part) => part !== '')
  const name = kind === 'sentinel' ? rest.shift() : ''
  const [database = '0', ...more] = rest
  const isWhole = found.length === hosts.length && name !== undefined && more.length === 0
  if (!isWhole || !/^\d{1,5}$/.test(database)) return undefined
  return {
    kind,
    isEncrypted: parts['scheme'] === 'rediss',
    hosts: found,
    username: decoded(parts['user']),
    password: decoded(parts['password']),
    database: Number(database),
    name,
  }
}

const bare = (name: string): string => name.replace(/^\[|\]$/g, '')

const decoded = (text: string | undefined): string | undefined =>
  text === undefined || text === '' ? undefined : decodeURIComponent(text)
