import { createHmac, createSecretKey } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Pieces, compileHmac } from '../../server/inbound/hmac.ts'

const names = fc.constantFrom('sha1', 'sha256', 'sha384', 'sha512')
/** Shorter than a block, exactly one, and longer: those are hashed first. */
const keys = fc.uint8Array({ minLength: 1, maxLength: 300 })
const piece = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
)

const expected = (name: string, key: Uint8Array, pieces: Pieces): string => {
  const hmac = createHmac(name, key)
  for (const each of pieces) hmac.update(each)
  return hmac.digest('hex')
}

test('an HMAC is what createHmac computes, whatever the key and the pieces', () => {
  fc.assert(
    fc.property(names, keys, fc.array(piece, { maxLength: 5 }), (name, key, pieces) => {
      expect(compileHmac(name, createSecretKey(key))(pieces).toString('hex')).toBe(
        expected(name, key, pieces),
      )
    }),
    { numRuns: 500 },
  )
})

test.each([63, 64, 65, 127, 128, 129])('also for a key of %i bytes, at the edge of a block', (length) => {
  for (const name of ['sha1', 'sha256', 'sha384', 'sha512'] as const) {
    const key = Buffer.alloc(length, 'k')
    expect(compileHmac(name, createSecretKey(key))(['body']).toString('hex')).toBe(
      expected(name, key, ['body']),
    )
  }
})

test('one key serves many bodies, small and large, and keeps nothing of the one before', () => {
  const key = Buffer.from('It is a secret to everybody')
  const digest = compileHmac('sha256', createSecretKey(key))
  for (const length of [0, 1, 65_471, 65_472, 65_473, 1_000_000, 1, 0]) {
    const body = Buffer.alloc(length, 'b')
    expect(digest([body]).toString('hex')).toBe(expected('sha256', key, [body]))
  }
})
