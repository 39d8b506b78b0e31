import type { CallerAnswer } from '../../nodes/contract/context.ts'
import type { RunId } from '../../nodes/contract/ids.ts'
import { onSignal } from '../engine/signals.ts'
import type { RunState } from '../storage/storage.ts'

export type Awaited =
  | { readonly kind: 'answer'; readonly answer: CallerAnswer }
  /** The run ended without an answer. */
  | { readonly kind: 'ended'; readonly state: RunState; readonly code: string | null }
  | { readonly kind: 'timeout' }

export interface Waiting {
  readonly awaited: Promise<Awaited>
  /** For when no such run came to be, or it does not begin now. */
  abandon(): void
}

const endings: ReadonlySet<RunState> = new Set(['succeeded', 'filtered', 'failed', 'cancelled'])

/** Callers that wait for their workflow's own answer. */
export class Answers {
  /** Mostly one for a run; a duplicate that comes meanwhile waits for the same. */
  readonly #waiting = new Map<RunId, Set<(awaited: Awaited) => void>>()
  readonly #stop: () => void

  constructor() {
    this.#stop = onSignal('run.changed', ({ runId, state, code }) => {
      if (endings.has(state)) this.#end(runId, { kind: 'ended', state, code })
    })
  }

  /** Begin to wait before the run can begin, or its answer may be missed. */
  wait(runId: RunId, timeoutMs: number): Waiting {
    const awaited = Promise.withResolvers<Awaited>()
    const end = (how: Awaited) => {
      clearTimeout(timer)
      waiting.delete(end)
      if (waiting.size === 0) this.#waiting.delete(runId)
      awaited.resolve(how)
    }
    const timer = setTimeout(() => end({ kind: 'timeout' }), timeoutMs)
    const waiting = this.#waiting.get(runId) ?? new Set()
    this.#waiting.set(runId, waiting.add(end))
    return { awaited: awaited.promise, abandon: () => end({ kind: 'timeout' }) }
  }

  /** The first answer of a run counts; one that nobody waits for is dropped. */
  give(runId: RunId, answer: CallerAnswer): void {
    this.#end(runId, { kind: 'answer', answer })
  }

  close(): void {
    this.#stop()
    for (const runId of this.#waiting.keys()) this.#end(runId, { kind: 'timeout' })
  }

  #end(runId: RunId, how: Awaited): void {
    for (const end of this.#waiting.get(runId) ?? []) end(how)
  }
}
