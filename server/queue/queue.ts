/**
 * The queue says which runs are due. It is a hint: the store is the truth, and a queue that lost everything is filled
 * again by `engine/recover.ts`. Adapters: `sqlite.ts`, `bull.ts`. Promises: `test/contract/queue.ts`.
 */

/** `key` is the run's id; a key is one job. `lane` is its workflow's id: no lane starves another. */
export interface NewJob {
  readonly key: string
  readonly lane: string
  /** For who takes it first; short. A queue may lose it. */
  readonly note?: string
  /** Milliseconds since 1970, a fraction rounded up; absent = now. */
  readonly dueAt?: number
}

export interface Job {
  readonly key: string
  readonly lane: string
  /** As it was added; only for who takes the job first. */
  readonly note?: string
}

/** What became of a job; `at` as in `dueAt`. Retry policy is the engine's; an adapter only obeys. */
export type Verdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'again'; readonly at: number }
  | { readonly kind: 'dead'; readonly reason: string }

export interface Counts {
  /** Could be handed out now. */
  readonly due: number
  /** Due later. */
  readonly waiting: number
  /** In a handler's hands. */
  readonly active: number
}

/** The queue cannot be asked now, and has said so where it is told; what it was not told then is added again later. */
export class Away extends Error {
  override readonly name = 'Away'
}

export interface Queue {
  /**
   * Resolves once the queue has taken the jobs; it need not have stored them. A key that waits already keeps the earlier
   * of the two times; one that is in hand is due again after its verdict.
   * Throws `Away`.
   */
  add(jobs: readonly NewJob[]): Promise<void>
  /** Hands out due jobs, at most `concurrency` at once. A handler that throws has given no verdict: its job comes back. */
  work(handle: (job: Job) => Promise<Verdict>, options: WorkOptions): Worker
  counts(): Promise<Counts>
  close(): Promise<void>
}

export interface WorkOptions {
  /** Jobs in hand at once. */
  readonly concurrency: number
  /** Jobs of one lane in hand at once. */
  readonly laneConcurrency: number
}

export interface Worker {
  /** Hands out nothing more and resolves when every job in hand has its verdict. */
  stop(): Promise<void>
}
