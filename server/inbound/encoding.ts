/**
 * Strict decoding. Node's own decoders skip what they do not know, so that a signature with "00" or a line break appended
 * would still verify and one delivery would have endless spellings.
 */
import type { Encoding } from '../../nodes/contract/scheme.ts'

const hexDigits = /^[0-9a-f]*$/i

/** The bytes, or `undefined` when the text is not exactly one encoding of them: alphabet, length, padding, spare bits. */
export function decode(text: string, encoding: Encoding): Buffer | undefined {
  if (encoding === 'hex') {
    return text.length % 2 === 0 && hexDigits.test(text) ? Buffer.from(text, 'hex') : undefined
  }
  const bytes = Buffer.from(text, encoding)
  if (bytes.toString(encoding) === text) return bytes
  // Senders differ on whether base64url is padded; either is one spelling only.
  const padded = encoding === 'base64url' && text.length % 4 === 0
  return padded &&
    `${bytes.toString('base64url')}${'='.repeat(-bytes.toString('base64url').length & 3)}` === text
    ? bytes
    : undefined
}

/** A base64 secret as a person pastes it: padding may be missing, nothing else. */
export function decodeSecret(text: string): Buffer | undefined {
  const bare = text.replace(/={1,2}$/, '')
  const bytes = Buffer.from(bare, 'base64')
  return bytes.length > 0 && bytes.toString('base64').replace(/=+$/, '') === bare ? bytes : undefined
}
