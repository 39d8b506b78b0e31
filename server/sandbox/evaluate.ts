import type ivm from 'isolated-vm'
import { type Cell, type ExpressionCell, type ScriptCell, dispose } from './cells.ts'
import { readLogs, readResults } from './notice.ts'
import type { Batch, Ending, Log, Result, Task } from './protocol.ts'

/** How a batch ended; `body` holds the results of the items before the one at fault. */
export interface Ended {
  readonly ending: Ending
  readonly body: string
  readonly message?: string
  readonly logs?: readonly Log[]
}

/** For what is asked of an isolate that should be at rest. */
const probeTimeoutMs = 50
/** After so long the server is told that it takes a while, and it is asked whether the isolate still works: a promise that nothing can settle ends at once. */
const restlessMs = 10
const programsMax = 64
const fullShare = 0.75
const nothing = '[]\n'

/** Less of the processor than this share of its time, and a batch that ran out of time was kept from working. */
const starvedShare = 0.2

/** Runs a batch in its isolate, which is disposed of unless everything went well. Does not throw. */
export async function evaluateBatch(cell: Cell, task: Task, body: string, begin: () => void): Promise<Ended> {
  const before = process.cpuUsage()
  const ended =
    cell.kind === 'script'
      ? await runScript(cell, task, body, begin)
      : await runExpressions(cell, task, body, begin)
  if (ended.ending !== 'done') dispose(cell)
  if (ended.ending !== 'time') return ended
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000 < task.timeoutMs * starvedShare ? { ...ended, ending: 'starved' } : ended
}

async function runExpressions(
  { isolate, harness }: ExpressionCell,
  task: Task,
  body: string,
  begin: () => void,
): Promise<Ended> {
  const run: Promise<unknown> = harness.apply(undefined, [body], {
    timeout: task.timeoutMs,
    result: { promise: true, copy: true },
  })
  const take = (): Promise<unknown> =>
    harness.apply(undefined, [], { timeout: probeTimeoutMs, result: { copy: true } })
  const outcome = await settle(run, take, begin)
  if (outcome.ending === 'done') return { ending: 'done', body: outcome.text }
  if (await isFull(isolate, outcome)) return { ending: 'memory', body: nothing }
  // What was finished before the fault is kept, where the isolate still answers.
  const taken = outcome.ending === 'memory' ? nothing : await take().then(String, () => nothing)
  return { ...outcome, body: taken }
}

async function runScript(
  cell: ScriptCell,
  { timeoutMs }: Task,
  body: string,
  begin: () => void,
): Promise<Ended> {
  const { isolate } = cell
  const batch = JSON.parse(body.slice(0, body.indexOf('\n'))) as Batch
  const code = batch.programs[0]?.source ?? ''
  const item = batch.items[0]
  let context: ivm.Context | undefined
  try {
    // A context for each evaluation takes 0.5 to 1 ms, one that is shared and frozen would take 0.05 ms. But here one's own
    // `toString` or a change to `Array.prototype` work as scripts expect, and nothing can be left behind.
    context = await isolate.createContext()
    const harness = await cell.harness.run(context, { reference: true })
    begin()
    const problem = await problemOf(cell, code, harness, timeoutMs)
    if (problem !== undefined) return withResult({ code: 'does-not-parse', message: problem })
    if (item === undefined || item.check) return { ending: 'done', body: '[{"length":4}]\nnull' }
    const program = await programOf(cell, code)
    const script = await program.run(context, { reference: true, timeout: timeoutMs })
    const run: Promise<unknown> = harness.apply(undefined, [script.derefInto(), body], {
      timeout: timeoutMs,
      result: { promise: true, copy: true },
    })
    const take = (): Promise<unknown> =>
      harness.apply(undefined, [], { timeout: probeTimeoutMs, result: { copy: true } })
    const outcome = await settle(run, take)
    if (outcome.ending === 'done') return { ending: 'done', body: checked(outcome.text, item.outputBytesMax) }
    if (await isFull(isolate, outcome)) return { ending: 'memory', body: nothing }
    const kept = outcome.ending === 'memory' ? '[]' : await take().then(String, () => '[]')
    return { ...outcome, logs: readLogs(JSON.parse(kept)) ?? [], body: nothing }
  } catch (error) {
    return { ...endingOf(error), body: nothing }
  } finally {
    context?.release()
  }
}

