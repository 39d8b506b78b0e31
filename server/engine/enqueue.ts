import type { RunId, WorkflowId } from '../../nodes/contract/ids.ts'
import type { Queue } from '../queue/queue.ts'
import { troubled } from './trouble.ts'

/** Puts stored runs into the queue. Nobody waits for it: what the queue is not told now, recovery tells it later. */
export function enqueue(queue: Queue, workflowId: WorkflowId, ids: readonly RunId[]): void {
  queue.add(ids.map((key) => ({ key, lane: workflowId }))).catch(troubled('queue'))
}
