/**
 * Secrets at rest: AES-256-GCM under one key, each bound to its name, so that a value cannot be moved to another name
 * within the store.
 *
 * Sealed: version (1 byte) | key id (4) | nonce (12) | tag (16) | ciphertext. The key id tells "another key" from
 * "damaged", which GCM alone cannot.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

export interface SecretSeal {
  /** The text, encrypted, for being stored under this name. */
  seal(name: string, text: string): Uint8Array
  /**
   * The text that was sealed under this name.
   * @throws {SecretUnreadable} when it was sealed with another key or under another name, or is damaged.
   */
  open(name: string, sealed: Uint8Array): string
}

export class SecretUnreadable extends Error {
  override readonly name = 'SecretUnreadable'
  readonly code = 'secret-unreadable'
}

const version = 1
const keyIdBytes = 4
const nonceBytes = 12
const tagBytes = 16
const headBytes = 1 + keyIdBytes
const overheadBytes = headBytes + nonceBytes + tagBytes

/** @param key 32 bytes, of `loadSecretKey`. */
export function sealSecrets(key: Buffer): SecretSeal {
  const head = Buffer.concat([
    Buffer.of(version),
    Buffer.from(fingerprint(key), 'hex').subarray(0, keyIdBytes),
  ])
  const bound = (name: string): Buffer => Buffer.concat([head, Buffer.from(name)])

  return {
    seal(name, text) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bound(name))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([head, nonce, cipher.getAuthTag(), body])
    },

    open(name, sealed) {
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
      if (bytes.length < overheadBytes) throw damaged(name)
      if (bytes[0] !== version) {
        throw new SecretUnreadable(
          `The secret "${name}" has the format ${bytes[0]}; this Hookloom reads format ${version}. Start the version that wrote it, or save the secret again.`,
        )
      }
      if (!bytes.subarray(0, headBytes).equals(head)) {
        throw new SecretUnreadable(
          `The secret "${name}" was encrypted with another key. Start with the HOOKLOOM_SECRET_KEY that it was saved with, or save it again.`,
        )
      }
      const nonce = bytes.subarray(headBytes, headBytes + nonceBytes)
      const tag = bytes.subarray(headBytes + nonceBytes, overheadBytes)
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
      decipher.setAAD(bound(name)).setAuthTag(tag)
      const text = decipher.update(bytes.subarray(overheadBytes))
      try {
        return Buffer.concat([text, decipher.final()]).toString('utf8')
      } catch {
        throw damaged(name)
      }
    },
  }
}

/**
 * Makes fingerprints of texts: equal for equal texts, and telling nothing about them without the key. It is a key of its
 * own, made of the server's, so that no fingerprint is anything that the server's key makes elsewhere.
 */
export function fingerprintTexts(key: Buffer): (text: string) => string {
  const own = createHmac('sha256', key).update('hookloom fingerprints of texts').digest()
  return (text) => createHmac('sha256', own).update(text).digest().subarray(0, 16).toString('base64url')
}

/** Names a key without telling anything about it: 32 hex digits, equal for equal keys. */
export const fingerprint = (key: Buffer): string =>
  createHmac('sha256', key).update('hookloom secret key').digest('hex').slice(0, 32)

const damaged = (name: string): SecretUnreadable =>
  new SecretUnreadable(
    `The stored value of the secret "${name}" is damaged, or belongs to another name. Save the secret again.`,
  )
