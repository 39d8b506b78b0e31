import type { Json } from './json.ts'

/**
 * How a node fails. Anything else that is thrown is a bug in the node and is reported as one (`node-bug`).
 * `code` is kebab-case and stable; `message` says what was found, what was expected and what to do.
 */
export interface Failure {
  readonly code: string
  readonly message: string
  /** The target's answer, where one came: `{ status, headers, body }`. */
  readonly response?: Json
}

class NodeFailure extends Error {
  readonly code: string
  readonly response: Json | undefined
  constructor({ code, message, response }: Failure) {
    super(message)
    this.code = code
    this.response = response
  }
  get failure(): Failure {
    const { code, message, response } = this
    return response === undefined ? { code, message } : { code, message, response }
  }
}

/** Trying again would not help: the step takes its failure port, or the run fails. */
export class TerminalFailure extends NodeFailure {
  override readonly name = 'TerminalFailure'
}

/** Trying again may help: the engine asks the node's retry policy when. */
export class RetryableFailure extends NodeFailure {
  override readonly name = 'RetryableFailure'
  /** What the target asked for (`Retry-After`), in seconds. */
  readonly afterSeconds: number | undefined
  constructor(failure: Failure & { readonly afterSeconds?: number | undefined }) {
    super(failure)
    this.afterSeconds = failure.afterSeconds
  }
}

/** What was thrown, in words, whatever it was. */
export const describeUnknown = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : `something that is no error was thrown: ${String(thrown)}`
