import { createHash } from 'node:crypto'
import busboy from 'busboy'
import type { EventFile } from '../../nodes/contract/context.ts'
import type { Json } from '../../nodes/contract/json.ts'
import { gather } from './form.ts'
import { type Refusal, refuse } from './refusal.ts'

/** SendGrid's inbound parse sends about 20 fields and as many files as a mail has attachments. */
const partsMax = 1_000
const filesMax = 100
const nameBytesMax = 1_024

/** A file as it came: what `$event.files` tells of it, and its bytes. */
export interface ReceivedFile extends Omit<EventFile, 'base64'> {
  readonly content: Buffer
}

export type ReadMultipart =
  { readonly ok: true; readonly value: Json; readonly files: readonly ReceivedFile[] } | Refusal

/**
 * Reads multipart/form-data that is in memory already, so that its size is bounded by the body's own limit. A file becomes
 * `{ filename, contentType, bytes, sha256, file }`, where `file` is its place among `files`; nothing is written to disk, and a
 * file's name is only ever text.
 */
export function readMultipart(body: Buffer, contentType: string): Promise<ReadMultipart> {
  return new Promise((resolve) => {
    const pairs: [string, Json][] = []
    const files: ReceivedFile[] = []
    let tooMany = false
    const malformed = (why: string) =>
      resolve(refuse(400, 'invalid-multipart', `The body is not multipart/form-data: ${why.slice(0, 200)}.`))
    const flag = () => {
      tooMany = true
    }
    try {
      const reader = busboy({
        headers: { 'content-type': contentType },
        defParamCharset: 'utf8',
        limits: {
          parts: partsMax,
          files: filesMax,
          fields: partsMax,
          fieldNameSize: nameBytesMax,
          fieldSize: body.length,
          fileSize: body.length,
        },
      })
      reader.on('field', (name, value) => pairs.push([name, value]))
      reader.on('file', (name, stream, info) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        // The reader destroys its files when the body breaks off, and says so itself.
        stream.on('error', () => chunks.splice(0))
        stream.on('end', () => {
          const filename: string | undefined = info.filename
          const file = fileOf(name, filename ?? '', info.mimeType, Buffer.concat(chunks))
          const { contentType, bytes, sha256 } = file
          pairs.push([name, { filename: file.filename, contentType, bytes, sha256, file: files.length }])
          files.push(file)
        })
      })
      reader.on('partsLimit', flag).on('filesLimit', flag).on('fieldsLimit', flag)
      reader.on('error', (error: unknown) =>
        malformed(error instanceof Error ? error.message : 'it cannot be read'),
      )
      reader.on('close', () => {
        resolve(
          tooMany
            ? refuse(400, 'too-many-fields', `The form has more than ${partsMax} parts or ${filesMax} files.`)
            : { ok: true, value: gather(pairs.map(([name, value]) => [name, value] as const)), files },
        )
      })
      reader.end(body)
    } catch (error) {
      malformed(error instanceof Error ? error.message : 'its content type cannot be read')
    }
  })
}

const fileOf = (name: string, filename: string, contentType: string, content: Buffer): ReceivedFile => ({
  name,
  filename,
  contentType,
  bytes: content.length,
  sha256: createHash('sha256').update(content).digest('hex'),
  content,
})
