import type { RunRow } from './mongo-models.ts'
import type { Run, RunState } from './storage.ts'

/** What a run's page and its list need: what it learnt and the graph it carries are asked for apart. */
export const runFields = { journal: 0, graph: 0, mark: 0 } as const
export type Shown = Omit<RunRow, 'journal' | 'graph' | 'mark'>

export const endStates: ReadonlySet<RunState> = new Set(['succeeded', 'filtered', 'failed', 'cancelled'])
export const hasEnded = (state: RunState): boolean => endStates.has(state)

export const errorBytes = (error: Run['error']): Buffer | null =>
  error === null ? null : Buffer.from(JSON.stringify(error))

export const readRun = (row: Shown): Run => ({
  id: row._id,
  eventId: row.eventId,
  workflowId: row.workflowId,
  kind: row.standing === 'test' ? 'test' : 'production',
  version: row.version,
  state: row.state,
  error: row.error === null ? null : (JSON.parse(row.error.toString()) as Run['error']),
  createdAt: row.createdAt,
  startedAt: row.startedAt,
  endedAt: row.endedAt,
  dueAt: row.dueAt,
  owner: row.owner,
  fence: row.fence,
  interruptions: row.interruptions,
  cancelRequested: row.cancelRequested,
})
