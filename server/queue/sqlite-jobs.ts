import Database from 'better-sqlite3'
import { rmSync } from 'node:fs'

/** A job as it is kept. `thrown`: how often in a row its handler gave no verdict. */
export interface JobRow {
  readonly key: string
  readonly lane: string
  readonly dueAt: number
  readonly thrown: number
}

/** The table of jobs: every method is one statement. Those that write are called within `commit`. */
export interface Jobs {
  has(key: string): boolean
  /** A key that is there already keeps the earlier of the two times. */
  add(job: JobRow): void
  move(job: Omit<JobRow, 'lane'>): void
  remove(key: string): void
  /** Runs the writes in one transaction. */
  commit(writes: () => void): void
  /** The jobs of a lane that are due, longest due first. */
  due(lane: string, now: number, limit: number): readonly JobRow[]
  /** The lanes of the jobs that came due after one moment and not after another. */
  lanesDue(after: number, until: number): readonly string[]
  /** When the first job after a moment is due. */
  nextDue(after: number): number | undefined
  counts(now: number): { readonly all: number; readonly later: number }
  close(): void
}

/** Grows with the table below; a file of another version is thrown away, as all that it says is in the store too. */
const version = 1
/** Another program that looks into the file may hold it for a moment. */
const busyTimeoutMs = 1_000
const cacheKiB = 4_096

/**
 * Opens the file of a queue. A file that is damaged, is not a queue or is of another version is thrown away and made
 * anew, which delays work until the next sweep and loses none; `onTrouble` is told why.
 */
export function openJobs(path: string, onTrouble: (reason: string) => void): Jobs {
  try {
    return openFile(path)
  } catch (error) {
    if (!(error instanceof Error) || !isUseless(error)) throw error
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true })
    onTrouble(`${path} could not be used (${error.message}) and was made anew`)
    return openFile(path)
  }
}

class NotAQueue extends Error {}

const isUseless = (error: Error): boolean =>
  error instanceof NotAQueue ||
  (error instanceof Database.SqliteError && /^SQLITE_(NOTADB|CORRUPT|ERROR)/.test(error.code))

function openFile(path: string): Jobs {
  const db = new Database(path, { timeout: busyTimeoutMs })
  try {
    db.pragma('journal_mode = WAL')
    // The queue is a hint and the store the truth: a process that is killed loses nothing here, and a power cut only what
    // the next sweep adds again. So no commit waits for the disk.
    db.pragma('synchronous = NORMAL')
    db.pragma(`cache_size = -${cacheKiB}`)
    if (db.pragma('quick_check(1)', { simple: true }) !== 'ok') throw new NotAQueue('its pages are damaged')
    const found = Number(db.pragma('user_version', { simple: true }))
    if (found !== 0 && found !== version)
      throw new NotAQueue(`its version is ${found}, this program knows ${version}`)
    db.exec(`
      CREATE TABLE IF NOT EXISTS jobs (
        key TEXT PRIMARY KEY NOT NULL, lane TEXT NOT NULL, due_at INTEGER NOT NULL, thrown INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      -- What came due since the last look, and when to look next.
      CREATE INDEX IF NOT EXISTS jobs_by_time ON jobs (due_at, lane);
      -- The next jobs of one lane.
      CREATE INDEX IF NOT EXISTS jobs_by_lane ON jobs (lane, due_at);
      PRAGMA user_version = ${version}`)
    return jobsIn(db)
  } catch (error) {
    db.close()
    throw error
  }
}

function jobsIn(db: Database.Database): Jobs {
  const has = db.prepare<[string]>('SELECT 1 FROM jobs WHERE key = ?')
  const last = db.prepare<[], string | null>('SELECT max(key) FROM jobs').pluck()
  // Each job that comes is looked for, and hardly ever there: ids grow with time. Undefined = nobody has looked since a row went.
  let greatest: string | undefined
  const add = db.prepare<
    [string, string, number, number]
  >(`INSERT INTO jobs (key, lane, due_at, thrown) VALUES (?, ?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET due_at = min(due_at, excluded.due_at)`)
  const move = db.prepare<[number, number, string]>('UPDATE jobs SET due_at = ?, thrown = ? WHERE key = ?')
  const remove = db.prepare<[string]>('DELETE FROM jobs WHERE key = ?')
  const due = db.prepare<[string, number, number], JobRow>(
    `SELECT key, lane, due_at AS dueAt, thrown FROM jobs WHERE lane = ? AND due_at <= ? ORDER BY due_at, key LIMIT ?`,
  )
  const lanesDue = db.prepare<[number, number], { readonly lane: string }>(
    'SELECT DISTINCT lane FROM jobs INDEXED BY jobs_by_time WHERE due_at > ? AND due_at <= ?',
  )
  const nextDue = db.prepare<[number], { readonly at: number | null }>(
    'SELECT min(due_at) AS at FROM jobs WHERE due_at > ?',
  )
  const counts = db.prepare<[number], { readonly all: number; readonly later: number }>(
    'SELECT count(*) AS "all", count(*) FILTER (WHERE due_at > ?) AS later FROM jobs',
  )
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  return {
    has(key) {
      greatest ??= last.get() ?? ''
      return key <= greatest && has.get(key) !== undefined
    },
    add({ key, lane, dueAt, thrown }) {
      add.run(key, lane, dueAt, thrown)
      if (greatest !== undefined && key > greatest) greatest = key
    },
    move: ({ key, dueAt, thrown }) => move.run(dueAt, thrown, key),
    remove(key) {
      remove.run(key)
      greatest = undefined
    },
    commit(writes) {
      begin.run()
      try {
        writes()
        commit.run()
      } catch (error) {
        if (db.inTransaction) db.exec('ROLLBACK')
        throw error
      }
    },
    due: (lane, now, limit) => due.all(lane, now, limit),
    lanesDue: (after, until) => lanesDue.all(after, until).map(({ lane }) => lane),
    nextDue: (after) => nextDue.get(after)?.at ?? undefined,
    counts: (now) => counts.get(now) ?? { all: 0, later: 0 },
    close: () => db.close(),
  }
}
