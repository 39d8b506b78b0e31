/** From the bytes of an answer to the value that a workflow gets. */
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib'
import type { Json } from '../../nodes/contract/json.ts'

/** As at the door: what is nested deeper is no message, and would exhaust the stack of whoever walks it. */
const jsonDepthMax = 100

export type Decoded =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly code: 'response-too-large' | 'response-unreadable'; readonly why: string }

type Decompress = (bytes: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>

const decompressors: Readonly<Record<string, Decompress>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  // Half of the world's "deflate" comes without the zlib wrapper that RFC 9110, 8.4.1.2 asks for.
  deflate: (bytes, options) =>
    ((bytes[0] ?? 0) & 0x0f) === 8
      ? promisify(inflate)(bytes, options)
      : promisify(inflateRaw)(bytes, options),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
}

/**
 * Undoes one content coding. A chain of them is refused: each link multiplies, and no honest target sends one.
 * @param bytesMax stops a bomb when that much has come out of it.
 */
export async function decodeBody(
  bytes: Buffer,
  contentEncoding: string | undefined,
  bytesMax: number,
): Promise<Decoded> {
  if (contentEncoding === undefined) return { ok: true, bytes }
  const codings = contentEncoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
  const [coding] = codings
  if (coding === undefined || bytes.length === 0) return { ok: true, bytes }
  if (codings.length > 1) {
    return {
      ok: false,
      code: 'response-unreadable',
      why: `is encoded ${codings.length} times over; once is read`,
    }
  }
  const decompress = Object.hasOwn(decompressors, coding) ? decompressors[coding] : undefined
  if (decompress === undefined) {
    const why = `has the content-encoding ${JSON.stringify(coding.slice(0, 40))}; gzip, deflate, br and zstd are read`
    return { ok: false, code: 'response-unreadable', why }
  }
  try {
    return { ok: true, bytes: await decompress(bytes, { maxOutputLength: bytesMax }) }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
      return { ok: false, code: 'response-too-large', why: `is larger than ${bytesMax} bytes when decoded` }
    }
    return { ok: false, code: 'response-unreadable', why: `is not the ${coding} that it says it is` }
  }
}

/** Text in the charset that the content type names, UTF-8 where it names none or one that nobody knows. */
export function decodeText(bytes: Buffer, contentType: string | undefined): string {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType ?? '')?.[1]
  return (charset === undefined ? utf8 : decoderFor(charset)).decode(bytes)
}

const utf8 = new TextDecoder()

function decoderFor(charset: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset)
  } catch {
    return utf8
  }
}

/** The parsed value when the content type says JSON and it is JSON, no deeper than 100 levels; else the text. */
export function readBody(text: string, contentType: string | undefined): Json {
  if (!/^\s*(application|text)\/([^\s;]+\+)?json\s*(;|$)/i.test(contentType ?? '')) return text
  if (depthOf(text) > jsonDepthMax) return text
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}

/** How deep JSON text is nested; of anything else, some number. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (quoted) {
      if (unit === 0x5c) at++
      else if (unit === 0x22) quoted = false
    } else if (unit === 0x22) quoted = true
    else if (unit === 0x7b || unit === 0x5b) deepest = Math.max(deepest, ++depth)
    else if (unit === 0x7d || unit === 0x5d) depth--
  }
  return deepest
}
