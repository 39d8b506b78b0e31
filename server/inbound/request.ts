import type { Json } from '../../nodes/contract/json.ts'
import { readForm } from './form.ts'
import { readJson, readUtf8 } from './json-text.ts'

/** What the door knows of a request once its body is there. */
export interface RequestParts {
  readonly method: string
  /** The public URL that the caller used, from configuration and never from `Host`: some providers sign it. */
  readonly url: string
  /** Behind the hook's token, with the query: `/rest?x=1`, or ''. */
  readonly path: string
  /** As Node gives them: name, value, name, value, … */
  readonly rawHeaders: readonly string[]
  /** As received, before any decoding. */
  readonly body: Buffer
  readonly ip: string
}

/**
 * One request at the door. Header names are lower case. What is costly is read once, when somebody asks; a header is looked
 * for among those that came, since a table of all of them costs more than the few that are asked for.
 */
export class InboundRequest implements RequestParts {
  readonly method: string
  readonly url: string
  readonly path: string
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
  readonly ip: string
  #query: URLSearchParams | undefined
  #fields: Json | undefined
  #fieldsRead = false

  constructor({ method, url, path, rawHeaders, body, ip }: RequestParts) {
    this.method = method
    this.url = url
    this.path = path
    this.rawHeaders = rawHeaders
    this.body = body
    this.ip = ip
  }

  /** A repeated one is joined by ", ". */
  header(name: string): string | undefined {
    const values = this.#values(name)
    return values.length > 1 ? values.join(', ') : values[0]
  }

  /** Whether the header came more than once: then nobody can tell which of them the sender meant. */
  isRepeated(name: string): boolean {
    return this.#values(name).length > 1
  }

  #values(name: string): readonly string[] {
    const values: string[] = []
    for (let at = 0; at + 1 < this.rawHeaders.length; at += 2) {
      const raw = this.rawHeaders[at] ?? ''
      if (raw.length === name.length && (raw === name || raw.toLowerCase() === name)) {
        values.push(this.rawHeaders[at + 1] ?? '')
      }
    }
    return values
  }

  /** All of them, as `header` reads each. */
  get headers(): { readonly [name: string]: string } {
    return readHeaders(this.rawHeaders)
  }

  get query(): URLSearchParams {
    const mark = this.path.indexOf('?')
    this.#query ??= new URLSearchParams(mark === -1 ? '' : this.path.slice(mark + 1))
    return this.#query
  }

  /** The body as JSON or as form fields, for schemes and handshakes that look into it; `undefined` when it is neither. */
  get fields(): Json | undefined {
    if (!this.#fieldsRead) {
      this.#fields = this.#readFields()
      this.#fieldsRead = true
    }
    return this.#fields
  }

  #readFields(): Json | undefined {
    const json = readJson(this.body)
    if (json.ok) return json.value
    if (!(this.header('content-type') ?? '').includes('x-www-form-urlencoded')) return undefined
    const text = readUtf8(this.body)
    const form = text.ok ? readForm(text.text) : text
    return form.ok ? form.value : undefined
  }

  /** The same request with its body decoded. */
  withBody(body: Buffer): InboundRequest {
    const { method, url, path, rawHeaders, ip } = this
    return new InboundRequest({ method, url, path, rawHeaders, body, ip })
  }
}

/** The headers of a body that became JSON. */
export const asJsonHeaders = (rawHeaders: readonly string[]): readonly string[] => [
  ...rawHeaders.flatMap((name, at) =>
    at % 2 === 1 || /^content-(type|length|encoding)$/i.test(name) ? [] : [name, rawHeaders[at + 1] ?? ''],
  ),
  'content-type',
  'application/json',
]

/** Names in lower case; repeated ones joined by ", ". Without a prototype, so that `constructor` is absent until it is sent. */
export function readHeaders(rawHeaders: readonly string[]): { readonly [name: string]: string } {
  const headers = Object.create(null) as Record<string, string>
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase()
    const value = rawHeaders[at + 1] ?? ''
    const before = headers[name]
    headers[name] = before === undefined ? value : `${before}, ${value}`
  }
  return headers
}
