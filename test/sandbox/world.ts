import { readFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished as onThisTestFinished } from 'vitest'
import type { Evaluated, Evaluation, ProgramKind } from '../../server/runtime/runtime.ts'
import { type SandboxOptions, openSandbox } from '../../server/runtime/sandbox.ts'

export type World = ReturnType<typeof openWorld>

type Ask = Partial<Omit<Evaluation, 'kind' | 'source' | 'message' | 'limits'>> & {
  readonly message?: unknown
  readonly limits?: Partial<Evaluation['limits']>
}

const limits = { timeoutMs: 2_000, memoryMb: 64, outputBytesMax: 1_048_576, logBytesMax: 262_144 }

/** A sandbox of its own for a test, with real children; closed when the test has ended (concurrent tests pass their own hook). */
export function openWorld(options: SandboxOptions = {}, onTestFinished = onThisTestFinished) {
  const sandbox = openSandbox(options)
  onTestFinished(() => sandbox.close())
  const ask = (
    kind: ProgramKind,
    source: string,
    { message = null, ...rest }: Ask = {},
  ): Promise<Evaluated> =>
    sandbox.evaluate({
      workflowId: 'wf_one',
      kind,
      source,
      bindings: {},
      ...rest,
      message:
        typeof message === 'string' && message.startsWith('JSON:')
          ? message.slice(5)
          : JSON.stringify(message),
      limits: { ...limits, ...rest.limits },
    })
  return {
    sandbox,
    jsonata: (source: string, options?: Ask) => ask('jsonata', source, options),
    template: (source: string, options?: Ask) => ask('template', source, options),
    script: (source: string, options?: Ask) => ask('script', source, options),
  }
}

/** The parsed value; throws when the evaluation failed. */
export function valueOf(evaluated: Evaluated): unknown {
  if (!evaluated.ok) throw new Error(`${evaluated.error.code}: ${evaluated.error.message}`)
  return JSON.parse(evaluated.value)
}

export const codeOf = (evaluated: Evaluated): string => (evaluated.ok ? 'ok' : evaluated.error.code)
export const messageOf = (evaluated: Evaluated): string => (evaluated.ok ? '' : evaluated.error.message)

/** A bound for how long something takes; longer where more programs want to run than the machine has cores. */
export const within = (ms: number): number => ms * Math.max(1, (loadavg()[0] ?? 0) / availableParallelism())

const msPerTick = 10

/** CPU time that living processes have used, by their ids. */
export function cpuMs(pids: readonly number[]): ReadonlyMap<number, number> {
  return new Map(
    pids.flatMap((pid) => {
      try {
        const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? []
        return [[pid, (Number(fields[11]) + Number(fields[12])) * msPerTick] as const]
      } catch {
        return []
      }
    }),
  )
}

/** Resolves once the children have been at work for longer than it takes to start one. */
export async function untilBusy(pids: () => readonly number[]): Promise<void> {
  const since = performance.now()
  for (let busyMs = 0; busyMs <= 600;) {
    const used = await usedIn100Ms(pids)
    busyMs = used <= restingMs ? 0 : busyMs + used
    if (performance.now() - since > within(10_000)) throw new Error('the children rest')
  }
}

/** Resolves with how long it took until the children rested: less than a fifth of a core over 100 ms. */
export async function untilIdle(pids: () => readonly number[], withinMs: number): Promise<number> {
  const since = performance.now()
  for (;;) {
    const used = await usedIn100Ms(pids)
    const tookMs = performance.now() - since
    if (used <= restingMs) return tookMs
    if (tookMs > withinMs)
      throw new Error(`the children still used ${used} ms of CPU in 100 ms, ${tookMs.toFixed(0)} ms later`)
  }
}

const restingMs = 20

async function usedIn100Ms(pids: () => readonly number[]): Promise<number> {
  const before = cpuMs(pids())
  await sleep(100)
  return [...cpuMs(pids())].reduce((sum, [pid, ms]) => sum + ms - (before.get(pid) ?? 0), 0)
}

export function isAlive(pid: number): boolean {
  try {
    // A process that has ended and was not yet waited for is no longer alive.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'))
  } catch {
    return false
  }
}
