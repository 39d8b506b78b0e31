import type { Json } from '../../nodes/contract/json.ts'
import { exactJson } from './exact-json.ts'

/** A JSON value with its text: each is made from the other at most once, and most messages are only passed on. */
export class Message {
  #json: string | undefined
  #value: { readonly of: Json } | undefined

  private constructor(json: string | undefined, value: { readonly of: Json } | undefined) {
    this.#json = json
    this.#value = value
  }

  static fromJson = (json: string): Message => new Message(json, undefined)
  /** For who has both already. */
  static fromBoth = (json: string, value: Json): Message => new Message(json, { of: value })
  static fromValue = (value: Json): Message => new Message(undefined, { of: value })

  get json(): string {
    return (this.#json ??= JSON.stringify(this.value))
  }

  /** For those who are sent the message as it is: no digit is lost, and no key stands twice. */
  get exact(): string {
    return this.#json === undefined ? this.json : exactJson(this.#json, this.value)
  }

  /** Never mutated by anyone. */
  get value(): Json {
    this.#value ??= { of: JSON.parse(this.#json ?? 'null') as Json }
    return this.#value.of
  }
}

/** `{"a":…,"b":…}` from texts that are JSON already. */
export const jsonObject = (entries: Iterable<readonly [name: string, json: string]>): string =>
  `{${Array.from(entries, ([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`
