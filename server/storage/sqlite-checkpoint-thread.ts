/** The thread of `sqlite-checkpoint.ts`: on each message it copies the log of one file back, on a connection of its own. */
import Database from 'better-sqlite3'
import { parentPort, workerData } from 'node:worker_threads'
import { checkDurable, makeDurable } from './sqlite-database.ts'

const db = new Database(String(workerData), { fileMustExist: true })
makeDurable(db)
const copy = db.prepare('PRAGMA wal_checkpoint(PASSIVE)')

parentPort?.on('message', () => {
  copy.all()
  checkDurable(db)
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage('copied')
})
