import type { EventId, RejectionId, RunId, WorkerId, WorkflowId } from '../../nodes/contract/ids.ts'

/** Time, chance and ids come in through the door, so that a test can own them. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Milliseconds that only grow, for judging how long something has been so. */
  readonly monotonic: () => number
  /** 0 ≤ x < 1. */
  readonly random: () => number
  newId: {
    (prefix: 'wf'): WorkflowId
    (prefix: 'evt'): EventId
    (prefix: 'run'): RunId
    (prefix: 'rej'): RejectionId
    (prefix: 'wrk'): WorkerId
  }
}
