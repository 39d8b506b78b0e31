import { join } from 'node:path'
import type { Queue } from './queue.ts'
import { openSqliteQueue } from './sqlite.ts'

/**
 * Opens the queue that the settings ask for. Embedded: the file `queue.db` in a data dir whose lock the caller holds. A
 * file that cannot be used is made anew: the sweep of the store fills it again. `onTrouble` is told why in one line.
 */
export function openQueue(options: {
  readonly dataDir: string
  readonly onTrouble?: (reason: string) => void
}): Queue {
  const { dataDir, onTrouble } = options
  return openSqliteQueue(join(dataDir, 'queue.db'), onTrouble === undefined ? {} : { onTrouble })
}
