import type Database from 'better-sqlite3'
import { type AcceptArgs, type Bundled, readBundled, readFormer } from './sqlite-accepts.ts'
import { kindCodes } from './sqlite-event-row.ts'
import type { EventFile } from './sqlite-events.ts'
import { standings, stateCodes } from './sqlite-run-row.ts'

/** Events in one commit from which on they are taken in as they came, and how many of its calls they are. */
const rushMin = 16
const rushShare = 0.8
/**
 * What is kept unfiled at most; beyond it, every event is filed when it comes. Who opens the file after a crash waits for all of
 * them (measured with 240,000 of 1 KiB: 4 s).
 */
const unfiledMax = 200_000
/** What a list waits for at most, in a rush that goes on: it shows the rest when that is filed. */
const filedForListMax = 4_096
/** Rows that are filed in one commit where nobody waits, when the file is opened: the more, the fewer pages are written twice. */
const filedAtOnce = 200
/** So long nothing was taken in: time to file. */
const quietMs = 50

/** A row of the table `intake`: the events of one commit. */
interface Bundle {
  readonly seq: number
  readonly count: number
  /** How many are of each. */
  readonly workflows: ReadonlyMap<string, number>
  /** When its events and runs came. */
  readonly moments: ReadonlySet<string>
  readonly hashes: readonly number[]
}

/**
 * Where events wait in a rush. To file an event takes many small writes all over the file, ten times the work that makes it
 * durable; so when many come at once, the events of one commit are stored as one row, as they came, and answered. They are
 * filed when it is quiet, when the worker comes to their runs, or when somebody looks for them; each row in one commit, so
 * that an event is always in one place of the two. Opening the file files the rest.
 *
 *   accept × n ─► one row ─► acknowledged ─(quiet; asked for)─► events, runs
 */
export class Intake {
  readonly #db: Database.Database
  readonly #file: EventFile
  readonly #insert: Database.Statement<[string, Uint8Array]>
  readonly #load: Database.Statement<[number], IntakeRow>
  readonly #remove: Database.Statement<[number]>
  /** Oldest first. */
  readonly #bundles = new Map<number, Bundle>()
  /** Those that hold something of a moment. */
  readonly #moments = new Map<string, readonly Bundle[]>()
  /** Dedupe keys of what is here, by the bundle that holds them. */
  readonly #hashes = new Map<number, Bundle>()
  #count = 0
  #takenAt = 0
  #timer: NodeJS.Timeout | undefined

  constructor(db: Database.Database, file: EventFile) {
    this.#db = db
    this.#file = file
    this.#insert = db.prepare('INSERT INTO intake (heads, calls) VALUES (?, ?)')
    this.#load = db.prepare('SELECT heads, calls FROM intake WHERE seq = ?')
    this.#remove = db.prepare('DELETE FROM intake WHERE seq = ?')
    const left = db.prepare<[], number>('SELECT seq FROM intake ORDER BY seq').pluck()
    const seqs = left.all()
    for (let from = 0; from < seqs.length; from += filedAtOnce) {
      this.#fileRows(seqs.slice(from, from + filedAtOnce))
    }
  }

  /** Events that are stored and not filed. */
  get count(): number {
    return this.#count
  }

