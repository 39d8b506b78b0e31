import type { Json } from '../../nodes/contract/json.ts'
import { type Refusal, refuse } from './refusal.ts'

/** Ten times what Express allows; 100 000 fields are an attack, not a form. */
export const formFieldsMax = 10_000

export type ReadForm = { readonly ok: true; readonly value: { readonly [name: string]: Json } } | Refusal

/**
 * Reads `application/x-www-form-urlencoded`. A name that is repeated becomes a list; brackets in names mean nothing, so that
 * no name reaches further than its own field.
 */
export function readForm(text: string): ReadForm {
  let fields = 1
  for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) {
    fields += 1
    if (fields > formFieldsMax) {
      return refuse(400, 'too-many-fields', `The form has more than ${formFieldsMax} fields. Send fewer.`)
    }
  }
  return { ok: true, value: gather(new URLSearchParams(text)) }
}

/** Names with their values; several of one name become a list. `__proto__` is a name like any other. */
export function gather<T extends Json>(
  pairs: Iterable<readonly [string, T]>,
): { readonly [name: string]: Json } {
  const values = new Map<string, T[]>()
  for (const [name, value] of pairs) {
    const same = values.get(name)
    if (same === undefined) values.set(name, [value])
    else same.push(value)
  }
  // fromEntries defines own properties, so that `__proto__` sets no prototype.
  return Object.fromEntries(
    [...values].map(([name, list]): [string, Json] => [name, list.length === 1 ? (list[0] ?? null) : list]),
  )
}
