import { join } from 'node:path'
import type { Queue } from './queue.ts'
import { openSqliteQueue } from './sqlite.ts'

/**
 * Opens the queue that the settings ask for. Embedded: the file `queue.db` in a data dir whose lock the caller holds. A
 * file that cannot be used is made anew, and `onDiscard` is told why in one line: the sweep of the store fills it again.
 */
export function openQueue(options: {
  readonly dataDir: string
  readonly onDiscard?: (reason: string) => void
}): Queue {
  const { dataDir, onDiscard } = options
  return openSqliteQueue(join(dataDir, 'queue.db'), onDiscard === undefined ? {} : { onDiscard })
}
