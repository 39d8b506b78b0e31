/**
 * The store of many processes: MongoDB by mongoose. It needs no transaction: each promise is kept by one change of one
 * document, or by an intent that is stored first and found by whoever comes next (`mongo-seeds.ts`, `mongo-purge.ts`).
 */
import { openBalance } from './mongo-balance.ts'
import { openChunks } from './mongo-bytes.ts'
import { openMongo } from './mongo-connect.ts'
import { explained } from './mongo-errors.ts'
import { openEvents } from './mongo-events.ts'
import { openPurge } from './mongo-purge.ts'
import { openRejections } from './mongo-rejections.ts'
import { openRuns } from './mongo-runs.ts'
import { openSeeds } from './mongo-seeds.ts'
import { openSecrets, openSettings, openWorkers } from './mongo-settings.ts'
import { openWorkflows } from './mongo-workflows.ts'
import type { Storage } from './storage.ts'

/** How often it is looked for what is left of deleted workflows. */
const purgeEveryMs = 60_000

/** What goes through all that is stored, or removes it, may take so long; what removes or finishes a slice of it, or takes a large body, so long. */
const longMs = 600_000
const slowMs = 60_000

/** Throws an error whose message is one line when the server cannot be used. */
export async function openMongoStorage(url: string): Promise<Storage> {
  const mongo = await openMongo(url)
  const { models } = mongo
  const chunks = openChunks(models)
  const seeds = openSeeds(models)
  const purge = openPurge(models, chunks)
  // What fails now is done at the next look, by this process or another.
  const look = () => void purge.finish(Date.now()).catch(() => undefined)
  const purging = setInterval(look, purgeEveryMs).unref()
  look()
  const books = explained(
    { balance: openBalance(models, seeds, mongo.snapshot), size: mongo.size },
    { balance: longMs },
  )
  return {
    workflows: explained(openWorkflows(models, purge.purge), { delete: longMs }),
    events: explained(openEvents(models, chunks, seeds), { accept: slowMs, forget: slowMs }),
    rejections: explained(openRejections(models), { forget: slowMs }),
    runs: explained(openRuns(models, chunks, seeds), { unfinished: slowMs }),
    secrets: explained(openSecrets(models)),
    workers: explained(openWorkers(models)),
    settings: explained(openSettings(models)),
    balance: books.balance,
    size: books.size,
    async close() {
      clearInterval(purging)
      await mongo.close()
    },
  }
}
