/**
 * What the server and a sandbox child say to each other: frames over one pipe. A frame is its length in bytes (32 bits,
 * little endian) and UTF-8 text; the text is a line of JSON, the header, and then a body that travels as it is, so that JSON
 * payloads are neither escaped nor parsed on their way. Lengths inside a body count UTF-16 units, as `slice` does.
 *
 * server → child   header `Task`    body: a line of JSON (`Batch`), then the texts that its items name by their lengths
 * child → server   header `Notice`  body of `ended`: a line of JSON (`Result[]`), then the values of those that are ok
 */

/** A batch of one workflow for one isolate. */
export interface Task {
  readonly id: number
  readonly kind: 'expressions' | 'script'
  readonly workflowId: string
  readonly memoryMb: number
  /** For the batch as a whole. */
  readonly timeoutMs: number
  /** In an isolate that ran nothing before. */
  readonly fresh: boolean
}

export interface Batch {
  readonly programs: readonly { readonly kind: 'jsonata' | 'template' | 'script'; readonly source: string }[]
  readonly items: readonly Item[]
  /** No further item is begun after so many milliseconds: the rest is handed back. */
  readonly yieldMs: number
}

export interface Item {
  /** Index into `programs`. */
  readonly program: number
  /** Only parse it. */
  readonly check: boolean
  readonly outputBytesMax: number
  readonly logBytesMax: number
  /** Lengths of JSON texts in the body, in this order; -1 = not given. */
  readonly texts: readonly [message: number, event: number, steps: number, run: number, workflow: number]
}

/** `length` of the value's JSON text in the body; `logs` are absent when there are none. */
export type Result =
  | { readonly length: number; readonly logs?: readonly Log[] }
  | { readonly code: ResultCode; readonly message: string; readonly logs?: readonly Log[] }

export type ResultCode =
  'expression-error' | 'script-error' | 'does-not-parse' | 'output-limit' | 'not-json' | 'memory-limit'

export interface Log {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly text: string
}

/**
 * `done`: maybe not all of them; else the item after the last result is at fault (`memory`: any of the batch; `starved`: it
 * ran out of time, and nobody is, because the machine gave the child none).
 */
export type Ending = 'done' | 'time' | 'starved' | 'memory' | 'stalled' | 'failed'

export type Notice =
  | { readonly notice: 'ready' }
  /** The isolate exists and the batch takes some time: deadlines count from here. Most end without it. */
  | { readonly notice: 'started'; readonly id: number }
  /** `logs` are those of the item at fault, `message` says why it failed. */
  | {
      readonly notice: 'ended'
      readonly id: number
      readonly ending: Ending
      readonly message?: string
      readonly logs?: readonly Log[]
    }

/** A frame that is longer is a fault: the largest body (tens of megabytes) with all its bindings is below it. */
export const frameBytesMax = 256 * 1_024 * 1_024

const prefixBytes = 4

export function encodeFrame(header: object, body = ''): Buffer {
  const text = `${JSON.stringify(header)}\n${body}`
  const bytes = Buffer.byteLength(text)
  const frame = Buffer.allocUnsafe(prefixBytes + bytes)
  frame.writeUInt32LE(bytes)
  frame.write(text, prefixBytes)
  return frame
}

/** Returns a function that takes chunks as they arrive and hands over each whole frame. Throws when one is too long. */
export function frameReader(onFrame: (header: unknown, body: string) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = []
  let bytes = 0
  let wanted = prefixBytes
  return (chunk) => {
    chunks.push(chunk)
    bytes += chunk.length
    // Joined only when a frame is whole: joining at each chunk would copy a large frame hundreds of times.
    if (bytes < wanted) return
    let buffer = chunks.length === 1 ? chunk : Buffer.concat(chunks)
    while (buffer.length >= prefixBytes) {
      const length = buffer.readUInt32LE()
      if (length > frameBytesMax)
        throw new Error(`a frame of ${length} bytes; at most ${frameBytesMax} are allowed`)
      if (buffer.length < prefixBytes + length) break
      const text = buffer.toString('utf8', prefixBytes, prefixBytes + length)
      buffer = buffer.subarray(prefixBytes + length)
      const line = text.indexOf('\n')
      onFrame(JSON.parse(text.slice(0, line)), text.slice(line + 1))
    }
    chunks = buffer.length > 0 ? [buffer] : []
    bytes = buffer.length
    wanted = bytes >= prefixBytes ? prefixBytes + buffer.readUInt32LE() : prefixBytes
  }
}
