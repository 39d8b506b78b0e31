import Database from 'better-sqlite3'
import { mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** The data dir cannot be had. `message` is one line that says why and what to do. */
export class DataDirUnavailable extends Error {
  override readonly name = 'DataDirUnavailable'
}

export interface DataDirLock {
  release(): void
}

/** A server that was just killed or replaced needs a moment to let go. */
const waitMsDefault = 5_000
const askEveryMs = 50

/**
 * Takes the data dir for this process; makes it (readable by its owner only) when it is not there.
 *
 * The lock is the kernel's, on the file `hookloom.lock`, taken through SQLite since Node has no call for it: it goes with
 * the process, however that ends, and no stale file can keep a server from starting. Waits up to five seconds without
 * holding the event loop. Throws `DataDirUnavailable`.
 */
export async function lockDataDir(dataDir: string, waitMs = waitMsDefault): Promise<DataDirLock> {
  const path = join(dataDir, 'hookloom.lock')
  const deadline = performance.now() + waitMs
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    for (;;) {
      const lock = take(path)
      if (lock !== undefined) return lock
      if (performance.now() >= deadline) break
      await wait(askEveryMs)
    }
  } catch (error) {
    throw new DataDirUnavailable(explained(error, dataDir), { cause: error })
  }
  const holder = await holderOf(path)
  throw new DataDirUnavailable(
    `the data dir ${dataDir} is in use by ${holder}: stop that server (one data dir, one server), ` +
      'or set HOOKLOOM_DATA_DIR to another folder',
  )
}

function take(path: string): DataDirLock | undefined {
  const db = new Database(path, { timeout: 0 })
  try {
    db.pragma('journal_mode = MEMORY')
    db.exec('BEGIN EXCLUSIVE')
    return { release: () => db.close() }
  } catch (error) {
    db.close()
    if (codeOf(error).startsWith('SQLITE_BUSY')) return undefined
    throw error
  }
}

/** Linux lists who holds which lock on which file (`/proc/locks`: … pid device:device:inode …); elsewhere nobody knows. */
async function holderOf(path: string): Promise<string> {
  const unknown = 'another process (probably a Hookloom server that still runs)'
  try {
    const { ino } = await stat(path)
    const locks = await readFile('/proc/locks', 'utf8')
    const pid = new RegExp(`WRITE (\\d+) [0-9a-f]+:[0-9a-f]+:${ino} `).exec(locks)?.[1]
    return pid === undefined ? unknown : `process ${pid} (probably a Hookloom server that still runs)`
  } catch {
    return unknown
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

function explained(error: unknown, dataDir: string): string {
  const code = codeOf(error)
  const found = error instanceof Error ? error.message : String(error)
  const advice = advices.find(({ codes }) => codes.some((start) => code.startsWith(start)))?.advice
  return `the data dir ${dataDir} cannot be used (${code}: ${found}): ${advice ?? 'check the folder, or set HOOKLOOM_DATA_DIR'}`
}

const advices = [
  { codes: ['ENOSPC', 'EDQUOT', 'SQLITE_FULL'], advice: 'its disk is full; free some space' },
  {
    codes: ['EACCES', 'EPERM', 'EROFS', 'SQLITE_READONLY', 'SQLITE_CANTOPEN'],
    advice: 'it must be a folder that this user may write to; change its rights, or set HOOKLOOM_DATA_DIR',
  },
  {
    codes: ['EEXIST', 'ENOTDIR'],
    advice: 'there is a file where the folder should be; move it away, or set HOOKLOOM_DATA_DIR',
  },
  {
    codes: ['SQLITE_NOTADB', 'SQLITE_CORRUPT'],
    advice: 'its file hookloom.lock holds nothing; delete that file',
  },
] as const
