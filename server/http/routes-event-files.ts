import type { Response } from 'express'
import * as api from '../../nodes/contract/api-house.ts'
import { readId } from '../../nodes/contract/ids.ts'
import type { ReceivedFile } from '../inbound/multipart.ts'
import type { Storage } from '../storage/storage.ts'
import { filesOf } from '../workflows/event-files.ts'
import { ProblemError } from './problem.ts'
import { type Route, route } from './route.ts'

/** Files that came in the body of an event: the message only names them. */
export function fileRoutes(storage: Storage): readonly Route[] {
  const files = async (id = ''): Promise<readonly ReceivedFile[]> => {
    const known = readId('evt', id)
    if (known === undefined) throw new ProblemError('not-found', 'There is nothing with this id.')
    return filesOf(known, storage)
  }
  return [
    route({
      method: 'get',
      path: '/api/events/:id/files',
      summary: 'Lists the files in a multipart body.',
      answer: api.eventFileList,
      handle: async ({ params }) => {
        const found = await files(params['id'])
        const items = found.map(({ content: _content, ...file }, at) => ({ file: at, ...file }))
        return { items, nextCursor: null }
      },
    }),
    route({
      method: 'get',
      path: '/api/events/:id/files/:file',
      summary: 'The bytes of one of the files in a multipart body.',
      produces: 'application/octet-stream',
      handle: async ({ params, response }) => {
        const found = (await files(params['id'])).find((_, at) => `${at}` === params['file'])
        if (found === undefined) throw new ProblemError('not-found', 'This event has no such file.')
        sendBytes(response, found.content, 'file')
      },
    }),
  ]
}

/** A download that no browser renders. */
export function sendBytes(response: Response, bytes: Uint8Array, name = 'body'): void {
  response.setHeader('content-type', 'application/octet-stream')
  response.setHeader('content-disposition', `attachment; filename="${name}"`)
  response.setHeader('content-security-policy', "default-src 'none'; sandbox")
  response.end(bytes)
}
