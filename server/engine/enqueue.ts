import { describeUnknown } from '../../nodes/contract/failure.ts'
import type { RunId, WorkflowId } from '../../nodes/contract/ids.ts'
import type { Queue } from '../queue/queue.ts'
import { signal } from './signals.ts'

/** Puts a stored run into the queue. Nobody waits for it: what the queue is not told now, recovery tells it later. */
export function enqueue(queue: Queue, id: RunId, workflowId: WorkflowId): void {
  queue.add([{ key: id, lane: workflowId }]).catch((error: unknown) => {
    signal('engine.trouble', { where: 'queue', message: describeUnknown(error) })
  })
}
