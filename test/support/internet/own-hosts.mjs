/**
 * Loaded into a server before its own code (`node --import`): the names of the tests' internet lead to this machine, and their
 * ports to those of its servers. What the server checks on its way there (addresses, certificates, redirects) stays as it is.
 */
import dns from 'node:dns/promises'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import tls from 'node:tls'

const { hosts, ports } = JSON.parse(process.env.HOOKLOOM_TEST_INTERNET ?? '{"hosts":[],"ports":{}}')

const lookup = dns.lookup
dns.lookup = (name, ...more) =>
  hosts.includes(name) ? Promise.resolve([{ address: '127.0.0.1', family: 4 }]) : lookup(name, ...more)
for (const module of [net, tls]) {
  const connect = module.connect
  module.connect = (options, ...more) =>
    connect(
      hosts.includes(options?.host) ? { ...options, port: ports[options.port] ?? options.port } : options,
      ...more,
    )
}
syncBuiltinESMExports()
