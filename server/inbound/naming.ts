/** What a webhook node's settings make of an event beside its message: its name, its version, the parameters of its path. */
import { type Json, isJsonObject } from '../../nodes/contract/json.ts'
import { type PathParams, compilePath } from '../../nodes/contract/path-pattern.ts'
import type { Provider, TypeSource } from '../../nodes/contract/provider.ts'
import { readSource } from '../../nodes/contract/scheme.ts'
import type { WebhookSettings } from '../../nodes/webhook.ts'
import type { InboundRequest } from './request.ts'
import { type Readable, firstText } from './source.ts'

/** What is read of a request whose message is known. */
interface Read {
  readonly request: InboundRequest
  readonly message: Json
}

export interface Naming {
  /** The parameters of the path; `undefined` when it is none that the hook takes. */
  params(path: string): PathParams | undefined
  type(read: Read): string | null
  version(read: Read): string | null
}

/** As long as a list can show. */
const nameLengthMax = 200

export function compileNaming(
  { path, naming }: Pick<WebhookSettings, 'path' | 'naming'>,
  provider: Pick<Provider, 'type'> = {},
): Naming {
  const compiled = compilePath(path)
  // A pattern that cannot be read takes no path: it is refused when publishing.
  const params = compiled.ok ? compiled.match : () => undefined
  const own = (place: string | undefined, { request, message }: Read): string | undefined => {
    if (place === undefined) return undefined
    if (place.startsWith('path:')) return params(request.path)?.[place.slice('path:'.length)]
    return firstText([readSource(place)], { request, fields: message })
  }
  return {
    params,
    type(read) {
      const { request, message } = read
      const found =
        own(naming.type, read) ??
        (naming.type === undefined ? firstType(provider.type ?? [], { request, fields: message }) : undefined)
      return cut(found)
    },
    version: (read) => cut(own(naming.version, read)),
  }
}

const cut = (text: string | undefined): string | null =>
  text === undefined || text === '' ? null : text.slice(0, nameLengthMax)

function firstType(sources: readonly TypeSource[], readable: Readable): string | undefined {
  for (const source of sources) {
    const found =
      'whichOf' in source
        ? source.whichOf.find((name) => isJsonObject(readable.fields) && Object.hasOwn(readable.fields, name))
        : firstText([source], readable)
    if (found !== undefined) return found
  }
  return undefined
}
