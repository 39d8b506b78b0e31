import type { RunState, RunSummary } from '../../nodes/contract/api.ts'

/** States from which a run goes nowhere by itself. */
export const endStates = [
  'succeeded',
  'filtered',
  'failed',
  'cancelled',
] as const satisfies readonly RunState[]
export const openStates = [
  'accepted',
  'queued',
  'running',
  'waiting',
  'held',
] as const satisfies readonly RunState[]

export const hasEnded = (state: RunState): boolean => endStates.some((end) => end === state)
/** Only what failed or was cancelled can go on. */
export const canResume = (state: RunState): boolean => state === 'failed' || state === 'cancelled'

/** From the first step to the end; `undefined` while there is no end. */
export const durationMs = ({ startedAt, endedAt }: RunSummary): number | undefined =>
  startedAt === null || endedAt === null
    ? undefined
    : Math.max(0, new Date(endedAt).getTime() - new Date(startedAt).getTime())
