import { describeUnknown } from '../../nodes/contract/failure.ts'
import { Away } from '../queue/queue.ts'
import { signal } from './signals.ts'

/**
 * Tells what went wrong beside everything else, and that is all. A queue that is away has said so itself, once: what it was
 * not told, it is told when it is back.
 */
export const troubled =
  (where: string) =>
  (error: unknown): void => {
    if (!(error instanceof Away)) signal('engine.trouble', { where, message: describeUnknown(error) })
  }
