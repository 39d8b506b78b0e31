import { describe, expect, test } from 'vitest'
import { clientAddress, compileAddresses, readTrustedProxies } from '../../server/inbound/address.ts'

const listOf = (...entries: readonly string[]) => {
  const read = compileAddresses(entries)
  if (!read.ok) throw new Error(read.wrong)
  return read.list
}

describe('a list of networks', () => {
  test.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['10.0.0.0/8', '::ffff:0a01:0203', true],
    ['::ffff:10.0.0.0/104', '10.1.2.3', true],
    ['192.0.2.1', '192.0.2.1', true],
    ['192.0.2.1', '192.0.2.2', false],
    ['2001:db8::/32', '2001:db8:1::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::/0', '192.0.2.1', false],
    ['fe80::/10', 'fe80::1%eth0', true],
    ['127.0.0.0/8', '0177.0.0.1', false],
    ['127.0.0.0/8', '127.1', false],
    ['10.0.0.0/8', '', false],
    ['10.0.0.0/8', 'localhost', false],
  ])('%s and %s: %s', (network, ip, expected) => {
    expect(listOf('198.51.100.0/24', network).includes(ip)).toBe(expected)
  })

  test.each([
    '10.0.0.0/33',
    '10.0.0/8',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '::/129',
    'example.com',
    '',
    '0x7f.0.0.1',
  ])('%j is named as what cannot be read', (entry) => {
    expect(compileAddresses(['10.0.0.0/8', entry])).toEqual({ ok: false, wrong: entry })
  })
})

const seen = (trust: string, peer: string, forwardedFor?: string) => {
  const read = readTrustedProxies(trust)
  if (!read.ok) throw new Error(read.detail)
  return clientAddress(peer, forwardedFor, read.trusted)
}

describe('the caller’s address', () => {
  test('is the peer’s own where no proxy is trusted, in its plain form', () => {
    expect(seen('', '::ffff:192.0.2.9', '203.0.113.1')).toBe('192.0.2.9')
    expect(seen('10.0.0.0/8', '192.0.2.9', '203.0.113.1')).toBe('192.0.2.9')
  })

  test('is the last one that a trusted proxy wrote, however much a caller put before it', () => {
    expect(seen('10.0.0.0/8', '10.0.0.1', '1.1.1.1, 203.0.113.1')).toBe('203.0.113.1')
    expect(seen('10.0.0.0/8,2001:db8::/32', '10.0.0.1', '1.1.1.1,203.0.113.1, 2001:db8::7')).toBe(
      '203.0.113.1',
    )
    expect(seen('10.0.0.0/8', '10.0.0.1', `${'10.0.0.2,'.repeat(5_000)}203.0.113.1`)).toBe('203.0.113.1')
  })

  test('is counted from the right where the number of proxies is given', () => {
    expect(seen('1', '10.0.0.1', '1.1.1.1, 203.0.113.1')).toBe('203.0.113.1')
    expect(seen('2', '10.0.0.1', '1.1.1.1, 203.0.113.1, 10.9.9.9')).toBe('203.0.113.1')
    expect(seen('2', '10.0.0.1')).toBe('10.0.0.1')
  })

  test('stops at an entry that cannot be read', () => {
    expect(seen('10.0.0.0/8', '10.0.0.1', '203.0.113.1, unknown, 10.0.0.5')).toBe('10.0.0.5')
    expect(seen('10.0.0.0/8', '10.0.0.1', '')).toBe('10.0.0.1')
  })

  test('is read with the port and brackets that some proxies write', () => {
    expect(seen('1', '10.0.0.1', '203.0.113.1:51000')).toBe('203.0.113.1')
    expect(seen('1', '10.0.0.1', '"[2001:db8::5]:51000"')).toBe('2001:db8::5')
  })

  test.each(['10.0.0.0/99', 'yes', '33', '10.0.0.0/8,,'])('a setting of %j is refused in words', (text) => {
    expect(readTrustedProxies(text)).toMatchObject({ ok: false })
  })
})
