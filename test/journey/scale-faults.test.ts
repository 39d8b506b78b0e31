import { globSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Fleet, hasFleet, noFleet, ownsStore, startFleet } from '../support/fleet.ts'
import { deliveryOf, sendAll } from '../support/load.ts'
import { type Receiver, openReceiver } from '../support/receiver.ts'
import { eventually, removeDataDir } from '../support/server.ts'
import { githubSecret, publish, pushGraph } from '../support/workflows.ts'

const count = 240
/** Issue 4 asks for five minutes of it; a whole run of the tests has less time. */
const randomSeconds = Number(process.env['HOOKLOOM_FAULT_SECONDS'] ?? 20)
/** A library of Debian's that tells a process another time. */
const libfaketime = globSync('/usr/lib/*/faketime/libfaketime.so.1')[0]
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe.skipIf(!hasFleet)(`signed events under load, two workers${noFleet}`, () => {
  let fleet: Fleet
  let receiver: Receiver
  let path: string
  beforeEach(async () => {
    receiver = await openReceiver({ behaviour: { kind: 'answer', body: '{"ok":true}', delayMs: 20 } })
    fleet = await startFleet({ workers: 2 })
    // A target that answers is never the reason for another attempt here.
    path = (
      await publish(
        fleet.web,
        pushGraph(receiver.url, { retry: { attempts: 1, schedule: [1], statuses: '' } }),
      )
    ).path
  }, 300_000)
  afterEach(async () => {
    await fleet.close()
    await receiver.close()
  })

  const send = (options: {
    readonly from?: number
    readonly count: number
    readonly onAcknowledged?: (n: number) => void
  }) => sendAll({ url: () => `${fleet.web.url}${path}`, secret: githubSecret, connections: 8, ...options })

  /** Nothing acknowledged is lost, the books balance, what was recorded did not run again, duplicates have the same id. */
  async function settles(sent: number, what: string): Promise<void> {
    const balance = await eventually(
      () => fleet.web.api('GET', '/api/balance').catch(() => ({ pending: -1 })),
      ({ pending, accepted }) => pending === 0 && accepted >= sent,
      90_000,
    )
    expect(balance).toMatchObject({ accepted: sent, succeeded: sent, failed: 0, pending: 0, balanced: true })
    const seen = new Map<string, { readonly ids: Set<string | undefined>; readonly texts: Set<string> }>()
    for (const { text, headers } of receiver.requests) {
      const { delivery } = JSON.parse(text) as { delivery: string }
      const one = seen.get(delivery) ?? { ids: new Set(), texts: new Set() }
      one.ids.add(headers['webhook-id'])
      one.texts.add(text)
      seen.set(delivery, one)
    }
    expect([...seen.keys()].toSorted()).toEqual(
      Array.from({ length: sent }, (_, n) => deliveryOf(n)).toSorted(),
    )
    expect([...seen.values()].filter(({ ids, texts }) => ids.size > 1 || texts.size > 1)).toEqual([])
    console.log(`${what}: ${receiver.requests.length - sent} duplicates at the receiver of ${sent} events`)
  }

  /** Does something once, when a third is acknowledged, and resolves when all are and it is done. */
  async function withFault(fault: () => Promise<unknown>): Promise<void> {
    let doing: Promise<unknown> | undefined
    await send({
      count,
      onAcknowledged: (n) => {
        if (n >= count / 3) doing ??= fault()
      },
    })
    await doing
  }

  test('kill -9 of a worker', { timeout: 180_000 }, async () => {
    await withFault(() => fleet.replaceWorker())
    await settles(count, 'worker killed')
  })

  test('kill -9 of the web process', { timeout: 180_000 }, async () => {
    await withFault(() => fleet.replaceWeb())
    await settles(count, 'web killed')
  })

  test.each(['with its data', 'empty'] as const)(
    'Redis killed, and back %s',
    { timeout: 180_000 },
    async (how) => {
      await withFault(async () => {
        await fleet.redis.kill()
        // Without it events are accepted all the same, and it is said where a probe looks.
        const ready = await eventually(
          () => fleet.web.call('GET', '/readyz'),
          ({ body }) => body.note !== undefined,
        )
        expect(ready).toMatchObject({
          status: 200,
          body: { note: expect.stringMatching(/queue cannot be reached/) },
        })
        expect((await fleet.workers[0]?.call('GET', '/readyz'))?.status).toBe(503)
        await wait(1_000)
        await fleet.redis.start(how)
      })
      await settles(count, `Redis killed, back ${how}`)
    },
  )

  test('FLUSHALL', { timeout: 180_000 }, async () => {
    await withFault(async () => {
      for (let times = 0; times < 3; times += 1) {
        await fleet.redis.ask('FLUSHALL')
        await wait(700)
      }
    })
    await settles(count, 'FLUSHALL, three times')
  })

  test.skipIf(!ownsStore)('the store’s server killed, and back', { timeout: 180_000 }, async () => {
    await withFault(async () => {
      await fleet.mongo.kill()
      const refused = await eventually(
        () => fetch(`${fleet.web.url}${path}`, { method: 'POST', body: '{}' }),
        ({ status }) => status === 503,
        20_000,
      )
      expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
      await fleet.mongo.start()
    })
    await settles(count, 'store killed')
  })

  test('a worker that is frozen for longer than its lock, and goes on', { timeout: 180_000 }, async () => {
    await withFault(async () => {
      fleet.workers[0]?.process.kill('SIGSTOP')
      await wait(13_000)
      fleet.workers[0]?.process.kill('SIGCONT')
    })
    await settles(count, 'worker frozen for 13 s')
  })

  test.skipIf(libfaketime === undefined)(
    `workers whose clocks are 5 minutes off${libfaketime === undefined ? ' (not here: apt-get install faketime)' : ''}`,
    { timeout: 180_000 },
    async () => {
      const odd = await Promise.all(
        ['+5m', '-5m'].map((FAKETIME) =>
          fleet.start('worker', {
            more: { LD_PRELOAD: libfaketime ?? '', FAKETIME, FAKETIME_DONT_FAKE_MONOTONIC: '1' },
          }),
        ),
      )
      await withFault(() => fleet.replaceWorker())
      await settles(count, 'two workers 5 minutes off, one of the others killed')
      await Promise.all(odd.map((worker) => worker.stop()))
      await Promise.all(odd.map(({ dataDir }) => removeDataDir(dataDir)))
    },
  )

  test(
    `all of these at random for ${randomSeconds} s`,
    { timeout: 240_000 + randomSeconds * 2_000 },
    async () => {
      const faults = [
        () => fleet.replaceWorker(0),
        () => fleet.replaceWorker(1),
        () => fleet.replaceWeb(),
        () => fleet.redis.ask('FLUSHALL'),
        async () => {
          await fleet.redis.kill()
          await wait(Math.random() * 2_000)
          await fleet.redis.start(Math.random() < 0.5 ? 'empty' : 'with its data')
        },
        async () => {
          if (!ownsStore) return
          await fleet.mongo.kill()
          await wait(Math.random() * 1_000)
          await fleet.mongo.start()
        },
        async () => {
          fleet.workers[0]?.process.kill('SIGSTOP')
          await wait(Math.random() * 8_000)
          fleet.workers[0]?.process.kill('SIGCONT')
        },
      ]
      const until = Date.now() + randomSeconds * 1_000
      let sent = 0
      const sending = (async () => {
        while (Date.now() < until) {
          await send({ from: sent, count: 40 })
          sent += 40
        }
      })()
      while (Date.now() < until) {
        await wait(Math.random() * 3_000)
        await faults[Math.floor(Math.random() * faults.length)]?.()
      }
      await sending
      await settles(sent, `at random for ${randomSeconds} s`)
    },
  )
})
