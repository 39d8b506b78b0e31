import type { EventView } from '../../nodes/contract/context.ts'
import type { Json } from '../../nodes/contract/json.ts'
import type { StoredEvent } from '../storage/storage.ts'
import { readHeaders } from './request.ts'

/** The accepted request as expressions and scripts see it. */
export function eventView(
  event: Pick<
    StoredEvent,
    'id' | 'method' | 'path' | 'rawHeaders' | 'receivedAt' | 'ip' | 'type' | 'verified'
  >,
  message: Json,
  body: Uint8Array,
): EventView {
  const { id, method, path, receivedAt, ip, type, verified } = event
  const mark = path.indexOf('?')
  return {
    id,
    method,
    path: mark === -1 ? path : path.slice(0, mark),
    query: mark === -1 ? {} : readQuery(path.slice(mark + 1)),
    headers: readHeaders(event.rawHeaders),
    body: message,
    rawBody: Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'),
    receivedAt: new Date(receivedAt).toISOString(),
    ip,
    type,
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
