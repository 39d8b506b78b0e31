import type { WorkerId } from '../../nodes/contract/ids.ts'
import { Conflict, type Progress, type Run, type RunStore } from '../storage/storage.ts'
import type { Clock } from './clock.ts'

/** A worker's hold on a run: what it learns is written under it. Throws `Conflict` once somebody else holds the run. */
export interface Grip {
  record(progress: Progress): Promise<void>
  /** Gives the run back, for whoever comes next. */
  release(): Promise<void>
}

/** On a run that was claimed. */
export const gripOn = (runs: RunStore, { id, fence }: Run): Grip => ({
  record: (progress) => runs.record(id, fence, progress),
  release: () => runs.release(id, fence),
})

/**
 * On a run that nobody has claimed: it is claimed together with its first record, which comes before anything is sent. Until
 * then others may hold it as well; the first to record goes on.
 */
export function gripToCome(runs: RunStore, { id }: Run, worker: WorkerId, clock: Clock): Grip {
  const startedAt = clock.now()
  let fence: number | undefined
  return {
    async record(progress) {
      if (fence !== undefined) return runs.record(id, fence, progress)
      fence = await runs.begin(id, worker, startedAt, progress)
      if (fence === undefined) throw new Conflict(`${id} was claimed by somebody else, held or cancelled`)
    },
    async release() {
      if (fence !== undefined) await runs.release(id, fence)
    },
  }
}
