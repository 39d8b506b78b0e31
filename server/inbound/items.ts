/** A list in one request whose items are events of their own: SendGrid's batches, lines of NDJSON, a batch of CloudEvents. */
import type { Json } from '../../nodes/contract/json.ts'
import { exactItems } from '../engine/exact-json.ts'
import type { DedupeKey } from './dedupe.ts'

/** Each item is a durable event with a run: more in one request would keep its sender waiting for them all. */
export const itemsMax = 1_000

export interface Item {
  readonly message: Json
  /** Its JSON as it came, no digit lost. */
  readonly json: string
}

/** The items of a list; `undefined` when the message is none, or an empty one. */
export function itemsOf(message: Json, json: string): readonly Item[] | undefined {
  if (!Array.isArray(message) || message.length === 0) return undefined
  const texts = exactItems(json, message)
  return message.map((item: Json, at) => ({ message: item, json: texts[at] ?? 'null' }))
}

/**
 * Keys under which no two items of one request are the same delivery: a name that the request as a whole has (a header) gets
 * the item's position behind it; names that the items have themselves stay.
 */
export function keysOfItems(keys: readonly DedupeKey[]): readonly DedupeKey[] {
  const [first] = keys
  const isShared =
    keys.length > 1 &&
    first?.kind === 'key' &&
    keys.every((key) => key.kind === 'key' && key.key === first.key)
  return isShared ? keys.map((_, at) => ({ kind: 'key', key: `${first.key}#${at}` })) : keys
}
