/**
 * The rows of many processes: `npm run bench -- scale`. The store is what `test/support/mongodb.ts` finds; where that is FerretDB
 * on SQLite, the figures are those of FerretDB, and the row says so.
 */
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { openBullQueue } from '../../server/queue/bull.ts'
import { type Fleet, startFleet } from '../support/fleet.ts'
import { sendAll } from '../support/load.ts'
import { isMongoItself } from '../support/mongodb.ts'
import { openReceiver } from '../support/receiver.ts'
import { startRedis } from '../support/redis.ts'
import { type RunningServer, eventually, removeDataDir, startServer } from '../support/server.ts'
import { githubSecret, publish, pushGraph } from '../support/workflows.ts'

export interface Row {
  readonly name: string
  readonly figure: string
  readonly bar: string
  readonly reached: boolean
}

const store = isMongoItself ? 'MongoDB' : 'FerretDB on SQLite, not MongoDB'
const events = 1_000

/** Runs per second from the first request to the last recorded end. */
async function wholeWay(web: RunningServer, target: string): Promise<number> {
  const { path } = await publish(web, pushGraph(target))
  const from = performance.now()
  const { accepted } = await web.api('GET', '/api/balance')
  await sendAll({
    url: () => `${web.url}${path}`,
    secret: githubSecret,
    from: accepted,
    count: events,
    connections: 32,
  })
  const drained = ({ pending }: { pending: number }) => pending === 0
  await eventually(() => web.api('GET', '/api/balance'), drained, 300_000)
  return (events * 1_000) / (performance.now() - from)
}

/** What BullMQ alone does with as many jobs: added one by one, as webhooks come, and taken. */
async function plainBull(url: string): Promise<number> {
  const connection = new Redis(url, { maxRetriesPerRequest: null })
  const queue = new Queue('plain', { connection })
  const done = Promise.withResolvers<void>()
  let count = 0
  const taking = new Worker(
    'plain',
    async () => {
      if (++count === events) done.resolve()
    },
    { connection, concurrency: 200, removeOnComplete: { count: 0 } },
  )
  const from = performance.now()
  await Promise.all(Array.from({ length: events }, (_, n) => queue.add('job', { n })))
  await done.promise
  const perSecond = (events * 1_000) / (performance.now() - from)
  await taking.close()
  await queue.close()
  connection.disconnect()
  return perSecond
}

async function withFleet<T>(
  workers: number,
  use: (fleet: Fleet) => Promise<T>,
  concurrency = 200,
): Promise<T> {
  const fleet = await startFleet({ workers, environment: { HOOKLOOM_CONCURRENCY: String(concurrency) } })
  try {
    return await use(fleet)
  } finally {
    await fleet.close()
  }
}

export async function scale(): Promise<readonly Row[]> {
  const quick = await openReceiver()
  const alone = await startServer()
  const embedded = await wholeWay(alone, quick.url)
  await alone.stop()
  await removeDataDir(alone.dataDir)
  const [scaled, bull] = await withFleet(1, async (fleet) => [
    await wholeWay(fleet.web, quick.url),
    await plainBull(fleet.redis.url),
  ])
  await quick.close()

  const slow = await openReceiver({ behaviour: { kind: 'answer', body: '{"ok":true}', delayMs: 200 } })
  const few = 8
  const one = await withFleet(1, (fleet) => wholeWay(fleet.web, slow.url), few)
  const two = await withFleet(2, (fleet) => wholeWay(fleet.web, slow.url), few)
  await slow.close()

  const bytes = await bytesPerWaiting()
  return [
    {
      name: `Whole way, 1 web + 1 worker (${store})`,
      figure: `${(scaled / embedded).toFixed(2)} × (${scaled.toFixed(0)} of ${embedded.toFixed(0)} runs/s; BullMQ alone ${bull.toFixed(0)} jobs/s)`,
      bar: '≥ 0.5 × embedded',
      reached: scaled >= 0.5 * embedded,
    },
    {
      name: `Two workers against one, a target that takes 200 ms (${store})`,
      figure: `${(two / one).toFixed(2)} × (${one.toFixed(0)} and ${two.toFixed(0)} runs/s)`,
      bar: '≥ 1.8 ×',
      reached: two >= 1.8 * one,
    },
    {
      name: 'Redis memory per waiting run, of 100,000',
      figure: `${bytes.toFixed(0)} bytes`,
      bar: '≤ 2048 bytes',
      reached: bytes <= 2_048,
    },
  ]
}

async function bytesPerWaiting(): Promise<number> {
  const redis = await startRedis()
  const queue = await openBullQueue({ url: redis.url })
  const used = async () => Number(/used_memory:(\d+)/.exec(await redis.ask<string>('INFO', 'memory'))?.[1])
  const before = await used()
  const count = 100_000
  const id = (n: number) => `run_01jd${String(n).padStart(22, '0')}`
  const jobs = Array.from({ length: count }, (_, n) => ({ key: id(n), lane: 'wf_01jd', dueAt: 9e12 + n }))
  for (let at = 0; at < count; at += 500) await queue.add(jobs.slice(at, at + 500))
  const bytes = ((await used()) - before) / count
  await queue.close()
  await redis.close()
  return bytes
}
