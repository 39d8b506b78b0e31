/**
 * What stands behind `NodeContext`: the sandbox, the outbound door, and whose turn it is there. Ports, so that the engine can
 * decide without knowing a child process or a socket. Adapters: `sandbox.ts` (parent side of `server/sandbox/`), `http.ts`,
 * `targets.ts`.
 */
import type { Failure } from '../../nodes/contract/failure.ts'
import type { HttpAnswer, HttpRequest } from '../../nodes/contract/context.ts'
import type { TargetLimits } from '../../nodes/contract/target-limits.ts'

export type ProgramKind = 'jsonata' | 'template' | 'script'

/**
 * One evaluation. All values cross as JSON text, so that nobody parses what nobody reads.
 * A jsonata program's value is JSON (`undefined` is null); a template's is a JSON string; a script's what it returned.
 */
export interface Evaluation {
  /** Work is taken in turn per workflow, and workflows never share an isolate. */
  readonly workflowId: string
  readonly kind: ProgramKind
  readonly source: string
  /** The message (`$`, a script's first argument). */
  readonly message: string
  /** `$event`, `$steps`, `$run`, `$workflow`: each as JSON text. A script gets `event` and `steps` as arguments. */
  readonly bindings: { readonly [name in 'event' | 'steps' | 'run' | 'workflow']?: string }
  readonly limits: EvaluationLimits
  /** Aborting gives it up: the result is `cancelled`, and what takes long is ended. */
  readonly signal?: AbortSignal
}

export interface EvaluationLimits {
  readonly timeoutMs: number
  readonly memoryMb: number
  readonly outputBytesMax: number
  readonly logBytesMax: number
}

/**
 * `error.code`: `expression-error` | `script-error` (the program's own fault, with its message), `does-not-parse`,
 * `time-limit`, `memory-limit`, `output-limit`, `not-json` (a value that JSON cannot hold), `crashed` (killed its
 * process for another reason), `cancelled`. The message names the limit, its value and what to do.
 */
export type Evaluated =
  | { readonly ok: true; readonly value: string; readonly logs: readonly LogLine[] }
  | { readonly ok: false; readonly error: Failure; readonly logs: readonly LogLine[] }

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly text: string
}

export interface Sandbox {
  evaluate(evaluation: Evaluation): Promise<Evaluated>
  /** Why a program does not parse, in one line with its place; `undefined` when it does. */
  check(program: { readonly kind: ProgramKind; readonly source: string }): Promise<string | undefined>
  /** Ends the children. Evaluations in hand resolve as `cancelled`. */
  close(): Promise<void>
}

/** One try of an outbound request, as it is kept: secrets are replaced by `•••`, bodies cut to 16 KB. */
export interface AttemptRecord {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly durationMs: number
  readonly request: {
    readonly method: string
    readonly url: string
    readonly headers: { readonly [name: string]: string }
    readonly body: string
    /** Of the whole body, before it was cut for the record. */
    readonly bodyBytes: number
  }
  /** The URLs that redirects led to, in order; `response` is the last one's. */
  readonly redirects?: readonly string[]
  readonly response?: {
    readonly status: number
    readonly headers: { readonly [name: string]: string }
    readonly body: string
    readonly bodyBytes: number
  }
  readonly error?: Failure
}

/** Expected outcomes are values. `retryable: false` = asking again cannot help (refused address, bad URL, too large). */
export type Sent =
  | {
      readonly ok: true
      readonly answer: HttpAnswer
      /** The answer's body with its content coding undone, for those who read no text: nothing is redacted. */
      readonly bytes: Uint8Array
      readonly record: AttemptRecord
    }
  | {
      readonly ok: false
      readonly retryable: boolean
      readonly error: Failure
      readonly record: AttemptRecord
    }

export interface Outbound {
  /**
   * Makes one attempt.
   * @param delivery `id` goes out as `webhook-id` (the idempotency key), `redact` lists secret texts that no record may hold;
   * with `redirects: 'refuse'` a redirect is a failure, for those who may ask one place only.
   */
  send(
    request: HttpRequest,
    delivery: {
      readonly id: string
      readonly redact: readonly string[]
      readonly signal: AbortSignal
      readonly redirects?: 'refuse'
    },
  ): Promise<Sent>
  close(): Promise<void>
}

/** A request that wants to go to a target that has limits. */
export interface Visit {
  /** Scheme, host and port. */
  readonly target: string
  readonly limits: TargetLimits
  /** The same each time that the same request asks: who comes back after a crash finds its place. */
  readonly id: string
  /** How often it was told to come later: who comes back goes before those who come for the first time. */
  readonly looks: number
}

/** A visit in figures, with what its keeper of lines goes by: each is explained where it is set, in `targets.ts`. */
export interface Asked {
  readonly target: string
  readonly id: string
  readonly looks: number
  /** In any stretch of `periodMs`; undefined = as many as may be. */
  readonly requests: number | undefined
  readonly periodMs: number
  readonly concurrent: number | undefined
  readonly soonMs: number
  readonly heldMsAtFirst: number
  readonly gapMsLeast: number
  readonly gapMsMost: number
  readonly lookMs: number
  readonly sentMax: number
}

/** Keeps lines for all processes. */
export interface SharedTargets {
  /** `undefined`: it cannot be asked now. */
  enter(asked: Asked): Promise<Entrance | undefined> | undefined
  close(): void
}

/** `waitMs`: how long it waits with its place taken, or until it may ask again. */
export type Entrance =
  | { readonly kind: 'in'; readonly waitMs: number; leave(): void }
  | { readonly kind: 'later'; readonly waitMs: number }

/**
 * The line before each target. Promises (`test/contract/targets.ts`): no more requests are let in than the limits say in any
 * stretch of their time, and no more are in at once; who waits is told when to come again, each later than the one before,
 * and then goes before those who come for the first time; a turn that is not taken is lost to nobody but its owner. When a
 * place among those at once comes free nobody can know: that time is a guess, and who finds none is told another.
 */
export interface Targets {
  enter(visit: Visit): Promise<Entrance>
}
