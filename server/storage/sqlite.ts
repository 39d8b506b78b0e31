/**
 * The embedded store: one SQLite file in the data dir, one process. Reads are made at once on the event loop (they are
 * index look-ups, microseconds); writes go through the `Committer`; the log is copied back as they go.
 */
import { openBalance } from './sqlite-balance.ts'
import { keepLogShort } from './sqlite-checkpoint.ts'
import { Committer } from './sqlite-commit.ts'
import { openDatabase } from './sqlite-database.ts'
import { eventStore } from './sqlite-events.ts'
import { openJournal } from './sqlite-journal.ts'
import { openPurge } from './sqlite-purge.ts'
import { rejectionStore } from './sqlite-rejections.ts'
import { runInserter, runStore } from './sqlite-runs.ts'
import { secretStore, settingStore, workerStore } from './sqlite-settings.ts'
import { workflowStore } from './sqlite-workflows.ts'
import type { Storage } from './storage.ts'

/**
 * Opens the store in a file, which is made when it is not there. The caller holds the data dir's lock (`lock.ts`): all
 * workers in the file are taken for dead, so their runs can be claimed at once. Throws `StorageDamaged`.
 */
export async function openSqliteStorage(path: string): Promise<Storage> {
  const db = openDatabase(path)
  const log = keepLogShort(db)
  const committer = new Committer(db, log)
  const journal = openJournal(db)
  const insertRun = runInserter(db)
  const purge = openPurge(db, committer, journal)
  const balance = openBalance(db)

  // Nobody waits for what a deleted workflow left behind; what fails now is done at the next opening.
  const purging = Promise.allSettled([purge.finish()])

  return {
    workflows: workflowStore(db, committer, (id) => purge.purge(id)),
    events: eventStore(db, committer, insertRun),
    rejections: rejectionStore(db, committer),
    runs: runStore(db, committer, journal, insertRun),
    secrets: secretStore(db, committer),
    workers: workerStore(db, committer),
    settings: settingStore(db, committer),
    balance: () => committer.read(balance),
    async close() {
      committer.close()
      await purging
      log.close()
      db.close()
    },
  }
}
