/** A server of several processes for a test: web and workers, on a MongoDB and a Redis of its own. */
import { hasMongo, isOwn, noMongo, startMongo } from './mongodb.ts'
import { hasRedis, noRedis, startRedis } from './redis.ts'
import { type RunningServer, removeDataDir, startServer } from './server.ts'

export const hasFleet = hasMongo && hasRedis
/** For the name of a test that cannot run without. */
export const noFleet = `${noMongo}${noRedis}`
/** A fleet whose store the test may kill. */
export const ownsStore = hasFleet && isOwn

export type Fleet = Awaited<ReturnType<typeof startFleet>>

interface Start {
  readonly port?: number
  /** Environment of this process alone. */
  readonly more?: Readonly<Record<string, string>>
}

export async function startFleet({
  workers = 1,
  environment: more = {},
}: { readonly workers?: number; readonly environment?: Readonly<Record<string, string>> } = {}) {
  const [mongo, redis] = await Promise.all([startMongo(), startRedis()])
  const environment = {
    HOOKLOOM_MONGODB_URL: mongo.url(`hookloom-${process.pid}-${Date.now()}`),
    HOOKLOOM_REDIS_URL: redis.url,
    HOOKLOOM_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    HOOKLOOM_LOG_LEVEL: 'error',
    ...more,
  }
  const start = (role: 'web' | 'worker', { port = 0, more = {} }: Start = {}) =>
    startServer({ port, environment: { ...environment, ...more, HOOKLOOM_ROLE: role } })
  const web = await start('web')
  const running = { web, workers: await Promise.all(Array.from({ length: workers }, () => start('worker'))) }
  const gone: RunningServer[] = []
  return {
    mongo,
    redis,
    environment,
    get web(): RunningServer {
      return running.web
    },
    get workers(): readonly RunningServer[] {
      return running.workers
    },
    start,
    /** `kill -9`, and another on the same port. */
    async replaceWeb() {
      const port = Number(new URL(running.web.url).port)
      await running.web.kill()
      gone.push(running.web)
      running.web = await start('web', { port })
    },
    /** `kill -9` of a worker, and another in its place. */
    async replaceWorker(at = 0) {
      const worker = running.workers[at]
      if (worker === undefined) throw new Error(`there is no worker ${at}`)
      await worker.kill()
      gone.push(worker)
      running.workers[at] = await start('worker')
    },
    async close() {
      const all = [running.web, ...running.workers]
      await Promise.all(all.map((server) => server.stop()))
      await Promise.all([...all, ...gone].map(({ dataDir }) => removeDataDir(dataDir)))
      await Promise.all([redis.close(), mongo.close()])
    },
  }
}
