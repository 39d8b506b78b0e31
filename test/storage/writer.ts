/** A process that works on runs as fast as it can and prints, after each write was acknowledged, what is true now. */
import { writeSync } from 'node:fs'
import { openStorage } from '../../server/storage/open.ts'
import { accepted, aStep, certain, noon, stored, workerId } from '../contract/storage/world.ts'

const [, , dataDir = ''] = process.argv
const storage = await openStorage({ dataDir })
const workflow = await stored(storage)
const worker = workerId()
await storage.workers.beat(worker)

const work = async (): Promise<never> => {
  for (;;) {
    const { run } = await accepted(storage, workflow)
    writeSync(1, `accepted ${run.id}\n`)
    const { fence } = certain(await storage.runs.claim(run.id, worker, noon))
    await storage.runs.record(run.id, fence, { steps: [aStep()] })
    writeSync(1, `recorded ${run.id}\n`)
  }
}
await Promise.all(Array.from({ length: 16 }, work))
