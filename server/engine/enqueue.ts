import { describeUnknown } from '../../nodes/contract/failure.ts'
import type { RunId, WorkflowId } from '../../nodes/contract/ids.ts'
import type { Queue } from '../queue/queue.ts'
import { signal } from './signals.ts'

/** Puts stored runs into the queue. Nobody waits for it: what the queue is not told now, recovery tells it later. */
export function enqueue(queue: Queue, workflowId: WorkflowId, ids: readonly RunId[]): void {
  queue.add(ids.map((key) => ({ key, lane: workflowId }))).catch((error: unknown) => {
    signal('engine.trouble', { where: 'queue', message: describeUnknown(error) })
  })
}