  /** Those of one workflow. */
  countOf(workflowId: string): number {
    let count = 0
    for (const { workflows } of this.#bundles.values()) count += workflows.get(workflowId) ?? 0
    return count
  }

  /**
   * What is taken in together; `undefined`: too few, too much, or one needs a look into the file.
   * @param total what is written in the same commit, these included
   */
  taking(accepts: readonly AcceptArgs[], total: number): Taking | undefined {
    if (accepts.length < Math.max(rushMin, rushShare * total)) return undefined
    if (this.#count + accepts.length > unfiledMax) return undefined
    const workflows = new Set<string>()
    const hashes = new Set<number>()
    for (const [event, , , run, graph] of accepts) {
      const isPlain =
        event[2] === kindCodes.production &&
        graph === null &&
        run?.[3] === standings.newest &&
        run[4] === stateCodes.accepted
      if (!isPlain) return undefined
      workflows.add(event[1])
      const hash = this.#file.hashOf(event)
      if (hash === null) continue
      if (hashes.has(hash) || this.#hashes.has(hash)) return undefined
      hashes.add(hash)
    }
    const taking = { accepts, hashes: [...hashes] }
    const areKnown = workflows.values().every((id) => this.#file.isKnown(id))
    return areKnown && !this.#file.mayHold(taking.hashes) ? taking : undefined
  }

  /** Stores them, inside a commit that the caller has opened. What it answers is for `took`, when that is committed. */
  store({ heads, bodies }: Bundled, { accepts, hashes }: Taking): Bundle {
    const { lastInsertRowid } = this.#insert.run(heads, bodies)
    return bundleOf(Number(lastInsertRowid), accepts, hashes)
  }

  took(bundle: Bundle): void {
    this.#bundles.set(bundle.seq, bundle)
    for (const moment of bundle.moments) {
      this.#moments.set(moment, [...(this.#moments.get(moment) ?? []), bundle])
    }
    for (const hash of bundle.hashes) this.#hashes.set(hash, bundle)
    this.#count += bundle.count
    this.#takenAt = performance.now()
    this.#fileLater(quietMs)
  }

  /** Files what may be, or be about, the event or run of this id. */
  reveal(id: string): void {
    for (const bundle of this.#moments.get(momentOf(id)) ?? []) this.#fileBundle(bundle)
  }

  /** Files what may hold the dedupe key of an event. */
  revealKey(event: AcceptArgs[0]): void {
    if (this.#count === 0) return
    const bundle = this.#hashes.get(this.#file.hashOf(event) ?? Number.NaN)
    if (bundle !== undefined) this.#fileBundle(bundle)
  }

  revealAll(): void {
    for (const bundle of this.#bundles.values()) this.#fileBundle(bundle)
  }

  /** As much as whoever asks for a list can wait for. */
  revealSome(): void {
    let filed = 0
    for (const bundle of this.#bundles.values()) {
      if (filed >= filedForListMax) return
      this.#fileBundle(bundle)
      filed += bundle.count
    }
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #fileLater(ms: number): void {
    this.#timer ??= setTimeout(this.#tick, ms)
  }

  /** One row at a time: what is asked for meanwhile comes first. */
  readonly #tick = (): void => {
    this.#timer = undefined
    const [bundle] = this.#bundles.values()
    if (bundle === undefined) return
    const isQuiet = performance.now() - this.#takenAt >= quietMs
    try {
      if (isQuiet) this.#fileBundle(bundle)
      this.#fileLater(isQuiet ? 0 : quietMs)
    } catch {
      // The disk refuses now. What is here stays here, and is durable.
      this.#fileLater(1_000)
    }
  }

  #fileBundle(bundle: Bundle): void {
    this.#fileRows([bundle.seq])
    this.#bundles.delete(bundle.seq)
    for (const hash of bundle.hashes) this.#hashes.delete(hash)
    for (const moment of bundle.moments) {
      const others = this.#moments.get(moment)?.filter((each) => each !== bundle) ?? []
      if (others.length > 0) this.#moments.set(moment, others)
      else this.#moments.delete(moment)
    }
    this.#count -= bundle.count
  }

  #read(seq: number): readonly AcceptArgs[] {
    const row = this.#load.get(seq)
    return row === undefined ? [] : acceptsIn(row)
  }

  /** Nobody waits for the disk here: a power cut takes the whole commit back, and the row is filed again. */
  #fileRows(seqs: readonly number[]): void {
    const db = this.#db
    db.pragma('synchronous = NORMAL')
    try {
      db.transaction(() => {
        for (const seq of seqs) {
          for (const args of this.#read(seq)) this.#file.insert(args, this.#file.hashOf(args[0]))
          this.#remove.run(seq)
        }
      })()
    } finally {
      db.pragma('synchronous = FULL')
    }
  }
}

export interface Taking {
  readonly accepts: readonly AcceptArgs[]
  /** Of their dedupe keys. */
  readonly hashes: readonly number[]
}

function bundleOf(seq: number, accepts: readonly AcceptArgs[], hashes: readonly number[]): Bundle {
  const workflows = new Map<string, number>()
  const moments = new Set<string>()
  for (const [[eventId, workflowId], , , run] of accepts) {
    workflows.set(workflowId, (workflows.get(workflowId) ?? 0) + 1)
    moments.add(momentOf(eventId))
    if (run !== null) moments.add(momentOf(run[0]))
  }
  return { seq, count: accepts.length, workflows, moments, hashes }
}

/** Ids begin with the time at which they were made: this much of it tells 32 ms. */
const momentOf = (id: string): string => id.slice('evt_'.length, 'evt_'.length + 9)

interface IntakeRow {
  readonly heads: string | null
  readonly calls: Uint8Array
}

const acceptsIn = ({ heads, calls }: IntakeRow): readonly AcceptArgs[] =>
  heads === null ? readFormer(calls) : readBundled({ heads, bodies: calls })
