import type { JobRow, Jobs } from './sqlite-jobs.ts'

/** Jobs of one lane, and of all lanes, that wait in memory for a hand. The rest waits in the table. */
const readyPerLaneMax = 200_000
const readyMax = 262_144
/** Read from the table at once. */
const loadMax = 256
/** Handed out jobs at the front of a lane that are dropped at once: a shift of an array costs its length. */
const droppedAtOnce = 1_024

interface Ready extends JobRow {
  /** The table has it, too. */
  readonly isStored: boolean
}

export interface InHand extends Ready {
  /** Its key was added meanwhile: due again, then. */
  addedDueAt?: number
}

interface Lane {
  readonly name: string
  /** Due, loaded, in order. */
  ready: Ready[]
  /** Where the next one stands in `ready`. */
  next: number
  inHand: number
  /** The table may hold due jobs of this lane that are not in memory. */
  more: boolean
}

/**
 * The due jobs, in memory, by lane: who is next. Lanes take turns; a lane with more due jobs than there is room keeps some of
 * them here and reads on in the table as they go.
 */
export class Lanes {
  readonly #jobs: Jobs
  readonly #lanes = new Map<string, Lane>()
  /** The lanes that may have something to hand out, the one whose turn it is first. */
  readonly #turns = new Set<Lane>()
  readonly #ready = new Map<string, Ready>()
  readonly #inHand = new Map<string, InHand>()
  #unstored = 0

  constructor(jobs: Jobs) {
    this.#jobs = jobs
  }

  get inHandCount(): number {
    return this.#inHand.size
  }

  /** Of those in hand, the ones that the table has. */
  get storedInHandCount(): number {
    return this.#inHand.values().reduce((count, { isStored }) => count + (isStored ? 1 : 0), 0)
  }

  /** Those that wait for a hand and are nowhere else: how many, and which. */
  get unstoredCount(): number {
    return this.#unstored
  }

  unstored(): readonly JobRow[] {
    return this.#ready
      .values()
      .filter(({ isStored }) => !isStored)
      .toArray()
  }

  inHand(key: string): InHand | undefined {
    return this.#inHand.get(key)
  }

  isReady(key: string): boolean {
    return this.#ready.has(key)
  }

  /**
   * Takes a due job in, unless there is no room: then it belongs into the table, where it is looked for in its turn.
   * @param isStored the table has it, and it may be here already
   */
  offer(job: JobRow, isStored: boolean): boolean {
    if (isStored && (this.#ready.has(job.key) || this.#inHand.has(job.key))) return true
    const lane = this.#lane(job.lane)
    // Before jobs that are still in the table it would be taken before its elders.
    const isFull =
      lane.more || lane.ready.length - lane.next >= readyPerLaneMax || this.#ready.size >= readyMax
    if (isFull) lane.more = true
    else this.#put(lane, job, isStored)
    this.#turns.add(lane)
    return !isFull
  }

  /** The table holds due jobs of this lane. */
  expect(name: string): void {
    const lane = this.#lane(name)
    lane.more = true
    this.#turns.add(lane)
  }

  /** Takes the next job, or tells that no lane has one to give: each has `laneMax` in hand or none that is due. */
  take(laneMax: number, now: number): InHand | undefined {
    for (const lane of this.#turns) {
      if (lane.inHand >= laneMax) continue
      if (lane.next >= lane.ready.length && lane.more) this.#load(lane, now)
      const job = lane.ready[lane.next]
      this.#turns.delete(lane)
      if (job === undefined) {
        this.#forget(lane)
        continue
      }
      lane.next += 1
      lane.inHand += 1
      this.#ready.delete(job.key)
      if (!job.isStored) this.#unstored -= 1
      const inHand: InHand = { ...job }
      this.#inHand.set(job.key, inHand)
      this.#turns.add(lane)
      return inHand
    }
    return undefined
  }

  /** The hand is free again; the job's key stays taken until `settled`. */
  returned(job: InHand): void {
    const lane = this.#lane(job.lane)
    lane.inHand -= 1
    this.#forget(lane)
  }

  /** What became of the job is known, and stored where the table had it. */
  settled(job: InHand): void {
    this.#inHand.delete(job.key)
  }

  #lane(name: string): Lane {
    const known = this.#lanes.get(name)
    if (known !== undefined) return known
    const lane: Lane = { name, ready: [], next: 0, inHand: 0, more: false }
    this.#lanes.set(name, lane)
    return lane
  }

  #put(lane: Lane, { key, lane: name, dueAt, thrown }: JobRow, isStored: boolean): void {
    if (lane.next === lane.ready.length || lane.next >= droppedAtOnce) {
      lane.ready = lane.ready.slice(lane.next)
      lane.next = 0
    }
    const job = { key, lane: name, dueAt, thrown, isStored }
    lane.ready.push(job)
    this.#ready.set(key, job)
    if (!isStored) this.#unstored += 1
  }

  /** What is in hand may be in the table still, and due: it is read too and passed over. */
  #load(lane: Lane, now: number): void {
    const room = Math.min(loadMax, Math.max(1, readyMax - this.#ready.size))
    const limit = room + this.#inHand.size
    const rows = this.#jobs.due(lane.name, now, limit)
    lane.more = rows.length === limit
    for (const row of rows) {
      if (this.#inHand.has(row.key) || this.#ready.has(row.key)) continue
      this.#put(lane, row, true)
    }
  }

  #forget(lane: Lane): void {
    if (lane.inHand === 0 && lane.next >= lane.ready.length && !lane.more) {
      this.#turns.delete(lane)
      this.#lanes.delete(lane.name)
    }
  }
}
