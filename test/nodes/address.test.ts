import * as fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { expect, test } from 'vitest'
import { inCidr, isCidr } from '../../nodes/contract/address.ts'
import { senderNetworks } from '../../nodes/sender-networks.ts'

const v4 = fc.ipV4()
const v6 = fc.ipV6()

test('says of any address and network what ipaddr.js says', () => {
  const network = fc.oneof(
    fc.tuple(v4, fc.integer({ min: 0, max: 32 })),
    fc.tuple(v6, fc.integer({ min: 0, max: 128 })),
  )
  let inside = 0
  fc.assert(
    fc.property(fc.oneof(v4, v6), network, fc.boolean(), (address, [start, prefix], own) => {
      const asked = own ? start : address
      const [a, n] = [ipaddr.parse(asked), ipaddr.parse(start)]
      fc.pre(!isMapped(a) && !isMapped(n))
      const expected = a.kind() === n.kind() && a.match(n, prefix)
      inside += expected ? 1 : 0
      expect(inCidr(asked, `${start}/${prefix}`)).toBe(expected)
    }),
    { numRuns: 2_000 },
  )
  expect(inside).toBeGreaterThan(500)
})

const isMapped = (address: ipaddr.IPv4 | ipaddr.IPv6): boolean =>
  address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress()

test('an IPv4 address in IPv6 clothes is the IPv4 address', () => {
  expect(inCidr('::ffff:192.0.2.7', '192.0.2.0/24')).toBe(true)
  expect(inCidr('::ffff:c000:207', '192.0.2.0/24')).toBe(true)
  expect(inCidr('192.0.2.7', '::ffff:192.0.2.0/120')).toBe(true)
  expect(inCidr('192.0.3.7', '::ffff:192.0.2.0/120')).toBe(false)
})

test('an address alone is a network of one', () => {
  expect(inCidr('192.0.2.7', '192.0.2.7')).toBe(true)
  expect(inCidr('192.0.2.8', '192.0.2.7')).toBe(false)
  expect(inCidr('2001:db8::1', '2001:db8:0:0:0:0:0:1')).toBe(true)
})

test.each([
  '',
  'x',
  '1.2.3',
  '1.2.3.4.5',
  '01.2.3.4',
  '256.1.1.1',
  '1.2.3.4/33',
  '1.2.3.4/',
  '1.2.3.4/08',
  '1.2.3.4/-1',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7::8',
  '::12345',
  '::1.2.3',
  '1.2.3.4::',
  '::1/129',
  'fe80::1%eth0',
  ' 1.2.3.4',
  '::ffff:1.2.3.4/90',
])('"%s" is no network', (text) => {
  expect(isCidr(text)).toBe(false)
  expect(inCidr('1.2.3.4', text)).toBe(false)
})

test.each(['0.0.0.0/0', '::/0', '::', '::1', '1::', '2001:DB8::/32', '::ffff:0:0/96'])(
  '"%s" is a network',
  (text) => {
    expect(isCidr(text)).toBe(true)
  },
)

test.each(Object.entries(senderNetworks))('the networks of %s can be allowed', (_sender, { networks }) => {
  expect(networks.filter((network) => !isCidr(network))).toEqual([])
  expect(new Set(networks).size).toBe(networks.length)
})
