import { execFileSync, spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openReceiver } from '../support/receiver.ts'
import { sendAll } from '../support/load.ts'
import { apiToken, eventually, removeDataDir, startServer } from '../support/server.ts'
import { githubSecret, publish, pushGraph } from '../support/workflows.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookloom-start-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

interface Refused {
  readonly code: number | null
  readonly error: string
}

/** Starts a server that is expected to refuse. */
const refused = (environment: Readonly<Record<string, string>>): Promise<Refused> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['server/main.ts'], {
      env: {
        PATH: process.env['PATH'],
        PORT: '0',
        HOOKLOOM_DATA_DIR: folder,
        HOOKLOOM_API_TOKEN: apiToken,
        ...environment,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000)
    let error = ''
    child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()))
    child.on('exit', (code) => {
      clearTimeout(timer)
      resolve({ code, error })
    })
  })

const oneLine = ({ code, error }: Refused, words: RegExp) => {
  expect(code).toBe(1)
  expect(error.trimEnd().split('\n'), error).toHaveLength(1)
  expect(error).toMatch(/^Hookloom cannot start: /)
  expect(error).toMatch(words)
  expect(error).not.toMatch(/\n\s+at |node:internal/)
}

test('says in one line that the port is in use', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  const { port } = other.address() as AddressInfo
  oneLine(await refused({ PORT: String(port) }), new RegExp(`port ${port} is in use`))
  other.close()
})

test(
  'says in one line that the data folder is in use, and by whom; the other server goes on',
  { timeout: 60_000 },
  async () => {
    const server = await startServer({ dataDir: folder })
    oneLine(
      await refused({}),
      new RegExp(`in use by .*${process.platform === 'linux' ? server.process.pid : 'process'}`),
    )
    expect((await server.call('GET', '/healthz')).status).toBe(200)
    await server.stop()
  },
)

test('says in one line that a setting cannot be used', async () => {
  oneLine(await refused({ PORT: 'many' }), /PORT cannot be used: a port is a number/)
  oneLine(await refused({ HOOKLOOM_OUTBOUND_ALLOW: '10.0.0.0/99' }), /10\.0\.0\.0\/99/)
  oneLine(await refused({ HOOKLOOM_SECRET_KEY: 'short' }), /HOOKLOOM_SECRET_KEY/)
  oneLine(await refused({ HOOKLOOM_API_TOKEN: 'short' }), /HOOKLOOM_API_TOKEN cannot be used: at least 16/)
  oneLine(await refused({ HOOKLOOM_TLS_CERT: 'x' }), /HOOKLOOM_TLS_CERT and HOOKLOOM_TLS_KEY go together/)
  oneLine(await refused({ HOOKLOOM_TRUST_PROXY: 'everyone' }), /HOOKLOOM_TRUST_PROXY/)
  oneLine(await refused({ HOOKLOOM_MONGODB_URL: 'mongodb://localhost' }), /HOOKLOOM_MONGODB_URL/)
})

test('says in one line that the database is damaged, and overwrites nothing', async () => {
  const server = await startServer({ dataDir: folder })
  await publish(server, { nodes: [{ id: 'hook', type: 'webhook' }], edges: [] })
  await server.stop()
  const path = join(folder, 'hookloom.db')
  const good = await readFile(path)
  const bad = Buffer.concat([Buffer.from('this is no database at all, not even nearly'), good.subarray(43)])
  await writeFile(path, bad)
  oneLine(await refused({}), /hookloom\.db/)
  expect((await readFile(path)).equals(bad)).toBe(true)
  await writeFile(path, good)
  const again = await startServer({ dataDir: folder })
  expect((await again.api('GET', '/api/workflows')).items).toHaveLength(1)
  await again.stop()
})

