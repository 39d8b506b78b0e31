import type { Failure } from '../../nodes/contract/failure.ts'
import type { EvaluationLimits, ProgramKind } from './runtime.ts'

const nouns = { jsonata: 'expression', template: 'template', script: 'script' } as const satisfies Record<
  ProgramKind,
  string
>

interface Program {
  readonly kind: ProgramKind
  readonly limits: EvaluationLimits
}

/** Why an evaluation was ended from outside: what happened, which limit it was, what to do. */
export const failures = {
  time: ({ kind, limits }: Program): Failure => ({
    code: 'time-limit',
    message: `The ${nouns[kind]} took longer than ${limits.timeoutMs} ms, its limit. Look for a loop that does not end or a regular expression that backtracks, or let it look at less.`,
  }),
  starved: ({ kind, limits }: Program): Failure => ({
    code: 'time-limit',
    message: `The ${nouns[kind]} did not end within ${limits.timeoutMs} ms, its limit, because the machine had no time for it. Give this server more processors or less to do, then resume the run.`,
  }),
  stalled: ({ kind, limits }: Program): Failure => ({
    code: 'time-limit',
    message: `The ${nouns[kind]} waits for a promise that nothing can settle, and would do so until its limit of ${limits.timeoutMs} ms. There are no timers and no network here: use a delay or an HTTP node.`,
  }),
  memory: ({ kind, limits }: Program): Failure => ({
    code: 'memory-limit',
    message: `The ${nouns[kind]} needed more than ${limits.memoryMb} MB of memory, its limit. Let it keep less at once.`,
  }),
  crashed: ({ kind }: Program): Failure => ({
    code: 'crashed',
    message: `The ${nouns[kind]} ended the process that evaluated it, alone and more than once. Simplify it; if it is harmless, please report it.`,
  }),
  killed: ({ kind }: Program): Failure => ({
    code: 'crashed',
    message: `The process that evaluated the ${nouns[kind]} was killed from outside, each of several times. Look for what kills processes on this machine, as a lack of memory does, then resume the run.`,
  }),
  own: ({ kind }: Program, message: string): Failure => ({
    code: kind === 'script' ? 'script-error' : 'expression-error',
    message,
  }),
  notStarted: (reason: string): Failure => ({
    code: 'crashed',
    message: `The sandbox process does not start, so nothing can be evaluated. It said: ${reason}. Reinstall the dependencies with Node 24.`,
  }),
  cancelled: (): Failure => ({
    code: 'cancelled',
    message: 'The evaluation was given up before it had ended.',
  }),
} as const
