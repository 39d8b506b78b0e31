/** A process that takes in events by the hundred and prints the ids that were acknowledged. */
import { writeSync } from 'node:fs'
import { openStorage } from '../../server/storage/open.ts'
import { anEvent, aRun, stored } from '../contract/storage/world.ts'

const [, , dataDir = ''] = process.argv
const storage = await openStorage({ dataDir })
const workflow = await stored(storage)

for (let from = 0; ; from += 100) {
  const events = Array.from({ length: 100 }, (_, n) => anEvent(workflow, { dedupeKey: `key ${from + n}` }))
  await Promise.all(events.map((event) => storage.events.accept(event, aRun(event))))
  writeSync(1, `${events.map(({ id }) => id).join(' ')}\n`)
}
