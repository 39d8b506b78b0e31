/**
 * A MongoDB of a test's own. HOOKLOOM_TEST_MONGODB_URL if it is set (databases are made in it, and dropped); else a `mongod`
 * on the PATH, as a replica set of one; else FerretDB, which `mongodb/main.go` makes of Go.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mongo } from 'mongoose'
import { testMongoServer } from './mongodb/build.mjs'
import { freePort } from './redis.ts'

const given = process.env['HOOKLOOM_TEST_MONGODB_URL']
const hasMongod = spawnSync('mongod', ['--version']).status === 0
const ferret = given === undefined && !hasMongod ? testMongoServer({ mayBuild: true }) : undefined

export const hasMongo = given !== undefined || hasMongod || ferret !== undefined
/** For the name of a test that cannot run without. */
export const noMongo = hasMongo
  ? ''
  : ' (not here: there is neither HOOKLOOM_TEST_MONGODB_URL nor mongod nor Go to build FerretDB)'
/** What only MongoDB itself can do: transactions' snapshots, its explain, its journal. */
export const isMongoItself = hasMongo && ferret === undefined
/** A server that a test may kill. */
export const isOwn = hasMongod || ferret !== undefined

export interface MongoServer {
  /** Of a database of its own. */
  url(database: string): string
  process(): ChildProcess
  /** SIGKILL. */
  kill(): Promise<void>
  /** On the same port, with its data. */
  start(): Promise<void>
  close(): Promise<void>
}

export async function startMongo(): Promise<MongoServer> {
  if (given !== undefined) {
    return {
      url: (database) => withDatabase(given, database),
      process: notOurs,
      kill: async () => notOurs(),
      start: async () => notOurs(),
      close: async () => undefined,
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'hookloom-mongodb-'))
  const port = await freePort()
  const base = `mongodb://127.0.0.1:${port}/?directConnection=true`
  let child: ChildProcess | undefined
  const start = async () => {
    const [command, ...args] =
      ferret === undefined
        ? ['mongod', '--port', `${port}`, '--bind_ip', '127.0.0.1', '--dbpath', folder, '--replSet', 'rs0']
        : [ferret, `127.0.0.1:${port}`, folder]
    child = spawn(command ?? '', args, { stdio: 'ignore' })
    const self = child
    living.add(self)
    self.on('exit', () => living.delete(self))
    await answers(base, port)
  }
  const kill = async () => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child?.on('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }
  await start()
  return {
    url: (database) => withDatabase(base, database),
    process: () => child ?? notOurs(),
    kill,
    start,
    async close() {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const living = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL')
})

const notOurs = (): never => {
  throw new Error('this server is not the test’s own')
}

function withDatabase(url: string, database: string): string {
  const made = new URL(url)
  made.pathname = `/${database}`
  return made.toString()
}

/** A replica set of one is initiated at its first start; only its primary takes writes. */
async function answers(url: string, port: number): Promise<void> {
  for (;;) {
    const client = new mongo.MongoClient(url, { serverSelectionTimeoutMS: 500 })
    try {
      const admin = client.db('admin')
      if (ferret === undefined) {
        const config = { _id: 'rs0', members: [{ _id: 0, host: `127.0.0.1:${port}` }] }
        await admin.command({ replSetInitiate: config }).catch(() => undefined)
      }
      const { isWritablePrimary } = await admin.command({ hello: 1 })
      if (isWritablePrimary === true) return
    } catch {
      // It is not there yet.
    } finally {
      await client.close()
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
