/** Programs in a webhook node's own settings: they see one event, before it is stored. */
import { limits } from '../engine/limits.ts'
import type { Evaluated, ProgramKind, Sandbox } from '../runtime/runtime.ts'

/** What they see, as JSON text. */
export interface OwnScope {
  readonly workflowId: string
  readonly message: string
  readonly event: string
}

export const evaluateOwn = (
  sandbox: Pick<Sandbox, 'evaluate'>,
  kind: ProgramKind,
  source: string,
  { workflowId, message, event }: OwnScope,
): Promise<Evaluated> =>
  sandbox.evaluate({
    workflowId,
    kind,
    source,
    message,
    bindings: { event },
    limits: {
      timeoutMs: limits.evaluationTimeoutMs,
      memoryMb: limits.evaluationMemoryMb,
      outputBytesMax: limits.outputBytesMax,
      logBytesMax: 0,
    },
  })
