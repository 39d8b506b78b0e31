import busboy from 'busboy'
import type { Json } from '../../nodes/contract/json.ts'
import { gather } from './form.ts'
import { type Refusal, refuse } from './refusal.ts'

/** SendGrid's inbound parse sends about 20 fields and as many files as a mail has attachments. */
const partsMax = 1_000
const filesMax = 100
const nameBytesMax = 1_024

export type ReadMultipart = { readonly ok: true; readonly value: Json } | Refusal

/**
 * Reads multipart/form-data that is in memory already, so that its size is bounded by the body's own limit. A file becomes
 * `{ filename, contentType, bytes, base64 }`; nothing is written to disk, and a file's name is only ever text.
 */
export function readMultipart(body: Buffer, contentType: string): Promise<ReadMultipart> {
  return new Promise((resolve) => {
    const pairs: [string, Json][] = []
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
          const bytes = Buffer.concat(chunks)
          const filename: string | undefined = info.filename
          pairs.push([
            name,
            {
              filename: filename ?? '',
              contentType: info.mimeType,
              bytes: bytes.length,
              base64: bytes.toString('base64'),
            },
          ])
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
            : { ok: true, value: gather(pairs.map(([name, value]) => [name, value] as const)) },
        )
      })
      reader.end(body)
    } catch (error) {
      malformed(error instanceof Error ? error.message : 'its content type cannot be read')
    }
  })
}
