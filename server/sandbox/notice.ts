import type { Log, Notice, ResultCode } from './protocol.ts'

/** The server reads what a child says as if its isolate had been broken out of. Throws on any shape but a notice's. */
export function readNotice(header: unknown): Notice {
  if (!isRecord(header)) throw new Error('a header is an object')
  const { notice, id, ending, message } = header
  if (notice === 'ready') return { notice }
  if (typeof id !== 'number') throw new Error('a notice names its batch')
  if (notice === 'started') return { notice, id }
  if (notice !== 'ended' || !isOneOf(endings, ending))
    throw new Error('a notice says ready, started or ended')
  const logs = readLogs(header['logs'])
  return { notice, id, ending, ...(typeof message === 'string' && { message }), ...(logs && { logs }) }
}

export type ReadResult =
  | { readonly ok: true; readonly value: string; readonly logs: readonly Log[] }
  | { readonly ok: false; readonly code: ResultCode; readonly message: string; readonly logs: readonly Log[] }

/** The results of a batch, each with its value. Throws when there are more than `itemsMax` or the body is not what it says. */
export function readResults(body: string, itemsMax: number): readonly ReadResult[] {
  const line = body.indexOf('\n')
  const results: unknown = JSON.parse(body.slice(0, line))
  if (!Array.isArray(results) || results.length > itemsMax)
    throw new Error('a batch has one result for each item')
  let at = line + 1
  return results.map((result: unknown): ReadResult => {
    if (!isRecord(result)) throw new Error('a result is an object')
    const logs = readLogs(result['logs']) ?? []
    const { length, code, message } = result
    if (isOneOf(codes, code) && typeof message === 'string') return { ok: false, code, message, logs }
    if (typeof length !== 'number' || length < 1 || at + length > body.length)
      throw new Error('a value is missing')
    at += length
    return { ok: true, value: body.slice(at - length, at), logs }
  })
}

export function readLogs(value: unknown): readonly Log[] | undefined {
  if (!Array.isArray(value)) return undefined
  return value.map((line: unknown): Log => {
    if (!isRecord(line)) throw new Error('a line of a log is an object')
    const { level, text } = line
    if (!isOneOf(levels, level) || typeof text !== 'string')
      throw new Error('a line of a log has a level and a text')
    return { level, text }
  })
}

const endings = ['done', 'time', 'starved', 'memory', 'stalled', 'failed'] as const
const levels = ['debug', 'info', 'warn', 'error'] as const
const codes = [
  'expression-error',
  'script-error',
  'does-not-parse',
  'output-limit',
  'not-json',
  'memory-limit',
] as const satisfies readonly ResultCode[]

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const isOneOf = <const T extends string>(options: readonly T[], value: unknown): value is T =>
  options.some((option) => option === value)
