import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { hasFleet, noFleet, ownsStore } from '../support/fleet.ts'
import { fleetUnderLoad } from '../support/fleet-under-load.ts'
import { eventually } from '../support/server.ts'

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe.skipIf(!hasFleet)(`signed events under load, two workers${noFleet}`, () => {
  const load = fleetUnderLoad()

  test('kill -9 of the web process', { timeout: 180_000 }, async () => {
    await load.withFault(() => load.fleet.replaceWeb())
    await load.settles('web killed')
  })

  test.each(['with its data', 'empty'] as const)(
    'Redis killed, and back %s',
    { timeout: 180_000 },
    async (how) => {
      await load.withFault(async () => {
        await load.fleet.redis.kill()
        // Without it events are accepted all the same, and it is said where a probe looks.
        const ready = await eventually(
          () => load.fleet.web.call('GET', '/readyz'),
          ({ body }) => body.note !== undefined,
        )
        expect(ready).toMatchObject({
          status: 200,
          body: { note: expect.stringMatching(/queue cannot be reached/) },
        })
        expect((await load.fleet.workers[0]?.call('GET', '/readyz'))?.status).toBe(503)
        await wait(1_000)
        await load.fleet.redis.start(how)
      })
      await load.settles(`Redis killed, back ${how}`)
    },
  )

  test('FLUSHALL', { timeout: 180_000 }, async () => {
    await load.withFault(async () => {
      for (let times = 0; times < 3; times += 1) {
        await load.fleet.redis.ask('FLUSHALL')
        await wait(700)
      }
    })
    await load.settles('FLUSHALL, three times')
  })

  test.skipIf(!ownsStore)('the store’s server killed, and back', { timeout: 180_000 }, async () => {
    await load.withFault(async () => {
      await load.fleet.mongo.kill()
      const refused = await eventually(
        () => fetch(`${load.fleet.web.url}${load.path}`, { method: 'POST', body: '{}' }),
        ({ status }) => status === 503,
        20_000,
      )
      expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
      const { web } = load.fleet
      const [read, written] = await Promise.all([
        web.call('GET', '/api/runs'),
        web.call('POST', '/api/workflows', { name: 'Another', graph: { nodes: [], edges: [] } }),
      ])
      expect(read).toMatchObject({
        status: 503,
        body: { detail: expect.stringContaining('could not be read') },
      })
      expect(written).toMatchObject({
        status: 503,
        body: { detail: expect.stringContaining('could not be written') },
      })
      await load.fleet.mongo.start()
    })
    await load.settles('store killed')
  })

  test.skipIf(!ownsStore)(
    'workers end when they are told to, in the middle of it and with Redis and the store gone',
    { timeout: 180_000 },
    async () => {
      await load.withFault(async () => {
        const { fleet } = load
        await Promise.all([fleet.redis.kill(), fleet.mongo.kill()])
        const ended = fleet.workers.map(({ process }) => once(process, 'exit'))
        for (const { process } of fleet.workers) process.kill('SIGTERM')
        expect(await Promise.all(ended)).toEqual([
          [0, null],
          [0, null],
        ])
        await Promise.all([fleet.redis.start('with its data'), fleet.mongo.start()])
        await Promise.all([fleet.replaceWorker(0), fleet.replaceWorker(1)])
      })
      await load.settles('workers stopped without Redis and the store')
    },
  )
})
