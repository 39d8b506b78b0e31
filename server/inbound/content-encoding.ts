import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'
import { type Refusal, refuse } from './refusal.ts'

export type Decoded = { readonly ok: true; readonly body: Buffer } | Refusal

const gunzipAsync = promisify(gunzip)
const inflateAsync = promisify(inflate)
const inflateRawAsync = promisify(inflateRaw)
const brotliAsync = promisify(brotliDecompress)

type Decoder = (body: Buffer, limit: { readonly maxOutputLength: number }) => Promise<Buffer>

const decoders: Readonly<Record<string, Decoder>> = {
  gzip: (body, limit) => gunzipAsync(body, limit),
  'x-gzip': (body, limit) => gunzipAsync(body, limit),
  // RFC 9110 means zlib by "deflate"; some senders leave its two bytes of header out.
  deflate: (body, limit) => (hasZlibHeader(body) ? inflateAsync(body, limit) : inflateRawAsync(body, limit)),
  br: (body, limit) => brotliAsync(body, limit),
}

const hasZlibHeader = (body: Buffer): boolean => {
  const [first = 0, second = 0] = body
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0
}

/** Whether the body has to be decoded at all. */
export const isEncoded = (contentEncoding: string | undefined): boolean =>
  contentEncoding !== undefined && !['', 'identity'].includes(contentEncoding.trim().toLowerCase())

/**
 * Undoes one Content-Encoding (gzip, deflate, br). What grows beyond `bodyBytesMax` is refused with 413 at that size,
 * whatever it would have become; several encodings on top of each other and unknown ones are refused with 415.
 */
export async function decodeContent(
  body: Buffer,
  contentEncoding: string | undefined,
  bodyBytesMax: number,
): Promise<Decoded> {
  const name = (contentEncoding ?? '').trim().toLowerCase()
  if (!isEncoded(name) || body.length === 0) return { ok: true, body }
  const decoder = Object.hasOwn(decoders, name) ? decoders[name] : undefined
  if (decoder === undefined) {
    return refuse(
      415,
      'unknown-encoding',
      `The Content-Encoding "${name.slice(0, 40)}" is not read here. Send gzip, deflate or br, or none, and only one.`,
    )
  }
  try {
    return { ok: true, body: await decoder(body, { maxOutputLength: bodyBytesMax }) }
  } catch (error) {
    const tooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    return tooLarge
      ? refuse(
          413,
          'too-large',
          `The body grows beyond ${bodyBytesMax} bytes when it is unpacked. Send less.`,
        )
      : refuse(400, 'bad-encoding', `The body is not ${name}, though its Content-Encoding says so.`)
  }
}
