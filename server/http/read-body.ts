import type { IncomingMessage } from 'node:http'

export type ReadBody =
  | { readonly ok: true; readonly body: Buffer }
  /** `start`: what had come by then, for the record. */
  | { readonly ok: false; readonly why: 'too-large' | 'too-slow' | 'aborted'; readonly start: Buffer }

/** Reads the raw bytes of a request. Stops at the first byte over `bytesMax`, or after `timeoutMs`. */
export function readBody(
  request: IncomingMessage,
  { bytesMax, timeoutMs }: { readonly bytesMax: number; readonly timeoutMs: number },
): Promise<ReadBody> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const end = (result: ReadBody) => {
      clearTimeout(timer)
      request.off('data', take).off('end', done).off('error', broken).off('close', broken)
      resolve(result)
    }
    const start = () => Buffer.concat(chunks)
    const take = (chunk: Buffer) => {
      bytes += chunk.length
      chunks.push(chunk)
      if (bytes <= bytesMax) return
      request.pause()
      end({ ok: false, why: 'too-large', start: start() })
    }
    const done = () => end({ ok: true, body: chunks.length === 1 && chunks[0] ? chunks[0] : start() })
    const broken = () => end({ ok: false, why: 'aborted', start: start() })
    const timer = setTimeout(() => end({ ok: false, why: 'too-slow', start: start() }), timeoutMs)
    // Refused before a byte is read, where the request says itself that it is too large.
    if (Number(request.headers['content-length']) > bytesMax) {
      end({ ok: false, why: 'too-large', start: Buffer.alloc(0) })
      return
    }
    request.on('data', take).on('end', done).on('error', broken).on('close', broken)
  })
}
