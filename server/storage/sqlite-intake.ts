import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type Database from 'better-sqlite3'
import {
  type AcceptArgs,
  type Bundled,
  type Digest,
  digestOf,
  momentOf,
  readBundled,
  readFormer,
} from './sqlite-accepts.ts'
import type { EventFile } from './sqlite-events.ts'
import { KeyFilter, hashOf, hashOfKey } from './sqlite-keys.ts'

/** Events in one commit from which on they are taken in as they came, and how many of its calls they are. */
const rushMin = 16
const rushShare = 0.8
/**
 * What is kept unfiled at most; beyond it, every event is filed when it comes. Who opens the file after a crash looks through all
 * of them (measured with 385,000 of 1 KiB: 1.3 s).
 */
const unfiledMax = 400_000
/** Keys of what was taken in: so many more than are unfiled that few are taken for known, and all are seldom counted anew. */
const keysRemembered = 4 * unfiledMax
/** So many keys are looked for one by one, which takes less than a table of them. */
const fewKeys = 8
/** What a list waits for at most, in a rush that goes on: it shows the rest when that is filed. */
const filedForListMax = 4_096
/** Rows that are filed in one commit: the more, the fewer pages are written twice, and the longer is the log. */
const filedAtOnce = 128
/** So long nothing was taken in: time to file. */
const quietMs = 50

/** A row of the table `intake`: the events of one commit. */
interface Bundle extends Pick<Digest, 'count' | 'workflows' | 'moments'> {
  readonly seq: number
  /** Of their dedupe keys. */
  readonly hashes: Float64Array
}

/**
 * Where events wait in a rush. To file an event takes many small writes all over the file, ten times the work that makes it
 * durable; so when many come at once, the events of one commit are stored as one row, as they came, and answered. They are
 * filed when it is quiet, when the worker comes to their runs, or when somebody looks for them; each row in one commit, so
 * that an event is always in one place of the two. What an earlier process left is known when the file is opened, and filed
 * likewise.
 *
 *   accept × n ─► one row ─► acknowledged ─(quiet; asked for)─► events, runs
 */
export class Intake {
  readonly #db: Database.Database
  readonly #file: EventFile
  readonly #insert: Database.Statement<[number, Uint8Array]>
  readonly #load: Database.Statement<[number], IntakeRow>
  readonly #remove: Database.Statement<[number]>
  /** Oldest first. */
  readonly #bundles = new Map<number, Bundle>()
  /** Those that hold something of a moment. */
  readonly #moments = new Map<string, readonly Bundle[]>()
  /** Dedupe keys of what is here, and of some that was. */
  #keys = new KeyFilter(keysRemembered)
  #count = 0
  /** Those that an earlier process left, by the moment at which each begins. */
  readonly #left: Map<Bundle, string>
  #takenAt = 0
  #timer: NodeJS.Timeout | undefined

