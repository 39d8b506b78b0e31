import { type RunId, type WorkflowId, readId } from '../../nodes/contract/ids.ts'
import type { Job, NewJob, Queue } from '../queue/queue.ts'
import type { NewRun } from '../storage/storage.ts'
import { troubled } from './trouble.ts'

/** Puts stored runs into the queue. Nobody waits for it: what the queue is not told now, recovery tells it later. */
export const enqueue = (queue: Queue, workflowId: WorkflowId, ids: readonly RunId[]): void =>
  add(
    queue,
    ids.map((key) => ({ key, lane: workflowId })),
  )

/** The same for a run that was stored a moment ago: its job says what a worker would otherwise read of it. */
export function enqueueNew(queue: Queue, run: NewRun): void {
  // A draft's graph is in its run.
  const note = run.version === null ? {} : { note: noteOf(run) }
  add(queue, [{ key: run.id, lane: run.workflowId, ...note }])
}

/** What a new run's job says of it; `newRunOf` reads it. */
export const noteOf = ({
  eventId,
  version,
  createdAt,
}: Pick<NewRun, 'eventId' | 'version' | 'createdAt'>): string => `${eventId} ${version} ${createdAt}`

/** The run of a job that nobody took before, as it was stored; `undefined` where its job does not say it. */
export function newRunOf({ key, lane, note = '' }: Job): NewRun | undefined {
  const [event = '', version, createdAt] = note.split(' ')
  const [id, workflowId, eventId] = [readId('run', key), readId('wf', lane), readId('evt', event)]
  if (id === undefined || workflowId === undefined || eventId === undefined) return undefined
  return {
    id,
    eventId,
    workflowId,
    kind: 'production',
    version: Number(version),
    createdAt: Number(createdAt),
    state: 'accepted',
  }
}

function add(queue: Queue, jobs: readonly NewJob[]): void {
  queue.add(jobs).catch(troubled('queue'))
}