test('says in one line that secrets were encrypted with another key', async () => {
  const key = () => Buffer.alloc(32, Math.random().toString()).toString('base64')
  const server = await startServer({ dataDir: folder, environment: { HOOKLOOM_SECRET_KEY: key() } })
  await server.stop()
  oneLine(await refused({ HOOKLOOM_SECRET_KEY: key() }), /encrypted with another key/)
})

test('starts on the same data folder right after a kill, and right after SIGTERM', async () => {
  let server = await startServer({ dataDir: folder })
  for (const end of ['kill', 'stop', 'kill'] as const) {
    const ending = server[end]()
    const next = startServer({ dataDir: folder })
    await ending
    server = await next
    expect((await server.call('GET', '/healthz')).status).toBe(200)
  }
  await server.stop()
})

test('says in one line that the data folder cannot be written', async () => {
  if (process.getuid?.() !== 0) {
    await chmod(folder, 0o500)
    oneLine(await refused({}), /data dir|data folder/)
    return
  }
  // Rights do not bind root: a read-only file system does.
  const place = join(folder, 'read-only')
  await mkdir(place)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=1m', 'tmpfs', place])
  try {
    oneLine(await refused({ HOOKLOOM_DATA_DIR: place }), /may write to|read-only/)
  } finally {
    execFileSync('umount', [place])
  }
})

/** A file system of its own that can be filled; only root may mount one. */
const canMount = process.platform === 'linux' && process.getuid?.() === 0

test.skipIf(!canMount)(
  `answers 503 while the disk is full, loses nothing, and recovers by itself${canMount ? '' : ' (not here: only root may mount a small disk)'}`,
  { timeout: 90_000 },
  async () => {
    const disk = join(folder, 'disk')
    await mkdir(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk])
    const receiver = await openReceiver()
    const server = await startServer({ dataDir: join(disk, 'data') })
    try {
      const { path } = await publish(server, pushGraph(receiver.url))
      const load = (count: number) =>
        sendAll({ url: () => `${server.url}${path}`, secret: githubSecret, count, connections: 4 })
      expect((await load(20)).sentAgain).toBe(0)
      const filler = join(disk, 'filler')
      const fill = () => execFileSync('sh', ['-c', `dd if=/dev/zero of=${filler} bs=64k 2>/dev/null || true`])
      fill()
      const refusedOnce = await eventually(
        async () => {
          const body = JSON.stringify({ filler: 'x'.repeat(500_000) })
          return server.call('POST', path.replace('/hooks/', '/hooks-test/'), { body })
        },
        ({ status }) => status === 503 || status === 401,
      )
      // Not signed, so it is refused either way: what matters is what a signed one gets, below.
      expect([401, 503]).toContain(refusedOnce.status)
      const during = load(40)
      await new Promise((resolve) => setTimeout(resolve, 1_500))
      await rm(filler)
      const { acknowledged } = await during
      expect(acknowledged.size).toBe(40)
      const balance = await eventually(
        () => server.api('GET', '/api/balance'),
        ({ pending }) => pending === 0,
        30_000,
      )
      expect(balance.balanced).toBe(true)
      expect(balance.accepted).toBe(balance.succeeded)
    } finally {
      await server.stop()
      await receiver.close()
      execFileSync('umount', [disk])
    }
  },
)

test('keeps the token, the key and the data for its owner only', async () => {
  const dataDir = join(folder, 'new')
  const server = await startServer({ dataDir, environment: { HOOKLOOM_API_TOKEN: '' } })
  const token = (await readFile(join(dataDir, 'api-token'), 'utf8')).trim()
  expect(server.output()).not.toContain(token)
  expect(server.output()).toContain(join(dataDir, 'api-token'))
  const modes = execFileSync('stat', [
    '-c',
    '%a',
    dataDir,
    join(dataDir, 'api-token'),
    join(dataDir, 'secret-key'),
  ])
  expect(modes.toString().trim().split('\n')).toEqual(['700', '600', '600'])
  await server.stop()
  await removeDataDir(dataDir)
})
