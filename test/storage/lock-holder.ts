/** A process that takes a data dir, says so (or why not), and stays. */
import { lockDataDir } from '../../server/storage/lock.ts'

const [, , dataDir = '', waitMs = '5000'] = process.argv
try {
  await lockDataDir(dataDir, Number(waitMs))
  process.stdout.write('locked\n')
  setInterval(() => {}, 60_000)
} catch (error) {
  process.stdout.write(`${String(error)}\n`)
}
