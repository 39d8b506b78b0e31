import { createHmac } from 'node:crypto'

/**
 * The HMAC key of a Standard Webhooks secret: the base64 after `whsec_`, else the bytes of the text itself.
 * `undefined` when what follows `whsec_` is not base64: a signature with half a key would verify nowhere.
 */
export function signingKey(secret: string): Buffer | undefined {
  if (!secret.startsWith('whsec_')) return secret === '' ? undefined : Buffer.from(secret)
  const text = secret.slice('whsec_'.length).replace(/=+$/, '')
  const key = Buffer.from(text, 'base64')
  return key.length > 0 && key.toString('base64').replace(/=+$/, '') === text ? key : undefined
}

/**
 * `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function sign({
  key,
  id,
  timestamp,
  body,
}: {
  readonly key: Buffer
  readonly id: string
  /** Unix seconds. */
  readonly timestamp: number
  readonly body: Uint8Array
}): string {
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`
}
