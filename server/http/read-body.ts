import type { IncomingMessage } from 'node:http'

export type ReadBody =
  | { readonly ok: true; readonly body: Buffer }
  /** `start`: what had come by then, for the record. */
  | { readonly ok: false; readonly why: 'too-large' | 'too-slow' | 'aborted'; readonly start: Buffer }

interface BodyLimits {
  readonly bytesMax: number
  readonly timeoutMs: number
}

const nothing = Buffer.alloc(0)

/**
 * Reads the raw bytes of a request. Stops at the first byte over `bytesMax`, or after `timeoutMs`. The body of most came with
 * the headers: whoever asks after any `await` has it at once, without a timer and listeners, which cost more than its HMAC.
 */
export function readBody(request: IncomingMessage, limits: BodyLimits): ReadBody | Promise<ReadBody> {
  if (request.destroyed) return { ok: false, why: 'aborted', start: nothing }
  // Refused before a byte is read, where the request says itself that it is too large.
  const length = Number(request.headers['content-length'])
  if (length > limits.bytesMax) return tooLarge(nothing)
  // Node says that a request is complete only a moment after its last byte.
  if (!request.complete && request.readableLength !== length) return collect(request, limits)
  const body = (request.read() as Buffer | null) ?? nothing
  return body.length > limits.bytesMax ? tooLarge(body) : { ok: true, body }
}

const tooLarge = (start: Buffer): ReadBody => ({ ok: false, why: 'too-large', start })

function collect(request: IncomingMessage, { bytesMax, timeoutMs }: BodyLimits): Promise<ReadBody> {
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
      end(tooLarge(start()))
    }
    const done = () => end({ ok: true, body: chunks.length === 1 && chunks[0] ? chunks[0] : start() })
    const broken = () => end({ ok: false, why: 'aborted', start: start() })
    const timer = setTimeout(() => end({ ok: false, why: 'too-slow', start: start() }), timeoutMs)
    request.on('data', take).on('end', done).on('error', broken).on('close', broken)
  })
}
