import type Database from 'better-sqlite3'
import { openBalance } from './sqlite-balance.ts'
import { eventCalls, openAccept, openEventFile } from './sqlite-events.ts'
import { Intake } from './sqlite-intake.ts'
import { openFiledKeys } from './sqlite-keys.ts'
import { openJournal } from './sqlite-journal.ts'
import { purgeCalls } from './sqlite-purge.ts'
import { rejectionCalls } from './sqlite-rejections.ts'
import { runCalls, runInserter } from './sqlite-runs.ts'
import { settingCalls } from './sqlite-settings.ts'
import { workflowCalls } from './sqlite-workflows.ts'

/** What the store's thread can be asked, by name: `reads` of what is committed, `writes` within a commit. */
export function openCalls(db: Database.Database) {
  const journal = openJournal(db)
  const insertRun = runInserter(db)
  const workflows = workflowCalls(db)
  const keys = openFiledKeys(db)
  const file = openEventFile(db, keys, insertRun)
  const intake = new Intake(db, file)
  const events = eventCalls(db)
  const rejections = rejectionCalls(db)
  const runs = runCalls(db, journal, insertRun, intake)
  const settings = settingCalls(db)
  const purge = purgeCalls(db, journal)
  return {
    intake,
    keys,
    accept: openAccept(db, file),
    reads: {
      ...workflows.reads,
      ...events.reads,
      ...rejections.reads,
      ...runs.reads,
      ...settings.reads,
      ...purge.reads,
      balance: openBalance(db, intake),
      /** All there are up to its last; of those that came in this process and are not filed, its queue knows. */
      unfinished(page: Parameters<typeof runs.reads.unfinished>[0]) {
        for (;;) {
          const found = runs.reads.unfinished(page)
          const isWhole = found.length === page.limit
          if (!intake.revealLeft(isWhole ? found.at(-1)?.id : undefined)) return found
        }
      },
      /** For whoever reads all there is. */
      fileAll: () => intake.revealAll(),
    },
    writes: {
      ...workflows.writes,
      ...events.writes,
      ...rejections.writes,
      ...runs.writes,
      ...settings.writes,
      ...purge.writes,
    },
  }
}

/** The same, as types for who asks: that side never loads the driver. */
export type Calls = Pick<ReturnType<typeof openCalls>, 'reads' | 'writes'>
export type Kind = keyof Calls