type Outcome =
  | { readonly ending: 'done'; readonly text: string }
  | { readonly ending: Exclude<Ending, 'done'>; readonly message?: string }

/** Waits for a batch, but not for a promise that nothing can settle: there are no timers and no I/O in an isolate. */
async function settle(
  run: Promise<unknown>,
  probe: () => Promise<unknown>,
  begin?: () => void,
): Promise<Outcome> {
  let settled: Outcome | undefined
  const finished = run.then(
    (text): Outcome => (settled = { ending: 'done', text: String(text) }),
    (error: unknown): Outcome => (settled = endingOf(error)),
  )
  let timer: NodeJS.Timeout | undefined
  const restless = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, restlessMs, undefined)
  })
  const early = await Promise.race([finished, restless])
  clearTimeout(timer)
  if (early) return early
  begin?.()
  // The probe queues behind the batch. When it is answered, every microtask of the batch has run.
  await probe().then(
    () => undefined,
    () => undefined,
  )
  await new Promise((resolve) => setImmediate(resolve))
  return settled ?? { ending: 'stalled' }
}

/** Near its memory limit V8 collects garbage over and over, so that the time runs out first; the limit that was hit is the other. */
async function isFull(isolate: ivm.Isolate, { ending }: Outcome): Promise<boolean> {
  if (ending !== 'time' || isolate.isDisposed) return false
  const heap = await isolate.getHeapStatistics().catch(() => undefined)
  return (
    heap !== undefined &&
    heap.used_heap_size + heap.externally_allocated_size > heap.heap_size_limit * fullShare
  )
}

function endingOf(error: unknown): Outcome {
  const message = error instanceof Error ? error.message : String(error)
  if (message === 'Script execution timed out.') return { ending: 'time' }
  if (message.includes('memory limit') || message.includes('allocation failed')) return { ending: 'memory' }
  return { ending: 'failed', message: message.slice(0, 1_000) }
}

async function programOf({ isolate, programs }: ScriptCell, code: string): Promise<ivm.Script> {
  const known = programs.get(code)
  if (known) return known
  // The script begins at line 1: messages and stacks then need no correction.
  const source = `(async function (message, event, steps) {\n${code}\n})`
  const program = await isolate.compileScript(source, { filename: 'script', lineOffset: -1 })
  if (programs.size >= programsMax) programs.clear()
  programs.set(code, program)
  return program
}

/** Why the code is not the body of an async function. */
async function problemOf(
  cell: ScriptCell,
  code: string,
  harness: ivm.Reference,
  timeoutMs: number,
): Promise<string | undefined> {
  if (cell.programs.has(code)) return undefined
  try {
    await programOf(cell, code)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const [, text = message, line, column] = /^(.*) \[script:(\d+):(\d+)\]$/s.exec(message) ?? []
    if (line === undefined) throw error
    const lines = code.split('\n').length
    return Number(line) > lines
      ? `line ${lines}: the code ends before a bracket, a string or a comment is closed (${text})`
      : `line ${line}, column ${column}: ${text}`
  }
  // `})` in the code closes the function that was put around it; the language's own function parser is not taken in.
  const unfit = String(await harness.apply(undefined, [code], { timeout: timeoutMs, result: { copy: true } }))
  if (unfit === '') return undefined
  cell.programs.delete(code)
  return 'the code is not the body of a function: its brackets do not pair'
}

const withResult = (result: Result): Ended => ({ ending: 'done', body: `${JSON.stringify([result])}\n` })

/** A script may bend the objects that its harness uses, so what comes out is looked at again before it is handed on. */
function checked(text: string, outputBytesMax: number): string {
  const [result] = readResults(text, 1)
  if (result === undefined) throw new Error('the script ended without a result')
  if (!result.ok) return text
  JSON.parse(result.value)
  if (Buffer.byteLength(result.value) <= outputBytesMax) return text
  const message = `The script returned more than ${outputBytesMax} bytes, its limit. Return only what the next nodes need.`
  return withResult({ code: 'output-limit', message, logs: result.logs }).body
}
