import Database from 'better-sqlite3'
import { StorageDamaged } from './sqlite-errors.ts'
import { migrations } from './sqlite-schema.ts'

/** Marks a file as ours (`PRAGMA application_id`): "Hook" in ASCII. */
const applicationId = 0x486f6f6b
const syncFull = 2
/** Another program that reads the file (a backup, a shell) may hold it for a moment. */
const busyTimeoutMs = 2_000
/** Enough for the upper pages of every index at a million runs; memory counts on a small machine. */
const cacheKiB = 16_384
/** What a burst leaves of the WAL file once it is copied back. */
const walBytesKept = 16 * 1024 * 1024

/**
 * Opens the file, brings its tables up to date and makes the connection durable: WAL with `synchronous=FULL`, which is
 * what makes a commit survive a power cut (measured: NORMAL lost up to 29 acknowledged rows per cut, FULL none).
 * Throws `StorageDamaged` when the file is damaged, is not a store, or is newer than this program.
 */
export function openDatabase(path: string): Database.Database {
  let db: Database.Database | undefined
  try {
    db = new Database(path, { timeout: busyTimeoutMs })
    checkOurs(db, path)
    makeDurable(db)
    migrate(db, path)
    forgetWorkers(db)
    checkDurable(db)
    return db
  } catch (error) {
    db?.close()
    throw error instanceof Database.SqliteError ? explained(error, path) : error
  }
}

/** `synchronous` belongs to a connection and is not kept in the file. */
function makeDurable(db: Database.Database): void {
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = OFF')
  db.pragma(`cache_size = -${cacheKiB}`)
  db.pragma(`journal_size_limit = ${walBytesKept}`)
  db.pragma('temp_store = MEMORY')
}

/**
 * Throws when commits on this connection would not survive a power cut. The driver is built to fall to NORMAL in WAL mode
 * when nobody asked for more, at the first use of the file: so ask this after a first write.
 */
export function checkDurable(db: Database.Database): void {
  const found = db.pragma('synchronous', { simple: true })
  if (found === syncFull) return
  throw new StorageDamaged(
    `SQLite commits with synchronous=${String(found)} where ${syncFull} (FULL) was asked for: ` +
      'what it acknowledges would not survive a power cut. Use the better-sqlite3 of package-lock.json.',
  )
}

/**
 * Whoever opens the file holds the data dir's lock, so every worker in it is dead, and its runs can be taken over at once.
 * The version is written again so that there is a write in any case.
 */
function forgetWorkers(db: Database.Database): void {
  db.exec(`BEGIN IMMEDIATE; DELETE FROM workers; PRAGMA user_version = ${migrations.length}; COMMIT`)
}

function checkOurs(db: Database.Database, path: string): void {
  const found = db.pragma('application_id', { simple: true })
  const tables = db.prepare<[], { count: number }>('SELECT count(*) AS count FROM sqlite_schema').get()
  if (found === applicationId || (found === 0 && tables?.count === 0)) return
  throw new StorageDamaged(
    `${path} is a SQLite database, but not one of Hookloom's. ` +
      'Point HOOKLOOM_DATA_DIR at another folder, or move that file away.',
  )
}

function migrate(db: Database.Database, path: string): void {
  const version = Number(db.pragma('user_version', { simple: true }))
  if (version > migrations.length) {
    throw new StorageDamaged(
      `${path} was written by a newer Hookloom (its schema is ${version}, this program knows ${migrations.length}). ` +
        'Start that version again, or restore a backup made before the upgrade.',
    )
  }
  for (const [index, sql] of migrations.entries()) {
    if (index < version) continue
    db.exec(`BEGIN IMMEDIATE; ${sql}; PRAGMA user_version = ${index + 1};
      PRAGMA application_id = ${applicationId}; COMMIT`)
  }
}

function explained(error: { readonly code: string; readonly message: string }, path: string): Error {
  if (error.code === 'SQLITE_NOTADB') {
    return new StorageDamaged(
      `${path} is not a SQLite database. Nothing was changed; move it away or restore a backup.`,
    )
  }
  if (error.code.startsWith('SQLITE_CORRUPT')) {
    return new StorageDamaged(
      `${path} is damaged (${error.message}). Nothing was changed; restore a backup, ` +
        'or save what can be saved with: sqlite3 FILE .recover',
    )
  }
  return new StorageDamaged(
    `${path} cannot be opened (${error.code}: ${error.message}). Free space on the disk and check the rights of its folder.`,
  )
}
