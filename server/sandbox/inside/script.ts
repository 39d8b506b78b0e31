/* oxlint-disable unicorn/consistent-function-scoping -- the exported function is sent as text, all that it uses with it */
import type { Batch, Log, Result, ResultCode } from '../protocol.ts'

type Body = (message: unknown, event: unknown, steps: unknown) => Promise<unknown>

/**
 * Runs inside a context of its own as source text, so it uses nothing from outside itself. What the script does to the
 * objects of this context it does to nobody else: the context is thrown away afterwards.
 *
 * Returns a function: given the script's function and its batch it runs it; given nothing it tells the log so far, which is
 * how a log is saved when its script was stopped; given text alone it says whether that is the body of an async function.
 */
export function scriptHarness() {
  const global = globalThis as unknown as Record<string, unknown>
  // Finer clocks, other threads, code that runs later than its evaluation.
  for (const name of ['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'FinalizationRegistry', 'WeakRef'])
    delete global[name]

  const { parse, stringify } = JSON
  const AsyncFunction = (async () => undefined).constructor as FunctionConstructor
  const messageLengthMax = 1_000
  const cutNoteBytes = 100
  const logs: Log[] = []
  let logBytesLeft = 0
  let logIsCut = false

  const levels = { debug: 'debug', log: 'info', info: 'info', warn: 'warn', error: 'error' } as const
  const console: Record<string, (...values: unknown[]) => void> = {}
  for (const [name, level] of Object.entries(levels)) console[name] = (...values) => write(level, values)
  const define = (name: string, value: unknown) =>
    Object.defineProperty(global, name, { value, writable: true, configurable: true, enumerable: false })
  define('console', console)
  define('btoa', btoa)
  define('atob', atob)

  function write(level: Log['level'], values: readonly unknown[]): void {
    if (logIsCut) return
    let text = ''
    for (const value of values) text += (text === '' ? '' : ' ') + show(value)
    // Terminals and log files take control characters and changes of writing direction for commands.
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g
    const kept = text
      .slice(0, logBytesLeft)
      .replace(unsafe, (found) => `\\u${`000${found.charCodeAt(0).toString(16)}`.slice(-4)}`)
    const fitting = fit(kept, logBytesLeft)
    logBytesLeft -= fitting.bytes
    if (fitting.text !== '' || text === '') logs.push({ level, text: fitting.text })
    if (fitting.text.length < kept.length || kept.length < text.length || logBytesLeft <= 0) {
      logIsCut = true
      logs.push({ level: 'warn', text: `… the log ends here: it reached its limit of ${logBytesMax} bytes.` })
    }
  }
  let logBytesMax = 0

  /** As much of the text as the bytes allow; each line costs one byte more, so that empty lines end too. */
  function fit(text: string, bytesMax: number): { readonly text: string; readonly bytes: number } {
    let bytes = 1
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at)
      const size = code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 2 : 3
      if (bytes + size > bytesMax) return { text: text.slice(0, at), bytes: bytesMax }
      bytes += size
    }
    return { text, bytes }
  }

  function show(value: unknown): string {
    if (typeof value === 'string') return value
    if (value instanceof Error)
      return typeof value.stack === 'string' ? value.stack : `${value.name}: ${value.message}`
    if (typeof value !== 'object' || value === null) return String(value)
    try {
      return stringify(value) ?? '[a value that JSON cannot hold]'
    } catch {
      return '[a value that JSON cannot hold]'
    }
  }

  async function run(body: Body, text: string): Promise<string> {
    const line = text.indexOf('\n')
    const [item] = (parse(text.slice(0, line)) as Batch).items
    if (item === undefined) return reply([], '')
    let at = line + 1
    const next = (length: number): unknown => {
      if (length < 0) return undefined
      at += length
      return parse(text.slice(at - length, at))
    }
    logBytesMax = item.logBytesMax
    logBytesLeft = logBytesMax - cutNoteBytes
    const [message, event, steps] = item.texts
    const failed = (code: ResultCode, message: string) =>
      reply([{ code, message: message.slice(0, messageLengthMax), logs }], '')
    let value: unknown
    try {
      value = await body(next(message), next(event), next(steps))
    } catch (error) {
      const outOfMemory = error instanceof RangeError && error.message === 'Array buffer allocation failed'
      return failed(outOfMemory ? 'memory-limit' : 'script-error', describe(error))
    }
    let found: string | undefined
    try {
      const json = stringify(value === undefined ? null : value, (_name, inner: unknown) => {
        if (typeof inner === 'function' || typeof inner === 'symbol' || typeof inner === 'bigint') {
          found = `a ${typeof inner === 'bigint' ? 'BigInt' : typeof inner}`
          throw new TypeError(found)
        }
        return inner
      })
      if (json.length > item.outputBytesMax) {
        return failed(
          'output-limit',
          `The script returned more than ${item.outputBytesMax} bytes, its limit. Return only what the next nodes need.`,
        )
      }
      return reply([{ length: json.length, logs }], json)
    } catch (error) {
      found ??=
        error instanceof RangeError ? 'something nested too deeply' : `something unfit (${describe(error)})`
      return failed(
        'not-json',
        `The script returned ${found}, which JSON cannot hold. Return text, numbers, booleans, null, lists and objects.`,
      )
    }
  }

  /** The place is the innermost one in the script itself. */
  function describe(error: unknown): string {
    if (!(error instanceof Error)) return `the script threw ${show(error)}`
    const at = /\(?script:(\d+):(\d+)\)?/.exec(String(error.stack))
    const text = `${error.name}: ${error.message}`
    return at ? `line ${at[1]}, column ${at[2]}: ${text}` : text
  }

  const reply = (results: readonly Result[], values: string): string => `${stringify(results)}\n${values}`

  function btoa(value: unknown): string {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
    const text = String(value)
    let encoded = ''
    for (let at = 0; at < text.length; at += 3) {
      const [a, b, c] = [text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2)]
      if (a > 255 || b > 255 || c > 255)
        throw new RangeError('btoa takes characters up to U+00FF; encode the text as UTF-8 first')
      encoded += alphabet.charAt(a >> 2) + alphabet.charAt(((a & 3) << 4) | (b >> 4))
      encoded += Number.isNaN(b) ? '=' : alphabet.charAt(((b & 15) << 2) | (c >> 6))
      encoded += Number.isNaN(c) ? '=' : alphabet.charAt(c & 63)
    }
    return encoded
  }

  function atob(value: unknown): string {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
    const text = String(value)
      .replace(/[\t\n\f\r ]/g, '')
      .replace(/={1,2}$/, '')
    if (/[^A-Za-z0-9+/]/.test(text) || text.length % 4 === 1) throw new RangeError('atob takes base64 text')
    let decoded = ''
    let bits = 0
    for (let at = 0; at < text.length; at += 1) {
      bits = ((bits << 6) | alphabet.indexOf(text.charAt(at))) & 0xffffff
      if (at % 4 > 0) decoded += String.fromCharCode((bits >> (6 - 2 * (at % 4))) & 255)
    }
    return decoded
  }

  return (body?: Body | string, text?: string): string | Promise<string> => {
    if (body === undefined) return stringify(logs)
    if (typeof body !== 'string') return run(body, text ?? '')
    try {
      AsyncFunction('message', 'event', 'steps', body)
      return ''
    } catch (error) {
      return String(error)
    }
  }
}
