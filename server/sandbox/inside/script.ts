/* oxlint-disable unicorn/consistent-function-scoping -- the exported function is sent as text, all that it uses with it */
import type { Batch, Log, ResultCode } from '../protocol.ts'
import type { base64 } from './base64.ts'

type Body = (message: unknown, event: unknown, steps: unknown) => Promise<unknown>

/**
 * Runs inside a context of its own as source text, so it uses nothing from outside itself. What the script does to the
 * objects of this context it does to nobody else: the context is thrown away afterwards.
 *
 * Returns a function: given the script's function and its batch it runs it; given nothing it tells the log so far, which is
 * how a log is saved when its script was stopped; given text alone it says whether that is the body of an async function.
 */
export function scriptHarness({ btoa, atob }: ReturnType<typeof base64>) {
  const global = globalThis as unknown as Record<string, unknown>
  // Finer clocks, other threads, code that runs later than its evaluation.
  for (const name of ['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'FinalizationRegistry', 'WeakRef'])
    delete global[name]

  const { parse, stringify } = JSON
  const AsyncFunction = (async () => undefined).constructor as FunctionConstructor
  const messageLengthMax = 1_000
  const cutNoteBytes = 100
  // Texts, not lists: what a script does to `Array.prototype` does nothing to them.
  let logText = ''
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
    const tooLong = text.length > logBytesLeft
    const kept = text
      .slice(0, logBytesLeft)
      .replace(unsafe, (found) => `\\u${`000${found.charCodeAt(0).toString(16)}`.slice(-4)}`)
    const fitting = fit(kept, logBytesLeft)
    logBytesLeft -= fitting.bytes
    if (fitting.text !== '' || text === '') keep(level, fitting.text)
    if (tooLong || fitting.text.length < kept.length || logBytesLeft <= 0) {
      logIsCut = true
      keep('warn', `… the log ends here: it reached its limit of ${logBytesMax} bytes.`)
    }
  }
  let logBytesMax = 0

  function keep(level: Log['level'], text: string): void {
    logText += `${logText === '' ? '' : ','}${stringify({ level, text })}`
  }

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
    if (item === undefined) return '[]\n'
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
      `[{"code":"${code}","message":${stringify(message.slice(0, messageLengthMax))},"logs":[${logText}]}]\n`
    let value: unknown
    try {
      value = await body(next(message), next(event), next(steps))
    } catch (error) {
      const outOfMemory = error instanceof RangeError && error.message === 'Array buffer allocation failed'
      return failed(outOfMemory ? 'memory-limit' : 'script-error', describe(error))
    }
    const tooLong = () =>
      failed(
        'output-limit',
        `The script returned more than ${item.outputBytesMax} bytes, its limit. Return only what the next nodes need.`,
      )
    let found: string | undefined
    try {
      const json = stringify(value === undefined ? null : value, (_name, inner: unknown) => {
        if (typeof inner === 'function' || typeof inner === 'symbol' || typeof inner === 'bigint') {
          found = `a ${typeof inner === 'bigint' ? 'BigInt' : typeof inner}`
          throw new TypeError(found)
        }
        return inner
      })
      if (json.length > item.outputBytesMax) return tooLong()
      return `[{"length":${json.length},"logs":[${logText}]}]\n${json}`
    } catch (error) {
      if (error instanceof RangeError && error.message === 'Invalid string length') return tooLong()
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

  return (body?: Body | string, text?: string): string | Promise<string> => {
    if (body === undefined) return `[${logText}]`
    if (typeof body !== 'string') return run(body, text ?? '')
    try {
      AsyncFunction('message', 'event', 'steps', body)
      return ''
    } catch (error) {
      return String(error)
    }
  }
}
