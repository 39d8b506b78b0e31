import { randomFillSync } from 'node:crypto'
import { makeId } from '../nodes/contract/ids.ts'
import type { Clock } from './engine/clock.ts'

/** Chance is drawn in blocks: one call per id would cost more than the rest of making it. */
const block = Buffer.alloc(4_096)
let used = block.length

function chance(bytes: number): Buffer {
  if (used + bytes > block.length) {
    randomFillSync(block)
    used = 0
  }
  used += bytes
  return block.subarray(used - bytes, used)
}

/** The machine's own time and chance. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  random: () => Math.random(),
  newId: ((prefix: 'run') => makeId(prefix, Date.now(), chance(10))) as Clock['newId'],
}
