import type Database from 'better-sqlite3'
import { Worker } from 'node:worker_threads'
import type { Brake } from './sqlite-commit.ts'

/** Pages of 4 KiB that wait in the WAL before a thread copies them back: 8 MiB. */
const copyAfterPages = 2_048
/** What this thread finishes itself after the copying thread: a few milliseconds. */
const restPagesMax = 512
/** Rounds of copying in which the rest may shrink under load, before this thread finishes it whatever its size. */
const roundsMax = 4
/** Commits wait when the WAL is this long (48 MiB), until it has been copied: a disk that is too slow slows its callers. */
const holdAtPages = 12_288
/** After this time without a commit the thread is ended, the rest copied and the WAL file emptied. */
const idleMs = 5_000
/** A copying thread needs its code and little else; without a limit V8 reserves for a whole program. */
const threadMemoryMb = 16

/**
 * Copies the write-ahead log back into the database file, on a thread of its own, so that nobody's webhook waits for it.
 *
 * A log that is only ever copied beside its writer is never at its end, and so never starts again at its beginning: under
 * steady load it would grow for ever. So the thread copies the bulk, and the writer itself, between two commits, the few
 * pages that came meanwhile; its next commit then starts the log anew.
 *
 *   commit … commit ─(8 MiB)─► thread copies ─► rest small? ─yes─► writer copies the rest ─► the log starts anew
 *                                    ▲            └─ no, ask again ─┘
 */
export class Checkpointer implements Brake {
  readonly #db: Database.Database
  readonly #look: Database.Statement<[], { readonly log: number; readonly checkpointed: number }>
  readonly #finish: Database.Statement
  #thread: Worker | undefined
  #copying: PromiseWithResolvers<void> | undefined
  #rounds = 0
  #idle: NodeJS.Timeout | undefined

  constructor(db: Database.Database) {
    this.#db = db
    db.pragma('wal_autocheckpoint = 0')
    this.#look = db.prepare('PRAGMA wal_checkpoint(NOOP)')
    this.#finish = db.prepare('PRAGMA wal_checkpoint(PASSIVE)')
  }

  committed(): Promise<void> | undefined {
    this.#idle ??= setTimeout(() => this.#rest(), idleMs).unref()
    this.#idle.refresh()
    const { log, waiting } = this.#length()
    if (this.#copying === undefined && waiting >= copyAfterPages) this.#copy()
    return log >= holdAtPages ? this.#copying?.promise : undefined
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle)
    this.#idle = undefined
    await this.#endThread()
  }

  #length(): { readonly log: number; readonly waiting: number } {
    const { log, checkpointed } = this.#look.get() ?? { log: 0, checkpointed: 0 }
    return { log, waiting: log - checkpointed }
  }

  #copy(): void {
    this.#copying = Promise.withResolvers()
    this.#rounds = 0
    this.#thread ??= this.#startThread()
    this.#ask()
  }

  #ask(): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#thread?.postMessage('copy')
  }

  #startThread(): Worker {
    const thread = new Worker(new URL('./sqlite-checkpoint-thread.ts', import.meta.url), {
      workerData: this.#db.name,
      resourceLimits: { maxOldGenerationSizeMb: threadMemoryMb, maxYoungGenerationSizeMb: 2 },
    })
    thread.unref()
    thread.on('message', () => this.#copied())
    // A thread that dies (no memory, a disk that refuses) costs time, not safety: this one copies, and reports by its own
    // next commit what the disk says. The next long log starts another.
    thread.on('error', () => this.#copiedHere())
    thread.on('exit', () => this.#copiedHere())
    return thread
  }

  #copied(): void {
    this.#rounds += 1
    if (this.#length().waiting <= restPagesMax || this.#rounds >= roundsMax) this.#copyHere()
    else this.#ask()
  }

  #copiedHere(): void {
    this.#thread = undefined
    if (this.#copying !== undefined) this.#copyHere()
  }

  #copyHere(): void {
    try {
      if (this.#db.open) this.#finish.run()
    } catch {
      // The log stays as it is, which loses nothing; `committed` asks again.
    }
    this.#copying?.resolve()
    this.#copying = undefined
  }

  #rest(): void {
    this.#idle = undefined
    if (this.#copying !== undefined) return
    void this.#endThread()
    try {
      if (this.#db.open) this.#db.pragma('wal_checkpoint(TRUNCATE)')
    } catch {
      // The file keeps its length until the next rest.
    }
  }

  async #endThread(): Promise<void> {
    const thread = this.#thread
    this.#thread = undefined
    await thread?.terminate()
  }
}
