import { createHash, createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto'
import type { KeyForm, SignatureAlgorithm } from '../../nodes/contract/scheme.ts'
import { decode, decodeSecret } from './encoding.ts'

export type Key =
  | {
      readonly ok: true
      readonly check: KeyObject
      readonly sign: KeyObject | undefined
      readonly text: string
    }
  | { readonly ok: false; readonly detail: string }

/** What a person leaves in a field that was to be filled in: it must never become a key that anybody can guess. */
const placeholder =
  /^(\s*|undefined|null|\[object Object\]|change[-_ ]?me|todo|replace[-_ ]?me|placeholder|your[-_ ].*|<.*>|\{\{.*\}\}|\$\{.*\}|[.…*•x]{3,}|whs(ec|k)_[.…*•]*|whpk_[.…*•]*)$/i

/** Why a secret's text cannot be used, or `undefined` when it can. */
export const whyUnusable = (secret: string): string | undefined =>
  placeholder.test(secret)
    ? 'The secret is empty or still a placeholder. Paste the secret that the sender shows.'
    : undefined

/** Makes a key of a secret's text. What cannot be read is said in words that do not hold the secret. */
export function readKey(secret: string, form: KeyForm, algorithm: SignatureAlgorithm): Key {
  const unusable = whyUnusable(secret)
  if (unusable !== undefined) return { ok: false, detail: unusable }
  if (form === 'public') return readPublicKey(secret.trim(), algorithm)
  const bytes = secretBytes(secret, form)
  if (bytes === undefined) {
    const expected =
      form === 'hex' ? 'hexadecimal digits' : form === 'whsec' ? 'base64 after whsec_' : 'base64'
    return {
      ok: false,
      detail: `The secret is not ${expected}. Paste it again, exactly as the sender shows it.`,
    }
  }
  const key = createSecretKey(bytes)
  return { ok: true, check: key, sign: key, text: secret }
}

function secretBytes(secret: string, form: Exclude<KeyForm, 'public'>): Buffer | undefined {
  if (form === 'text') return Buffer.from(secret, 'utf8')
  if (form === 'sha1') return createHash('sha1').update(secret.trim(), 'utf8').digest()
  const text = secret.trim()
  if (form === 'hex') return text === '' ? undefined : decode(text, 'hex')
  return decodeSecret(form === 'whsec' ? text.replace(/^whsec_/, '') : text)
}

const keyTypes: Partial<Record<SignatureAlgorithm, string>> = {
  ed25519: 'ed25519',
  'ecdsa-p256-sha256': 'ec',
  'rsa-sha1': 'rsa',
  'rsa-sha256': 'rsa',
}
/** RFC 8410: what stands before the 32 bytes of an ed25519 key in SPKI and PKCS #8. */
const ed25519Spki = Buffer.from('302a300506032b6570032100', 'hex')
const ed25519Pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const rsaBitsMin = 2_048

function readPublicKey(secret: string, algorithm: SignatureAlgorithm): Key {
  const expected = keyTypes[algorithm]
  const unreadable = {
    ok: false,
    detail: `The key is not a public key for ${algorithm}. Paste it as PEM, or as the sender shows it.`,
  } as const
  try {
    const sign = secret.startsWith('whsk_') ? ed25519PrivateKey(secret) : undefined
    const check = sign === undefined ? publicKey(secret, algorithm) : createPublicKey(sign)
    if (check === undefined || check.asymmetricKeyType !== expected) return unreadable
    const { namedCurve, modulusLength } = check.asymmetricKeyDetails ?? {}
    if (expected === 'ec' && namedCurve !== 'prime256v1') return unreadable
    if (expected === 'rsa' && (modulusLength ?? 0) < rsaBitsMin) {
      return {
        ok: false,
        detail: `The RSA key is shorter than ${rsaBitsMin} bits. Ask the sender for a longer one.`,
      }
    }
    return { ok: true, check, sign, text: secret }
  } catch {
    // OpenSSL's errors name its own sources; what a person can do about them is the same for all.
    return unreadable
  }
}

function publicKey(secret: string, algorithm: SignatureAlgorithm): KeyObject | undefined {
  if (secret.includes('PRIVATE KEY')) return undefined
  if (secret.startsWith('-----BEGIN')) return createPublicKey(secret)
  const hex = algorithm === 'ed25519' && secret.length === 64 ? decode(secret, 'hex') : undefined
  const bytes = hex ?? decodeSecret(secret.replace(/^whpk_/, '').replaceAll(/\s/g, ''))
  if (bytes === undefined) return undefined
  const der = algorithm === 'ed25519' && bytes.length === 32 ? Buffer.concat([ed25519Spki, bytes]) : bytes
  return createPublicKey({ key: der, format: 'der', type: 'spki' })
}

/** Standard Webhooks: 32 bytes of seed, then the 32 of the public key. */
function ed25519PrivateKey(secret: string): KeyObject | undefined {
  const bytes = decodeSecret(secret.slice('whsk_'.length))
  if (bytes?.length !== 64) return undefined
  const der = Buffer.concat([ed25519Pkcs8, bytes.subarray(0, 32)])
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
}
