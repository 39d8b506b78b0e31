import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { openBullQueue } from '../../server/queue/bull.ts'
import { readRedisAddress } from '../../server/redis/address.ts'
import { done, job, many } from '../contract/queue/world.ts'
import { freePort, hasRedis, noRedis, startRedis } from '../support/redis.ts'

test.each([
  ['redis://localhost', { kind: 'single', hosts: [{ host: 'localhost', port: 6379 }], isEncrypted: false }],
  ['rediss://:p%40ss@r.example:1/3', { password: 'p@ss', database: 3, isEncrypted: true }],
  ['redis://[::1]:7000', { hosts: [{ host: '::1', port: 7000 }] }],
  [
    'redis+sentinel://a,b:2/primary/1',
    {
      kind: 'sentinel',
      name: 'primary',
      database: 1,
      hosts: [
        { host: 'a', port: 26379 },
        { host: 'b', port: 2 },
      ],
    },
  ],
  ['rediss+cluster://me:pw@a:1,b:2', { kind: 'cluster', username: 'me', password: 'pw', isEncrypted: true }],
])('%s is a place', (url, expected) => {
  expect(readRedisAddress(url)).toMatchObject(expected)
})

test.each([
  'http://localhost',
  'redis://',
  'redis://a,b',
  'redis://a:70000',
  'redis://a/x',
  'redis+sentinel://a',
  'redis+cluster://a,,b',
  'redis://a/1/2',
])('%s is none', (url) => {
  expect(readRedisAddress(url)).toBeUndefined()
})

describe.skipIf(!hasRedis)(`a job comes and goes${noRedis}`, () => {
  async function works(url: string): Promise<void> {
    const queue = await openBullQueue({ url })
    const seen: string[] = []
    queue.work(async ({ key }) => {
      seen.push(key)
      return seen.length === 1 ? { kind: 'again', at: Date.now() + 50 } : done
    }, many)
    await queue.add([job('a')])
    await vi.waitFor(() => expect(seen).toEqual(['a', 'a']), { timeout: 10_000 })
    await queue.close()
  }

  test('in a cluster', async () => {
    const node = await startRedis(['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'])
    await node.ask('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
    await vi.waitFor(async () => expect(await node.ask('CLUSTER', 'INFO')).toContain('cluster_state:ok'), {
      timeout: 10_000,
    })
    await works(`redis+cluster://127.0.0.1:${node.port}`)
    await node.close()
  })

  test('behind a sentinel', async () => {
    const server = await startRedis()
    const folder = mkdtempSync(join(tmpdir(), 'hookloom-sentinel-'))
    const port = await freePort()
    const file = join(folder, 'sentinel.conf')
    writeFileSync(file, `port ${port}\nsentinel monitor primary 127.0.0.1 ${server.port} 1\n`)
    const sentinel = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' })
    await works(`redis+sentinel://127.0.0.1:${port}/primary`)
    sentinel.kill()
    await server.close()
    rmSync(folder, { recursive: true })
  })

  test('over TLS, by a certificate that is trusted and by no other', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hookloom-redis-tls-'))
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const made = spawnSync(
      'openssl',
      `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost
       -keyout ${key} -out ${cert}`.split(/\s+/),
    )
    expect(made.status).toBe(0)
    const port = await freePort()
    const server = await startRedis(
      `--tls-port ${port} --tls-cert-file ${cert} --tls-key-file ${key} --tls-ca-cert-file ${cert}
       --tls-auth-clients no`.split(/\s+/),
    )
    const url = `rediss://localhost:${port}`
    const stranger = await openBullQueue({ url })
    await expect(stranger.add([job('a')])).rejects.toThrow(/cannot be reached/)
    await stranger.close()

    const queue = await openBullQueue({ url: server.url })
    await queue.add([job('run_a')])
    const worker = spawn(process.execPath, ['test/queue/bull-worker.ts', url, '{hookloom}'], {
      env: { PATH: process.env['PATH'] ?? '', NODE_EXTRA_CA_CERTS: cert },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    expect(String(await once(worker.stdout, 'data'))).toContain('run_a')
    worker.kill('SIGKILL')
    await queue.close()
    await server.close()
    rmSync(folder, { recursive: true })
  })
})
