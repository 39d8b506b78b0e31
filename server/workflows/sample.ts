import type { Json } from '../../nodes/contract/json.ts'
import type { Provider } from '../../nodes/contract/provider.ts'
import { readMessage } from '../inbound/body.ts'
import { putText } from '../inbound/put-text.ts'
import { valuesAt } from '../inbound/source.ts'

export interface FreshSample {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/**
 * The provider's first sample as a delivery of its own: with `id` where the provider puts its delivery ids, or a second
 * sample would be a duplicate of the first.
 */
export async function freshSample(provider: Provider, id: string): Promise<FreshSample | undefined> {
  const { samples, delivery = [] } = provider
  const [sample] = samples
  if (sample === undefined) return undefined
  const [place] = delivery
  const headers = {
    ...sample.headers,
    ...(place !== undefined && 'header' in place && { [place.header]: id }),
  }
  const paths = delivery.flatMap((source) => ('body' in source ? [source.body.split('.')] : []))
  const body =
    typeof sample.body === 'string'
      ? await inText(sample.body, paths, id, provider, headers['content-type'])
      : JSON.stringify(paths.reduce<Json>((given, path) => putText(given, path, id), sample.body))
  return { method: sample.method ?? 'POST', headers, body: Buffer.from(body) }
}

/** A form or XML as it is written, with the id for that which is read from it; as it is where it has none. */
async function inText(
  body: string,
  paths: readonly (readonly string[])[],
  id: string,
  { unwrap }: Provider,
  contentType: string | undefined,
): Promise<string> {
  const read = await readMessage(Buffer.from(body), contentType, unwrap)
  if (!read.ok) return body
  const old = paths.flatMap((path) => valuesAt(read.message, path)).map(String)
  return old.reduce((text, known) => text.replaceAll(known, id), body)
}
