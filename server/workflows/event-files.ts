/** The files of a stored event: its bytes are kept as they came, and a file is cut out of them when somebody asks for it. */
import type { EventId } from '../../nodes/contract/ids.ts'
import { readMessage } from '../inbound/body.ts'
import type { ReceivedFile } from '../inbound/multipart.ts'
import { NotFound, type Storage } from '../storage/storage.ts'
import { contentTypeOf } from './hands.ts'

/** In the order of the body, which is the number that the message knows them by. Throws `NotFound` without the event. */
export async function filesOf(
  id: EventId,
  { events }: Pick<Storage, 'events'>,
): Promise<readonly ReceivedFile[]> {
  const event = await events.get(id)
  const contentType = event && contentTypeOf(event.rawHeaders)
  if (event === undefined) throw new NotFound('There is no such event.')
  if (contentType?.toLowerCase().startsWith('multipart/form-data') !== true) return []
  const body = await events.body(id)
  if (body === undefined) return []
  const read = await readMessage(Buffer.from(body.buffer, body.byteOffset, body.byteLength), contentType)
  return read.ok ? (read.files ?? []) : []
}
