import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent, request } from 'undici'
import { expect, test } from 'vitest'
import { openCalls } from '../../server/storage/sqlite-calls.ts'
import { openDatabase } from '../../server/storage/sqlite-database.ts'
import { sendAll } from '../support/load.ts'
import { Disk, type Mode, modes, readTrace, straceArguments } from '../support/power-loss.ts'
import { descendants } from '../support/processes.ts'
import { openReceiver } from '../support/receiver.ts'
import { apiToken, eventually } from '../support/server.ts'
import { githubSecret, publish, pushGraph } from '../support/workflows.ts'

/** One at a time, then eight together, then all of a burst at once: commits of one, of a few, and bundles of a rush. */
const [alone, together, bursts, burst] = [50, 150, 3, 40]
const events = alone + together + bursts * burst
const isHere = process.platform === 'linux' && spawnSync('strace', ['-V']).status === 0
if (!isHere && process.env['CI'])
  throw new Error('strace is not here, and the power-loss test must run in CI')

test.skipIf(!isHere)(
  `loses no acknowledged event when the power goes at any of ${events} acknowledgements${isHere ? '' : ' (not here: strace is missing)'}`,
  { timeout: 360_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hookloom-power-'))
    const dataDir = join(folder, 'data')
    const prefix = join(folder, 'trace')
    const receiver = await openReceiver()
    await traced({ dataDir, prefix, target: receiver.url })
    await receiver.close()

    const disk = new Disk(42)
    const lost = Object.fromEntries(modes.map((mode) => [mode, 0])) as Record<Mode, number>
    const acknowledged = new Set<string>()
    let cuts = 0
    let bundled = 0
    for (const deed of readTrace(prefix, dataDir)) {
      disk.do(deed)
      const ids =
        deed.kind === 'sent' && deed.text.startsWith('HTTP/1.1 200')
          ? (deed.text.match(/evt_[0-9a-z]{26}/g) ?? [])
          : []
      if (ids.length === 0) continue
      for (const id of ids) acknowledged.add(id)
      cuts += 1
      for (const mode of modes) {
        const found = await look(disk.after(mode), acknowledged, join(folder, 'image'))
        lost[mode] += found.missing
        bundled += found.bundles
      }
    }
    console.log(
      `power cut at ${cuts} acknowledgements of ${acknowledged.size} events, lost: ${JSON.stringify(lost)}`,
    )
    expect(acknowledged.size).toBe(events)
    expect(bundled, 'events that waited unfiled when the power went').toBeGreaterThan(0)
    expect(lost).toEqual({ 'keep-all': 0, 'drop-unsynced': 0, 'random-subset': 0, torn: 0 })
    await rm(folder, { recursive: true })
  },
)

/** Runs a server under strace while it accepts signed events. */
async function traced({
  dataDir,
  prefix,
  target,
}: {
  dataDir: string
  prefix: string
  target: string
}): Promise<void> {
  const child = spawn('strace', [...straceArguments, '-o', prefix, process.execPath, 'server/main.ts'], {
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      HOOKLOOM_DATA_DIR: dataDir,
      HOOKLOOM_API_TOKEN: apiToken,
      HOOKLOOM_LOG_LEVEL: 'silent',
      HOOKLOOM_OUTBOUND_ALLOW: '127.0.0.0/8',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = new Promise((resolve) => child.on('exit', resolve))
  const url = await new Promise<string>((resolve, reject) => {
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const ready = /ready at (\S+)/.exec(output)?.[1]
      if (ready !== undefined) resolve(ready.replace('localhost', '127.0.0.1'))
    })
    child.on('exit', () => reject(new Error(`the traced server ended: ${output}`)))
  })
  const api = async (method: string, path: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' }
    return (await fetch(`${url}${path}`, { method, headers, body: JSON.stringify(body) })).json()
  }
  const [server] = descendants(child.pid ?? 0)
  if (server === undefined) throw new Error('strace runs no server')
  const { path } = await publish({ api }, pushGraph(target))
  const load = { url: () => `${url}${path}`, secret: githubSecret }
  await sendAll({ ...load, from: 0, count: alone, connections: 1 })
  await sendAll({ ...load, from: alone, count: together, connections: 8 })
  for (let n = 0; n < bursts; n += 1) {
    // Runs that are still to begin would share their commits.
    await eventually(
      () => api('GET', '/api/balance'),
      ({ pending }) => pending === 0,
      60_000,
    )
    // Held until all are there, on connections that it has taken before, it finds them at once, however slow the machine is.
    const agent = new Agent({ connections: burst, pipelining: 1 })
    await Promise.all(
      Array.from({ length: burst }, async () =>
        (await request(`${url}/healthz`, { dispatcher: agent })).body.dump(),
      ),
    )
    process.kill(server, 'SIGSTOP')
    const from = alone + together + n * burst
    const sent = sendAll({ ...load, from, count: burst, connections: burst, agent })
    await eventually(
      () => unreadAt(Number(new URL(url).port)),
      (count) => count === burst,
    )
    process.kill(server, 'SIGCONT')
    await sent
    await agent.close()
  }
  // strace would let go of its tracee and leave it running: the server is told itself.
  process.kill(server, 'SIGTERM')
  await exited
}

/** Connections to a port of this machine on which something came that nobody has read. */
function unreadAt(port: number): number {
  const table = ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFileSync(file, 'utf8')).join('\n')
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return table.split('\n').filter((line) => {
    const [, address = '', , state, queues = ''] = line.trim().split(/\s+/)
    const isEstablished = state === '01'
    return isEstablished && address.endsWith(local) && !queues.endsWith(':00000000')
  }).length
}

/** What a store in this image has not of the ids, once it was opened as the server opens it, and the bundles it found unfiled. */
async function look(
  image: ReadonlyMap<string, Buffer>,
  ids: ReadonlySet<string>,
  folder: string,
): Promise<{ readonly missing: number; readonly bundles: number }> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder)
  for (const [name, content] of image)
    if (name.startsWith('hookloom.db')) await writeFile(join(folder, name), content)
  try {
    const db = openDatabase(join(folder, 'hookloom.db'))
    try {
      const [check] = db.pragma('integrity_check') as { integrity_check: string }[]
      if (check?.integrity_check !== 'ok') return { missing: ids.size, bundles: 0 }
      const bundles = db.prepare<[], number>('SELECT count(*) FROM intake').pluck().get() ?? 0
      const { intake } = openCalls(db)
      intake.revealAll()
      intake.close()
      const events = new Set(db.prepare('SELECT id FROM events').pluck().all())
      const runs = new Set(db.prepare('SELECT event_id FROM runs').pluck().all())
      return { missing: [...ids].filter((id) => !events.has(id) || !runs.has(id)).length, bundles }
    } finally {
      db.close()
    }
  } catch {
    return { missing: ids.size, bundles: 0 }
  }
}
