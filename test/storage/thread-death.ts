/** A process whose store loses its thread while something is asked of it. */
import type { Worker } from 'node:worker_threads'
import { openStorage } from '../../server/storage/open.ts'
import { accepted, stored } from '../contract/storage/world.ts'

const [, , dataDir = ''] = process.argv
const threads: Worker[] = []
process.on('worker', (thread) => threads.push(thread))

const storage = await openStorage({ dataDir })
const workflow = await stored(storage)
await accepted(storage, workflow)
process.stdout.write('stored\n')
void accepted(storage, workflow)
for (const thread of threads) void thread.terminate()
setTimeout(() => process.stdout.write('it lives on\n'), 2_000)
