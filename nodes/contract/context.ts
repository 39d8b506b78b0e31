import type { Json, JsonObject } from './json.ts'
import type { TargetLimits } from './target-limits.ts'

/**
 * A file of a multipart body. Its bytes are no part of the message, which names the file by its place in this list
 * (`{ filename, contentType, bytes, sha256, file }`), so that no step carries them along.
 */
export interface EventFile {
  /** The form field's name. */
  readonly name: string
  readonly filename: string
  readonly contentType: string
  readonly bytes: number
  /** In hex. */
  readonly sha256: string
  /** The bytes, written out only when somebody asks. */
  readonly base64: string
}

/** The accepted request as expressions see it (`$event`) and as a script's second argument. Header names are lower case. */
export interface EventView {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly query: { readonly [name: string]: string | readonly string[] }
  readonly headers: { readonly [name: string]: string }
  readonly body: Json
  readonly rawBody: string
  readonly files: readonly EventFile[]
  /** ISO 8601, UTC, milliseconds. */
  readonly receivedAt: string
  readonly ip: string
  /** The event's name (`push`, `charge.succeeded`), or null. */
  readonly type: string | null
  /** The version of its form, where the webhook node says where that stands, or null. */
  readonly version: string | null
  /** The parameters of the webhook node's path. */
  readonly params: { readonly [name: string]: string }
  readonly verified: boolean
}

export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers?: { readonly [name: string]: string }
  /** Absent for methods that carry none. */
  readonly body?: string
  /** For this attempt, from the first byte sent to the last received. */
  readonly timeoutMs: number
  /** What its target takes at most. Over it the step waits its turn, which is no attempt and no failure. */
  readonly limits?: TargetLimits
  /** A Standard Webhooks secret (`whsec_…` or text): the request then carries `webhook-signature`. */
  readonly signingSecret?: string
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  /** Parsed when the content type says JSON and it is JSON, else text. */
  readonly body: Json
}

/** What the caller of the hook gets when the workflow answers itself. */
export interface CallerAnswer {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: Json
}

/**
 * Everything that a node may reach: deadlines, the address guard and redaction cannot be bypassed.
 * Its functions need no `this`: nodes take them out (`{ input, http }`).
 */
export interface NodeContext {
  /** The message that arrived. */
  readonly input: Json
  /** The same as JSON text, with every number as it was written: beyond 2^53 `input` holds only the nearest one. */
  readonly inputJson: string
  readonly event: EventView
  /** Outputs of the nodes that ran before, by node id. */
  readonly steps: JsonObject
  /** Aborts when the run is cancelled or a deadline passes. */
  readonly signal: AbortSignal
  readonly now: () => Date
  /** Evaluates a JSONata expression in the sandbox; `undefined` becomes null. Throws `TerminalFailure`. */
  readonly evaluate: (expression: string, input?: Json) => Promise<Json>
  /** True when JSONata's `$boolean` of the expression's value is; a missing value is false. */
  readonly holds: (condition: string, input?: Json) => Promise<boolean>
  /** Runs the body of an async function of `(message, event, steps)` in the sandbox. */
  readonly script: (
    code: string,
    limits: { readonly timeoutMs: number; readonly memoryMb: number },
  ) => Promise<Json>
  /** One attempt. Throws `RetryableFailure` when no answer came, `TerminalFailure` when none may be asked for. */
  readonly http: (request: HttpRequest) => Promise<HttpAnswer>
  /** Answers the caller of the hook, if it still waits. The first answer of a run counts. */
  readonly respond: (answer: CallerAnswer) => void
}
