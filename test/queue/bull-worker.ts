/** A process that takes jobs from the queue and keeps each in hand for ever. Prints the key of each. */
import { openBullQueue } from '../../server/queue/bull.ts'

const [, , url = '', prefix = ''] = process.argv
const queue = await openBullQueue({ url, prefix })
queue.work(
  ({ key }) => {
    process.stdout.write(`${key}\n`)
    return new Promise(() => {})
  },
  { concurrency: 8, laneConcurrency: 8 },
)
