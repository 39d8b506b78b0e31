/**
 * The line before each target that has limits: in the memory of this process, or of all processes where there are several,
 * and of each for itself while the others cannot be asked.
 */
import { perSecondsDefault, requestsMax } from '../../nodes/contract/target-limits.ts'
import type { Asked, Entrance, SharedTargets, Targets, Visit } from './runtime.ts'

/** A request that waits no longer than this waits in hand: to put its run aside costs two writes. */
const soonMs = 250
/** One whose turn came finds others a little late, where the machine was busy: it does not lose its turn by that. */
const turnSoonMs = 1_000
/**
 * One request is longer on its way than another, the first over a new connection most of all. A target that counts what
 * reaches it would see the next ones too soon: measured on loopback, 18 ms, by which 8 came in a second instead of 5.
 */
const travelMs = 50
/** A target takes so long where nobody has seen it answer. */
const heldMsAtFirst = 100
/** Between two who come and see whether a place is free: no more often than pays, and none stays empty for long. */
const [gapMsLeast, gapMsMost] = [20, 250]
/** Who finds no place, time after time, looks less and less often. */
const [lookMsLeast, lookMsMost] = [20, 5_000]
/** Targets that are remembered. */
const targetsMax = 10_000

export function openTargets(options: {
  /** Milliseconds that only grow. */
  readonly monotonic: () => number
  readonly shared?: SharedTargets | undefined
}): Targets {
  const own = new OwnTargets(options.monotonic)
  return {
    async enter(visit) {
      const asked = askedOf(visit)
      return (await options.shared?.enter(asked)) ?? own.enter(asked)
    },
  }
}

const askedOf = ({ target, id, looks, limits }: Visit): Asked => ({
  target,
  id,
  looks,
  requests: limits.requests,
  periodMs: limits.requests === undefined ? 0 : 1_000 * (limits.perSeconds ?? perSecondsDefault) + travelMs,
  concurrent: limits.concurrent,
  soonMs: looks > 0 ? turnSoonMs : soonMs,
  heldMsAtFirst,
  gapMsLeast,
  gapMsMost,
  lookMs: Math.min(lookMsMost, lookMsLeast * 2 ** looks),
  sentMax: requestsMax,
})

/**
 * What is known of a target. All requests with limits count in it, whichever limits theirs are.
 *
 * `sent` are the moments at which the last ones were let in: they alone decide, so that one that comes late, or not at all,
 * costs nobody anything. `booked` are the moments at which those who wait will come back, the last one the end of the line.
 * How long a place is held is only guessed, from how long it was lately: whoever comes and finds none goes to the end.
 */
interface Line {
  readonly sent: number[]
  readonly booked: number[]
  readonly held: Set<string>
  heldMs: number
}

class OwnTargets {
  readonly #lines = new Map<string, Line>()
  readonly #monotonic: () => number

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic
  }

  enter({ target, id, looks, requests, periodMs, concurrent, ...asked }: Asked): Entrance {
    const now = this.#monotonic()
    const line = this.#line(target)
    const { sent, booked, held } = line
    while (booked[0] !== undefined && booked[0] <= now) booked.shift()

    // One that crashed and comes again has its own place.
    const others = held.size - (held.has(id) ? 1 : 0)
    const hasRoom = concurrent === undefined || others < concurrent
    const free = Math.max(now, nthLast(1, sent), nthLast(requests, sent) + periodMs)
    if ((looks > 0 || booked.length === 0) && hasRoom && free - now <= asked.soonMs) {
      sent.push(free)
      if (sent.length > asked.sentMax) sent.shift()
      held.add(id)
      const leave = () => {
        if (!held.delete(id)) return
        line.heldMs = blend(line.heldMs, this.#monotonic() - free)
      }
      return { kind: 'in', waitMs: free - now, leave }
    }

    const end = Math.max(now, nthLast(1, booked))
    const byRate = nthLast(requests, sent, booked) + periodMs
    const gapMs = Math.min(gapMsMost, Math.max(gapMsLeast, line.heldMs / (concurrent ?? 1)))
    const byRoom = concurrent === undefined || (hasRoom && booked.length === 0) ? now : end + gapMs
    const place = Math.max(end, byRate, byRoom, hasRoom ? now : now + asked.lookMs)
    booked.push(place)
    return { kind: 'later', waitMs: place - now }
  }

  #line(target: string): Line {
    const known = this.#lines.get(target)
    const line = known ?? { sent: [], booked: [], held: new Set(), heldMs: heldMsAtFirst }
    this.#lines.delete(target)
    this.#lines.set(target, line)
    if (this.#lines.size > targetsMax) this.#forgetEldest()
    return line
  }

  #forgetEldest(): void {
    const eldest = this.#lines.keys().next().value
    if (eldest !== undefined) this.#lines.delete(eldest)
  }
}

/** How much the last request tells of how long the next one takes. */
const newest = 0.2
const blend = (before: number, now: number): number => before * (1 - newest) + now * newest

/** The nth from the end of lists that follow each other; none where there are fewer, or no number is asked for. */
function nthLast(n: number | undefined, ...lists: readonly (readonly number[])[]): number {
  let left = n ?? Number.POSITIVE_INFINITY
  for (const list of lists.toReversed()) {
    const found = list[list.length - left]
    if (found !== undefined) return found
    left -= list.length
  }
  return Number.NEGATIVE_INFINITY
}
