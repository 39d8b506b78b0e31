import type { EventView } from '../../nodes/contract/context.ts'
import type { Json } from '../../nodes/contract/json.ts'
import type { StoredEvent } from '../storage/storage.ts'
import type { Naming } from './naming.ts'
import { InboundRequest, readHeaders } from './request.ts'

/** What is in an event, and how the webhook node that took it names it; without a node, it names nothing. */
export interface EventContent {
  readonly message: Json
  readonly body: Uint8Array
  readonly naming: Naming | undefined
}

/** The accepted request as expressions and scripts see it. */
export function eventView(
  event: Pick<
    StoredEvent,
    'id' | 'method' | 'path' | 'rawHeaders' | 'receivedAt' | 'ip' | 'type' | 'verified'
  >,
  { message, body, naming }: EventContent,
): EventView {
  const { id, method, path, rawHeaders, receivedAt, ip, type, verified } = event
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const request = () => new InboundRequest({ method, url: '', path, rawHeaders, ip, body: bytes })
  const mark = path.indexOf('?')
  return {
    id,
    method,
    path: mark === -1 ? path : path.slice(0, mark),
    query: mark === -1 ? {} : readQuery(path.slice(mark + 1)),
    headers: readHeaders(rawHeaders),
    body: message,
    rawBody: bytes.toString('utf8'),
    receivedAt: new Date(receivedAt).toISOString(),
    ip,
    type,
    version: naming?.version({ request: request(), message }) ?? null,
    params: naming?.params(path) ?? {},
    verified,
  }
}

/** Repeated names become lists. Without a prototype, so that no name means anything special. */
function readQuery(text: string): EventView['query'] {
  const query = Object.create(null) as Record<string, string | string[]>
  for (const [name, value] of new URLSearchParams(text)) {
    const before = query[name]
    query[name] = before === undefined ? value : [before, value].flat()
  }
  return query
}
