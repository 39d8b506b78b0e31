import { createHash } from 'node:crypto'
import type { Json } from '../../nodes/contract/json.ts'
import type { Provider } from '../../nodes/contract/provider.ts'
import type { InboundRequest } from './request.ts'
import { firstText } from './source.ts'

/** `expression`: only the sandbox may evaluate it; `keyOfValue` makes a key of what comes out. */
export type DedupeKey =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'expression'; readonly expression: string }

const none: DedupeKey = { kind: 'none' }

/**
 * What makes this delivery the same as another one, as `webhook.dedupe.key` says. Where the place is empty there is no key,
 * and the delivery is new. Never the text of a signature: one signature has many spellings.
 */
export function dedupeKey(
  choice: string,
  {
    provider,
    request,
    message,
  }: {
    readonly provider: Pick<Provider, 'delivery'>
    readonly request: InboundRequest
    readonly message: Json
  },
): DedupeKey {
  if (choice === 'none') return none
  if (choice === 'body') return { kind: 'key', key: `body:${sha256(request.body)}` }
  if (choice.startsWith('$:')) return { kind: 'expression', expression: choice.slice(2).trim() }
  if (choice.startsWith('header:')) {
    const name = choice.slice('header:'.length).trim().toLowerCase()
    return keyOfValue(request.isRepeated(name) ? null : (request.header(name) ?? null))
  }
  return keyOfValue(firstText(provider.delivery ?? [], { request, fields: message }) ?? null)
}

/** Longer keys are stored as their hash. */
const keyLengthMax = 200

/** A key made of what a header held or an expression gave; null and '' make none. */
export function keyOfValue(value: Json): DedupeKey {
  if (value === null || value === '') return none
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return { kind: 'key', key: text.length <= keyLengthMax ? `id:${text}` : `hash:${sha256(text)}` }
}

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex')
