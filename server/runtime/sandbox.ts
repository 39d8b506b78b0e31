/**
 * The parent's side of the sandbox. Shared children take batches of programs that are new or known to be good, one batch at a
 * time and each for a slice of time only. What does not end within it, or was in hand when its child died, is tried again
 * alone in a child of the other lane, where it has its own limits to itself and where it alone is to blame.
 * `sandbox-job.ts` draws how programs pass between them.
 */
import type { Evaluated, Evaluation, Sandbox } from './runtime.ts'
import { failures } from './sandbox-failures.ts'
import type { Job } from './sandbox-job.ts'
import { Scheduler } from './sandbox-scheduler.ts'
import { programName } from './sandbox-standing.ts'

export interface SandboxOptions {
  /** Shared children at most: the first is started when something is to be evaluated, the others under load. Default 2. */
  readonly children?: number
  /** A child ends after so long without work, or twice so long at most. Default 30 s. */
  readonly idleMs?: number
}

/** What the sandbox looks like from outside, for metrics and tests. */
export interface SandboxView {
  /** Process ids of the living children. */
  readonly pids: readonly number[]
}

const checkLimits = { timeoutMs: 1_000, memoryMb: 64, outputBytesMax: 1_024, logBytesMax: 1_024 }

/** Opens a sandbox. Its first evaluation, and the first after a rest, waits some 100 ms for a child. */
export function openSandbox({ children = 2, idleMs = 30_000 }: SandboxOptions = {}): Sandbox & SandboxView {
  const scheduler = new Scheduler({ children, idleMs })
  const run = (evaluation: Evaluation, check: boolean): Promise<Evaluated> =>
    new Promise((resolve) => {
      const job = jobOf(evaluation, check, resolve)
      if (!job.settled && scheduler.closed) job.settle({ ok: false, error: failures.cancelled(), logs: [] })
      if (!job.settled) scheduler.add(job)
    })
  return {
    get pids() {
      return scheduler.pids
    },
    evaluate: (evaluation) => run(evaluation, false),
    async check({ kind, source }) {
      const program = { workflowId: '', kind, source, message: 'null', bindings: {}, limits: checkLimits }
      const checked = await run(program, true)
      return checked.ok ? undefined : checked.error.message
    },
    close: () => scheduler.close(),
  }
}

/** Settles once, by its result or by its signal. */
function jobOf(evaluation: Evaluation, check: boolean, resolve: (evaluated: Evaluated) => void): Job {
  const { workflowId, kind, source, signal } = evaluation
  let settled = false
  const settle = (evaluated: Evaluated) => {
    if (settled) return
    settled = true
    signal?.removeEventListener('abort', cancel)
    resolve(evaluated)
  }
  const cancel = () => settle({ ok: false, error: failures.cancelled(), logs: [] })
  if (signal?.aborted) cancel()
  else signal?.addEventListener('abort', cancel)
  return {
    ...evaluation,
    check,
    program: programName(workflowId, kind, source),
    settle,
    since: performance.now(),
    mishaps: 0,
    kills: 0,
    isDoubted: false,
    get settled() {
      return settled
    },
  }
}
