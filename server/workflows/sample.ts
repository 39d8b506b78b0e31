import type { Json } from '../../nodes/contract/json.ts'
import type { Provider } from '../../nodes/contract/provider.ts'
import type { Source } from '../../nodes/contract/scheme.ts'
import { putText } from '../inbound/put-text.ts'

export interface FreshSample {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/**
 * The provider's first sample as a delivery of its own: with `id` where the provider puts its delivery ids, or a second
 * sample would be a duplicate of the first.
 */
export function freshSample({ samples, delivery = [] }: Provider, id: string): FreshSample | undefined {
  const [sample] = samples
  if (sample === undefined) return undefined
  const body = delivery.reduce((given, source) => withId(given, source, id), sample.body)
  const [place] = delivery
  return {
    method: sample.method ?? 'POST',
    headers: { ...sample.headers, ...(place !== undefined && 'header' in place && { [place.header]: id }) },
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  }
}

/** The body with the id in the place of the one that it has there; as it is where it has none. */
function withId(body: Json, source: Source, id: string): Json {
  return 'body' in source ? putText(body, source.body.split('.'), id) : body
}
