/**
 * The rows of many processes: `npm run bench -- scale`, or `scale-whole`, `scale-workers`, `scale-waiting` of them. The store is
 * what `test/support/mongodb.ts` finds; where that is FerretDB on SQLite, the figures are those of FerretDB, and the row says so.
 */
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { openBullQueue } from '../../server/queue/bull.ts'
import { type Fleet, startFleet } from '../support/fleet.ts'
import { sendAll } from '../support/load.ts'
import { isMongoItself } from '../support/mongodb.ts'
import { type Receiver, openReceiver } from '../support/receiver.ts'
import { type RunningServer, eventually, removeDataDir, startServer } from '../support/server.ts'
import { githubSecret, publish, pushGraph } from '../support/workflows.ts'
import { plantWaiting, queueWaiting } from './waiting.ts'

export interface Row {
  readonly name: string
  readonly figure: string
  readonly bar: string
  readonly reached: boolean
}

const store = isMongoItself ? 'MongoDB' : 'FerretDB on SQLite, not MongoDB'

const eventsUsual = 1_000

/**
 * Runs per second from the first request at the door to the last at the target. The store is asked for its balance only
 * afterwards: what it costs to count there would be measured too.
 */
async function wholeWay(
  web: RunningServer,
  { url, requests }: Receiver,
  events = eventsUsual,
): Promise<number> {
  const { path } = await publish(web, pushGraph(url))
  const { accepted } = await web.api('GET', '/api/balance')
  const before = requests.length
  const from = performance.now()
  await send(web, path, { from: accepted, count: events, connections: 32 })
  await eventually(
    () => requests.length,
    (count) => count >= before + events,
    300_000,
  )
  const perSecond = (events * 1_000) / (performance.now() - from)
  const drained = ({ pending }: { pending: number }) => pending === 0
  await eventually(() => web.api('GET', '/api/balance'), drained, 300_000)
  return perSecond
}

const send = (
  web: RunningServer,
  path: string,
  plan: { readonly from: number; readonly count: number; readonly connections: number },
) => sendAll({ url: () => `${web.url}${path}`, secret: githubSecret, ...plan })

/** What BullMQ alone does with as many jobs: added one by one, as webhooks come, and taken. */
async function plainBull(url: string): Promise<number> {
  const connection = new Redis(url, { maxRetriesPerRequest: null })
  const queue = new Queue('plain', { connection })
  const done = Promise.withResolvers<void>()
  let count = 0
  const taking = new Worker(
    'plain',
    async () => {
      if (++count === eventsUsual) done.resolve()
    },
    { connection, concurrency: 200, removeOnComplete: { count: 0 } },
  )
  const from = performance.now()
  await Promise.all(Array.from({ length: eventsUsual }, (_, n) => queue.add('job', { n })))
  await done.promise
  const perSecond = (eventsUsual * 1_000) / (performance.now() - from)
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

async function whole(): Promise<readonly Row[]> {
  const receiver = await openReceiver()
  const alone = await startServer()
  const embedded = await wholeWay(alone, receiver)
  await alone.stop()
  await removeDataDir(alone.dataDir)
  const [scaled, bull] = await withFleet(1, async (fleet) => [
    await wholeWay(fleet.web, receiver),
    await plainBull(fleet.redis.url),
  ])
  await receiver.close()
  return [
    {
      name: `Whole way, 1 web + 1 worker (${store})`,
      figure: `${(scaled / embedded).toFixed(2)} × (${scaled.toFixed(0)} of ${embedded.toFixed(0)} runs/s; BullMQ alone ${bull.toFixed(0)} jobs/s)`,
      bar: '≥ 0.5 × embedded',
      reached: scaled >= 0.5 * embedded,
    },
  ]
}

async function workers(): Promise<readonly Row[]> {
  const slow = await openReceiver({ behaviour: { kind: 'answer', body: '{"ok":true}', delayMs: 200 } })
  // So few hands that the target is what they wait for, and not the store.
  const few = 2
  const events = 600
  const one = await withFleet(1, (fleet) => wholeWay(fleet.web, slow, events), few)
  const two = await withFleet(2, (fleet) => wholeWay(fleet.web, slow, events), few)
  await slow.close()
  return [
    {
      name: `Two workers against one, a target that takes 200 ms (${store})`,
      figure: `${(two / one).toFixed(2)} × (${one.toFixed(0)} and ${two.toFixed(0)} runs/s)`,
      bar: '≥ 1.8 ×',
      reached: two >= 1.8 * one,
    },
  ]
}

interface Beside {
  /** Milliseconds of one acceptance, and of one page of a list. */
  readonly acceptMs: number
  readonly listMs: number
  readonly bytesPerRun: number
}

/**
 * What it takes to accept and to list while so many runs wait for tomorrow: in Redis, and in the store where that is MongoDB.
 * FerretDB on SQLite reads all documents for a page of some (2 s of 10,000): with it, only what Redis does to it is seen.
 */
const beside = (count: number) =>
  withFleet(0, async (fleet): Promise<Beside> => {
    const memory = async () => Number(/used_memory:(\d+)/.exec(await fleet.redis.ask('INFO', 'memory'))?.[1])
    const receiver = await openReceiver()
    const { id, path } = await publish(fleet.web, pushGraph(receiver.url))
    if (isMongoItself) await plantWaiting(fleet.environment.HOOKLOOM_MONGODB_URL, id, count)
    const before = await memory()
    const queue = await openBullQueue({ url: fleet.redis.url })
    await queueWaiting(queue, id, count)
    const bytesPerRun = ((await memory()) - before) / count

    await send(fleet.web, path, { from: 0, count: 100, connections: 8 })
    const accepting = performance.now()
    await send(fleet.web, path, { from: 100, count: 600, connections: 8 })
    const acceptMs = (performance.now() - accepting) / 600
    const listing = performance.now()
    for (let round = 0; round < 20; round += 1) {
      await fleet.web.api('GET', '/api/runs?state=waiting&limit=50')
      await fleet.web.api('GET', `/api/runs?workflowId=${id}&limit=50`)
      await fleet.web.api('GET', '/api/events?limit=50')
    }
    const listMs = (performance.now() - listing) / 60
    const { waiting } = await queue.counts()
    if (waiting < count) throw new Error(`only ${waiting} of ${count} wait`)
    await queue.close()
    await receiver.close()
    return { acceptMs, listMs, bytesPerRun }
  })

async function waiting(): Promise<readonly Row[]> {
  const few = await beside(100)
  const many = await beside(100_000)
  const where = isMongoItself ? store : `in Redis; ${store}`
  const row = (name: string, least: number, most: number): Row => ({
    name: `${name} while 100,000 runs wait, against 100 (${where})`,
    figure: `${(most / least).toFixed(2)} × (${most.toFixed(1)} and ${least.toFixed(1)} ms)`,
    bar: '≤ 1.3 ×',
    reached: most <= 1.3 * least,
  })
  return [
    row('Accepting, 8 callers at once,', few.acceptMs, many.acceptMs),
    row('A page of a list', few.listMs, many.listMs),
    {
      name: 'Redis memory per waiting run, of 100,000',
      figure: `${many.bytesPerRun.toFixed(0)} bytes`,
      bar: '≤ 2048 bytes',
      reached: many.bytesPerRun <= 2_048,
    },
  ]
}

export const scaleBenches = { 'scale-whole': whole, 'scale-workers': workers, 'scale-waiting': waiting }
