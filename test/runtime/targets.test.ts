import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readRedisAddress } from '../../server/redis/address.ts'
import { openSharedTargets } from '../../server/redis/targets.ts'
import type { SharedTargets, Targets } from '../../server/runtime/runtime.ts'
import { openTargets } from '../../server/runtime/targets.ts'
import { targetsContract } from '../contract/targets.ts'
import { type RedisServer, hasRedis, noRedis, startRedis } from '../support/redis.ts'

const monotonic = () => performance.now()

targetsContract('memory', () => openTargets({ monotonic }))

describe.skipIf(!hasRedis)(`by Redis${noRedis}`, () => {
  let redis: RedisServer
  let shared: SharedTargets
  const opened: SharedTargets[] = []
  const open = async (lease?: { readonly leaseMs: number; readonly keepMs: number }, url = redis.url) => {
    const address = readRedisAddress(url)
    if (address === undefined) throw new Error('this is no address')
    const targets = openSharedTargets(address, lease)
    opened.push(targets)
    const probe = { ...visit, target: 'https://probe.example.com', limits: { requests: 10_000 } }
    // It connects in the background: until then it says nothing.
    await vi.waitFor(async () => expect(await onlyShared(targets).enter(probe)).toMatchObject({ kind: 'in' }))
    return targets
  }
  const visit = { target: 'https://api.example.com', limits: { concurrent: 1 }, id: 'run:node', looks: 0 }
  const stopped = () => {
    throw new Error('asked in memory')
  }
  /** What is asked in memory throws. */
  const onlyShared = (targets: SharedTargets): Targets => openTargets({ monotonic: stopped, shared: targets })

  beforeAll(async () => {
    redis = await startRedis()
    shared = await open()
  })
  afterAll(async () => {
    for (const targets of opened) targets.close()
    await redis.close()
  })

  targetsContract('Redis', () => onlyShared(shared))

  test('is one line for all who share it, and what is kept of it does not stay for ever', async () => {
    const other = await open()
    expect(await onlyShared(shared).enter(visit)).toMatchObject({ kind: 'in' })
    expect(await onlyShared(other).enter({ ...visit, id: 'another' })).toMatchObject({ kind: 'later' })
    const keys = await redis.ask<string[]>('KEYS', '*')
    expect(keys.length).toBeGreaterThan(2)
    for (const key of keys) expect(Number(await redis.ask('PTTL', key)), key).toBeGreaterThan(0)
  })

  test('a place is kept as long as its holder lives, and comes free when it died', async () => {
    const lease = { leaseMs: 1_500, keepMs: 50 }
    const [one, other] = [await open(lease), await open(lease)]
    const target = 'https://lease.example.com'
    expect(await onlyShared(one).enter({ ...visit, target })).toMatchObject({ kind: 'in' })
    const look = () => onlyShared(other).enter({ ...visit, target, id: 'another', looks: 1 })
    await wait(2_500)
    expect(await look()).toMatchObject({ kind: 'later' })
    one.close()
    await vi.waitFor(async () => expect(await look()).toMatchObject({ kind: 'in' }), { timeout: 10_000 })
  })

  test('holds in a cluster, where all that one line needs is in one place', async () => {
    const node = await startRedis(['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'])
    await node.ask('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
    const inCluster = ['CLUSTER', 'INFO'] as const
    await vi.waitFor(async () => expect(await node.ask(...inCluster)).toContain('cluster_state:ok'), 10_000)
    const targets = onlyShared(await open(undefined, `redis+cluster://127.0.0.1:${node.port}`))
    const entrance = await targets.enter(visit)
    expect(entrance).toMatchObject({ kind: 'in' })
    expect(await targets.enter({ ...visit, id: 'another' })).toMatchObject({ kind: 'later' })
    if (entrance.kind === 'in') entrance.leave()
    const again = () => targets.enter({ ...visit, id: 'another', looks: 1 })
    await vi.waitFor(async () => expect(await again()).toMatchObject({ kind: 'in' }))
    await node.close()
  })

  test('each process keeps the limits for itself while Redis is away', async () => {
    const targets = openTargets({ monotonic, shared })
    await redis.kill()
    const away = { ...visit, target: 'https://away.example.com' }
    expect(await targets.enter(away)).toMatchObject({ kind: 'in' })
    expect(await targets.enter({ ...away, id: 'another' })).toMatchObject({ kind: 'later' })
    await redis.start()
  })
})