  constructor(db: Database.Database, file: EventFile) {
    this.#db = db
    this.#file = file
    this.#insert = db.prepare('INSERT INTO intake (heads_bytes, calls) VALUES (?, ?)')
    this.#load = db.prepare('SELECT heads_bytes, heads, calls FROM intake WHERE seq = ?')
    this.#remove = db.prepare('DELETE FROM intake WHERE seq = ?')
    this.#left = new Map(this.#readLeft())
    for (const bundle of this.#left.keys()) this.#hold(bundle)
    if (this.#left.size > 0) this.#fileLater(quietMs)
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
   * The hashes of the dedupe keys of what is taken in together; `undefined`: too few, too much, or one needs a look into the
   * file.
   * @param total what is written in the same commit, these included
   */
  taking({ count, isPlain, workflows, keys }: Digest, total: number): Float64Array | undefined {
    if (!isPlain || count < Math.max(rushMin, rushShare * total)) return undefined
    if (this.#count + count > unfiledMax) return undefined
    const hashes = keys.map(hashOfKey)
    if (new Set(hashes).size < hashes.length) return undefined
    if (this.#holdersOf(hashes).length > 0) return undefined
    const areKnown = workflows.keys().every((id) => this.#file.isKnown(id))
    return areKnown && !this.#file.mayHold(hashes) ? Float64Array.from(hashes) : undefined
  }

  /** Stores them, inside a commit that the caller has opened. What it answers is for `took`, when that is committed. */
  store({ bytes, headsBytes, digest: { count, workflows, moments } }: Bundled, hashes: Float64Array): Bundle {
    const { lastInsertRowid } = this.#insert.run(
      headsBytes,
      zstdCompressSync(bytes, compression(bytes.length)),
    )
    return { seq: Number(lastInsertRowid), count, workflows, moments, hashes }
  }

  took(bundle: Bundle): void {
    this.#hold(bundle)
    this.#takenAt = performance.now()
    this.#fileLater(quietMs)
  }

  /** Files what may be, or be about, the event or run of this id. */
  reveal(id: string): void {
    this.#fileRows(this.#moments.get(momentOf(id)) ?? [])
  }

  /** Files what may hold the dedupe keys of events. */
  revealKeys(accepts: readonly AcceptArgs[]): void {
    if (this.#count === 0) return
    this.#fileRows(this.#holdersOf(accepts.flatMap(([event]) => hashOf(event) ?? [])))
  }

  revealAll(): void {
    this.#fileRows([...this.#bundles.values()])
  }

  revealOf(workflowId: string): void {
    this.#fileRows([...this.#bundles.values()].filter(({ workflows }) => workflows.has(workflowId)))
  }

  /** As much as whoever asks for a list can wait for. */
  revealSome(): void {
    this.#fileRows(first(this.#bundles.values()))
  }

  /**
   * Files the first of what an earlier process left; where an id is given, only what may hold anything older than that.
   * False: there is nothing.
   */
  revealLeft(id?: string): boolean {
    const until = id && momentOf(id)
    const older: Bundle[] = []
    for (const [bundle, moment] of this.#left) {
      if (until !== undefined && moment > until) break
      older.push(bundle)
    }
    this.#fileRows(first(older))
    return older.length > 0
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #readLeft(): readonly (readonly [Bundle, moment: string])[] {
    const rows = this.#db.prepare<[], IntakeRow & { readonly seq: number }>(
      'SELECT seq, heads_bytes, heads, calls FROM intake ORDER BY seq',
    )
    const left = Array.from(rows.iterate(), ({ seq, ...row }) => {
      const { count, workflows, moments, keys } = digestOf(acceptsIn(row))
      const bundle = { seq, count, workflows, moments, hashes: Float64Array.from(keys, hashOfKey) }
      return [bundle, [...moments].toSorted()[0] ?? ''] as const
    })
    return left.toSorted(([, one], [, other]) => (one < other ? -1 : 1))
  }

  #hold(bundle: Bundle): void {
    this.#bundles.set(bundle.seq, bundle)
    for (const moment of bundle.moments) {
      this.#moments.set(moment, [...(this.#moments.get(moment) ?? []), bundle])
    }
    this.#count += bundle.count
    this.#remember(bundle)
  }

  /** What holds one of these keys. A filter rules most of them out; the rest is looked for everywhere, one by one while few. */
  #holdersOf(hashes: readonly number[]): readonly Bundle[] {
    const suspects = hashes.filter((hash) => this.#keys.mayHave(hash))
    if (suspects.length === 0) return []
    const wanted = new Set(suspects)
    const holds =
      wanted.size <= fewKeys
        ? ({ hashes }: Bundle) => suspects.some((hash) => hashes.includes(hash))
        : ({ hashes }: Bundle) => hashes.some((hash) => wanted.has(hash))
    return this.#bundles.values().filter(holds).toArray()
  }

  /** What was filed stays in the filter until that is full. */
  #remember(bundle: Bundle): void {
    const isFull = this.#keys.isFull
    if (isFull) this.#keys = new KeyFilter(keysRemembered)
    for (const { hashes } of isFull ? this.#bundles.values() : [bundle]) {
      for (const hash of hashes) this.#keys.add(hash)
    }
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
      if (isQuiet) this.#fileRows([bundle])
      this.#fileLater(isQuiet ? 0 : quietMs)
    } catch {
      // The disk refuses now. What is here stays here, and is durable.
      this.#fileLater(1_000)
    }
  }

  /** Nobody waits for the disk here: a power cut takes a whole commit back, and its rows are filed again. */
  #fileRows(bundles: readonly Bundle[]): void {
    const db = this.#db
    for (let from = 0; from < bundles.length; from += filedAtOnce) {
      const some = bundles.slice(from, from + filedAtOnce)
      db.pragma('synchronous = NORMAL')
      try {
        db.transaction(() => {
          for (const { seq } of some) this.#fileRow(seq)
        })()
      } finally {
        db.pragma('synchronous = FULL')
      }
      for (const bundle of some) this.#forget(bundle)
    }
  }

  #fileRow(seq: number): void {
    const row = this.#load.get(seq)
    for (const args of row === undefined ? [] : acceptsIn(row)) this.#file.insert(args, hashOf(args[0]))
    this.#remove.run(seq)
  }

  #forget(bundle: Bundle): void {
    this.#bundles.delete(bundle.seq)
    this.#left.delete(bundle)
    for (const moment of bundle.moments) {
      const others = this.#moments.get(moment)?.filter((each) => each !== bundle) ?? []
      if (others.length > 0) this.#moments.set(moment, others)
      else this.#moments.delete(moment)
    }
    this.#count -= bundle.count
  }
}

interface IntakeRow {
  readonly heads_bytes: number | null
  readonly heads: string | null
  readonly calls: Uint8Array
}

function first(bundles: Iterable<Bundle>): readonly Bundle[] {
  const some: Bundle[] = []
  let events = 0
  for (const bundle of bundles) {
    if (events >= filedForListMax) break
    some.push(bundle)
    events += bundle.count
  }
  return some
}

/** Events of one commit are much alike: a row of some pages becomes one of a few, which are written twice. */
const compression = (bytes: number) => ({
  params: { [constants.ZSTD_c_compressionLevel]: 1 },
  pledgedSrcSize: bytes,
})

function acceptsIn({ heads_bytes, heads, calls }: IntakeRow): readonly AcceptArgs[] {
  if (heads_bytes !== null) return readBundled(zstdDecompressSync(calls), heads_bytes)
  if (heads === null) return readFormer(calls)
  const text = Buffer.from(heads)
  return readBundled(Buffer.concat([text, calls]), text.length)
}
