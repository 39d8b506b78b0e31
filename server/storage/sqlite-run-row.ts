import type { EventId, RunId, WorkerId, WorkflowId } from '../../nodes/contract/ids.ts'
import type { NewRun, Progress, Run, RunState } from './storage.ts'

/** A run as its row: the parser between the file and the port. */
export interface RunRow {
  readonly id: RunId
  readonly event_id: EventId
  readonly workflow_id: WorkflowId
  readonly standing: number
  readonly state: number
  readonly version: number | null
  readonly created_at: number
  readonly started_at: number | null
  readonly ended_at: number | null
  readonly due_at: number | null
  readonly owner: WorkerId | null
  readonly fence: number
  readonly interruptions: number
  readonly cancel_requested: number
  readonly error: string | null
}

/** Stored as numbers, so that an index over a million runs is a third smaller. A number never changes its meaning. */
export const stateCodes = {
  accepted: 0,
  queued: 1,
  running: 2,
  waiting: 3,
  held: 4,
  succeeded: 5,
  filtered: 6,
  failed: 7,
  cancelled: 8,
} as const satisfies Record<RunState, number>

const states = Object.keys(stateCodes) as readonly RunState[]

export const standings = { newest: 0, older: 1, test: 2 } as const

export const hasEnded = (state: number): boolean => state >= stateCodes.succeeded

export const stateOf = (code: number): RunState => {
  const state = states[code]
  if (state === undefined) throw new Error(`a run has the state ${code}, which this program does not know`)
  return state
}

/** A new run as flat values, which cost little to hand to another thread; the graph that it may carry goes beside it. */
export type RunValues = readonly [
  id: RunId,
  eventId: EventId,
  workflowId: WorkflowId,
  standing: number,
  state: number,
  version: number | null,
  createdAt: number,
]

export const runValues = (run: NewRun): RunValues => [
  run.id,
  run.eventId,
  run.workflowId,
  run.kind === 'test' ? standings.test : standings.newest,
  stateCodes[run.state],
  run.version,
  run.createdAt,
]

/** Where a run goes, as flat values. */
export type ChangeValues = readonly [
  state: number,
  dueAt: number | null,
  endedAt: number | null,
  error: string | null,
  /** When it ends, should it wait though it was cancelled meanwhile. */
  learntAt: number,
]

export function changeValues({ change, steps }: Progress): ChangeValues | undefined {
  if (change === undefined) return undefined
  if (change.state === 'waiting') {
    return [stateCodes.waiting, change.dueAt, null, null, steps.at(-1)?.endedAt ?? change.dueAt]
  }
  const error = change.state === 'failed' ? JSON.stringify(change.error) : null
  return [stateCodes[change.state], null, change.at, error, change.at]
}

export const readRun = (row: RunRow): Run => ({
  id: row.id,
  eventId: row.event_id,
  workflowId: row.workflow_id,
  kind: row.standing === standings.test ? 'test' : 'production',
  version: row.version,
  state: stateOf(row.state),
  error: row.error === null ? null : (JSON.parse(row.error) as Run['error']),
  createdAt: row.created_at,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  dueAt: row.due_at,
  owner: row.owner,
  fence: row.fence,
  interruptions: row.interruptions,
  cancelRequested: row.cancel_requested === 1,
})
