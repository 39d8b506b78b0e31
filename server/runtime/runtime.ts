/**
 * What stands behind `NodeContext`: the sandbox and the outbound door. Two ports, so that the engine can decide without
 * knowing a child process or a socket. Adapters: `sandbox.ts` (parent side of `server/sandbox/`), `http.ts`.
 */
import type { Failure } from '../../nodes/contract/failure.ts'
import type { HttpAnswer, HttpRequest } from '../../nodes/contract/context.ts'

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
  /** Aborting gives up waiting: the result is `cancelled`. */
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
