/** A Redis of a test's own: Debian's `redis-server` on a free port, with its data in a folder of its own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'

export const hasRedis = spawnSync('redis-server', ['--version']).status === 0
/** For the name of a test that cannot run without. */
export const noRedis = hasRedis ? '' : ' (not here: there is no redis-server; apt-get install redis-server)'

export interface RedisServer {
  readonly url: string
  readonly port: number
  readonly process: () => ChildProcess
  /** Asks as any client does. */
  ask<T = unknown>(command: string, ...args: readonly string[]): Promise<T>
  /** SIGKILL. */
  kill(): Promise<void>
  /** On the same port; `empty` = without what it had. */
  start(how?: 'with its data' | 'empty'): Promise<void>
  close(): Promise<void>
}

/** Durable as a queue needs it: appended to a file, fsynced each second, nothing evicted. */
const durable = ['--appendonly', 'yes', '--maxmemory-policy', 'noeviction', '--save', '']

export async function startRedis(settings: readonly string[] = []): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'hookloom-redis-'))
  const port = await freePort()
  let child: ChildProcess | undefined
  const start = async (how: 'with its data' | 'empty' = 'with its data') => {
    if (how === 'empty') rmSync(join(folder, 'appendonlydir'), { recursive: true, force: true })
    const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder]
    child = spawn('redis-server', [...place, ...durable, ...settings], { stdio: 'ignore' })
    living.add(child)
    const self = child
    child.on('exit', () => living.delete(self))
    await answers(port)
  }
  const kill = async () => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child?.on('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }
  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    process: () => {
      if (child === undefined) throw new Error('it does not run')
      return child
    },
    async ask<T>(command: string, ...args: readonly string[]) {
      const client = new Redis(port, '127.0.0.1', { lazyConnect: true })
      try {
        return (await client.call(command, ...args)) as T
      } finally {
        client.disconnect()
      }
    },
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

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function answers(port: number): Promise<void> {
  const client = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null, retryStrategy: () => 20 })
  client.on('error', () => undefined)
  // It refuses while it reads its data back.
  for (;;) {
    try {
      await client.ping()
      break
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  client.disconnect()
}
