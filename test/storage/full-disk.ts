/**
 * A process whose files may not grow for a while, as on a full disk: the kernel's limit on the size of a file, set from
 * outside by `prlimit`, needs neither root nor a disk of its own. Prints what became of each write.
 */
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { openStorage } from '../../server/storage/open.ts'
import { accepted, stored } from '../contract/storage/world.ts'

const [, , dataDir = ''] = process.argv
const limit = (bytes: number | 'unlimited') =>
  spawnSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`])

// The kernel's first answer to a write beyond the limit is a signal that ends the process, unless it is handled.
process.on('SIGXFSZ', () => {})

const storage = await openStorage({ dataDir })
const workflow = await stored(storage)
const tellAll = async (writes: number) => {
  const outcomes = await Promise.allSettled(Array.from({ length: writes }, () => accepted(storage, workflow)))
  const told = outcomes.map((outcome) =>
    outcome.status === 'fulfilled'
      ? 'stored'
      : String(outcome.reason instanceof Error && outcome.reason.name),
  )
  const { accepted: count, pending } = await storage.balance()
  process.stdout.write(`${JSON.stringify({ told: [...new Set(told)], accepted: count, pending })}\n`)
}
await tellAll(10)
limit(statSync(join(dataDir, 'hookloom.db-wal')).size)
await tellAll(20)
await tellAll(1)
limit('unlimited')
await tellAll(5)
await storage.close()
