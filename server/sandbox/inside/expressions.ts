/* oxlint-disable unicorn/consistent-function-scoping -- the exported function is sent as text, all that it uses with it */
import type { Batch, Item, Result, ResultCode } from '../protocol.ts'
import type { scanTemplate } from './template.ts'

/** The part of jsonata that is used, and the switch that `jsonata-source.ts` adds to it. */
export interface Jsonata {
  (source: string): {
    evaluate(input: unknown, bindings: Record<string, unknown>): Promise<unknown>
    ast(): unknown
  }
  /** While true, a function that meets `JSON.stringify` throws `notJson`. */
  refuseFunctions(refuse: boolean): void
  readonly notJson: unknown
}

/**
 * Runs inside an isolate as source text, so it uses nothing from outside itself.
 *
 * Returns a function: given a batch it evaluates its items one after the other; given nothing it tells the results so far,
 * which is how they are saved when a later item of the batch was stopped.
 */
export function expressionHarness(jsonata: Jsonata, scan: typeof scanTemplate) {
  type Evaluate = (input: unknown, bindings: Record<string, unknown>) => Promise<unknown>
  type Program = { readonly evaluate: Evaluate } | { readonly problem: string }
  type Outcome = { readonly value: string } | { readonly code: ResultCode; readonly message: string }

  /** Compiled programs kept; a compilation costs 60 to 175 µs, so starting over now and then is cheap. */
  const programsMax = 256
  const messageLengthMax = 1_000
  /** What the texts of an item are bound to, in their order. */
  const names = ['', 'event', 'steps', 'run', 'workflow'] as const
  const programs = new Map<string, Program>()
  let results: Result[] = []
  let values = ''

  async function run(text: string): Promise<string> {
    const line = text.indexOf('\n')
    const batch: Batch = JSON.parse(text.slice(0, line))
    const since = Date.now()
    let at = line + 1
    const next = (length: number): unknown => {
      at += length
      return JSON.parse(text.slice(at - length, at))
    }
    results = []
    values = ''
    for (const item of batch.items) {
      if (results.length > 0 && Date.now() - since > batch.yieldMs) break
      const { kind, source } = batch.programs[item.program] ?? { kind: 'jsonata', source: '' }
      const input = next(item.texts[0])
      const bindings: Record<string, unknown> = {}
      for (let n = 1; n < item.texts.length; n += 1) {
        const length = item.texts[n] ?? -1
        if (length >= 0) bindings[names[n] ?? ''] = next(length)
      }
      const outcome = await evaluate(programOf(kind, source), item, source, input, bindings)
      if ('value' in outcome) {
        results.push({ length: outcome.value.length })
        values += outcome.value
      } else {
        results.push({ code: outcome.code, message: outcome.message.slice(0, messageLengthMax) })
      }
    }
    return reply()
  }

  async function evaluate(
    program: Program,
    { check, outputBytesMax }: Item,
    source: string,
    input: unknown,
    bindings: Record<string, unknown>,
  ): Promise<Outcome> {
    if ('problem' in program) return { code: 'does-not-parse', message: program.problem }
    if (check) return { value: 'null' }
    let value: unknown
    try {
      value = await program.evaluate(input, bindings)
    } catch (error) {
      if (error === jsonata.notJson) return notJson('a function')
      return { code: 'expression-error', message: describe(error, source) }
    }
    try {
      jsonata.refuseFunctions(true)
      const text = JSON.stringify(value === undefined ? null : value)
      return isLonger(text, outputBytesMax) ? tooLong(outputBytesMax) : { value: text }
    } catch (error) {
      if (error === jsonata.notJson) return notJson('a function')
      // The longest string that V8 can make (512 MB) is far above every limit.
      if (error instanceof RangeError && error.message.includes('string length'))
        return tooLong(outputBytesMax)
      return notJson(error instanceof RangeError ? 'nested too deeply' : 'a cycle')
    } finally {
      jsonata.refuseFunctions(false)
    }
  }

  const notJson = (found: string): Outcome => ({
    code: 'not-json',
    message: `The value of the expression is or contains ${found}, which JSON cannot hold. Let it give text, numbers, true or false, null, lists and objects.`,
  })

  const tooLong = (bytesMax: number): Outcome => ({
    code: 'output-limit',
    message: `The value of the expression has more than ${bytesMax} bytes, its limit. Let it give only what the next nodes need.`,
  })

  /** In UTF-8: one to three bytes for a UTF-16 unit. */
  function isLonger(text: string, bytesMax: number): boolean {
    if (text.length > bytesMax) return true
    if (text.length * 3 <= bytesMax) return false
    let bytes = text.length
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at)
      // Each half of a pair counts two of its four bytes.
      if (code >= 0x80) bytes += code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 1 : 2
    }
    return bytes > bytesMax
  }

  function programOf(kind: string, source: string): Program {
    const key = `${kind} ${source}`
    const known = programs.get(key)
    if (known) return known
    const program = kind === 'template' ? compileTemplate(source) : compileExpression(source, source, 0)
    if (programs.size >= programsMax) programs.clear()
    programs.set(key, program)
    return program
  }

  /** @param offset where the expression begins in the whole source, for the places in messages */
  function compileExpression(expression: string, source: string, offset: number): Program {
    try {
      const compiled = jsonata(expression)
      freeze(compiled.ast())
      if (offset === 0) return compiled
      const evaluate: Evaluate = async (input, bindings) => {
        try {
          return await compiled.evaluate(input, bindings)
        } catch (error) {
          throw typeof error === 'object' && error !== null && 'position' in error
            ? { message: messageOf(error), position: Number(error.position) + offset }
            : error
        }
      }
      return { evaluate }
    } catch (error) {
      const text = describe(error, source, offset)
      return {
        problem: expression.trim() === '' ? `${place(source, offset)}: the expression is empty` : text,
      }
    }
  }

  function compileTemplate(source: string): Program {
    const { parts, fault } = scan(source)
    if (fault !== undefined) {
      return {
        problem: `${place(source, fault + 1)}: "{{" is never closed; write "}}" behind the expression`,
      }
    }
    const pieces: (string | Evaluate)[] = []
    for (const part of parts) {
      if ('text' in part) {
        pieces.push(part.text)
        continue
      }
      const program = compileExpression(part.expression, source, part.at)
      if ('problem' in program) return program
      pieces.push(program.evaluate)
    }
    const evaluate: Evaluate = async (input, bindings) => {
      let text = ''
      for (const piece of pieces)
        text += typeof piece === 'string' ? piece : render(await piece(input, bindings))
      return text
    }
    return { evaluate }
  }

  function render(value: unknown): string {
    if (typeof value === 'string') return value
    if (value === undefined || value === null) return ''
    try {
      jsonata.refuseFunctions(true)
      return JSON.stringify(value)
    } finally {
      jsonata.refuseFunctions(false)
    }
  }

  const messageOf = (error: object): string =>
    'message' in error && typeof error.message === 'string'
      ? error.message
      : 'the expression failed without saying why'

  function describe(error: unknown, source: string, offset = 0): string {
    if (typeof error !== 'object' || error === null) return String(error)
    if (error instanceof RangeError && error.message.includes('call stack')) {
      return 'it is nested or calls itself too deeply'
    }
    const message = messageOf(error)
    return 'position' in error && typeof error.position === 'number'
      ? `${place(source, error.position + offset)}: ${message}`
      : message
  }

  /** JSONata counts from 0 and points behind the token: read as a column that counts from 1, that is its last character. */
  function place(source: string, position: number): string {
    const before = source.slice(0, Math.max(0, position - 1))
    const line = before.split('\n').length
    return `line ${line}, column ${before.length - before.lastIndexOf('\n')}`
  }

  /** A program's syntax tree is used again by the next evaluation. */
  function freeze(value: unknown): void {
    if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
    Object.freeze(value)
    for (const name of Object.keys(value)) freeze((value as Record<string, unknown>)[name])
  }

  const reply = (): string => `${JSON.stringify(results)}\n${values}`

  return (text?: string): string | Promise<string> => (text === undefined ? reply() : run(text))
}
