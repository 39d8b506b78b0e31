import { randomFillSync } from 'node:crypto'
import { makeId } from '../nodes/contract/ids.ts'
import type { Clock } from './engine/clock.ts'

/** Chance is drawn in blocks: one call per id would cost more than the rest of making it. */
const block = Buffer.alloc(4_096)
const bytesPerId = 10
let used = block.length

/** The machine's own time and chance. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  random: () => Math.random(),
  newId: ((prefix: 'run') => {
    if (used + bytesPerId > block.length) {
      randomFillSync(block)
      used = 0
    }
    used += bytesPerId
    return makeId(prefix, Date.now(), block, used - bytesPerId)
  }) as Clock['newId'],
}
