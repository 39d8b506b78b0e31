import { globSync } from 'node:fs'
import { describe, test } from 'vitest'
import { hasFleet, noFleet, ownsStore } from '../support/fleet.ts'
import { fleetUnderLoad } from '../support/fleet-under-load.ts'
import { removeDataDir } from '../support/server.ts'

/** For as long as one likes; a whole run of the tests has less time. */
const randomSeconds = Number(process.env['HOOKLOOM_FAULT_SECONDS'] ?? 20)
/** A library of Debian's that tells a process another time. */
const libfaketime = globSync('/usr/lib/*/faketime/libfaketime.so.1')[0]
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe.skipIf(!hasFleet)(`signed events under load, two workers${noFleet}`, () => {
  const load = fleetUnderLoad()

  test('kill -9 of a worker', { timeout: 180_000 }, async () => {
    await load.withFault(() => load.fleet.replaceWorker())
    await load.settles('worker killed')
  })

  test('a worker that is frozen for longer than its lock, and goes on', { timeout: 180_000 }, async () => {
    await load.withFault(async () => {
      load.fleet.workers[0]?.process.kill('SIGSTOP')
      await wait(13_000)
      load.fleet.workers[0]?.process.kill('SIGCONT')
    })
    await load.settles('worker frozen for 13 s')
  })

  test.skipIf(libfaketime === undefined)(
    `workers whose clocks are 5 minutes off${libfaketime === undefined ? ' (not here: apt-get install faketime)' : ''}`,
    { timeout: 180_000 },
    async () => {
      const odd = await Promise.all(
        ['+5m', '-5m'].map((FAKETIME) =>
          load.fleet.start('worker', {
            more: { LD_PRELOAD: libfaketime ?? '', FAKETIME, FAKETIME_DONT_FAKE_MONOTONIC: '1' },
          }),
        ),
      )
      await load.withFault(() => load.fleet.replaceWorker())
      await load.settles('two workers 5 minutes off, one of the others killed')
      await Promise.all(odd.map((worker) => worker.stop()))
      await Promise.all(odd.map(({ dataDir }) => removeDataDir(dataDir)))
    },
  )

  test(
    `all of these at random for ${randomSeconds} s`,
    { timeout: 240_000 + randomSeconds * 2_000 },
    async () => {
      const faults = [
        () => load.fleet.replaceWorker(0),
        () => load.fleet.replaceWorker(1),
        () => load.fleet.replaceWeb(),
        () => load.fleet.redis.ask('FLUSHALL'),
        async () => {
          await load.fleet.redis.kill()
          await wait(Math.random() * 2_000)
          await load.fleet.redis.start(Math.random() < 0.5 ? 'empty' : 'with its data')
        },
        async () => {
          if (!ownsStore) return
          await load.fleet.mongo.kill()
          await wait(Math.random() * 1_000)
          await load.fleet.mongo.start()
        },
        async () => {
          load.fleet.workers[0]?.process.kill('SIGSTOP')
          await wait(Math.random() * 8_000)
          load.fleet.workers[0]?.process.kill('SIGCONT')
        },
      ]
      const until = Date.now() + randomSeconds * 1_000
      let sent = 0
      const sending = (async () => {
        while (Date.now() < until) {
          await load.send({ from: sent, count: 40 })
          sent += 40
        }
      })()
      while (Date.now() < until) {
        await wait(Math.random() * 3_000)
        await faults[Math.floor(Math.random() * faults.length)]?.()
      }
      await sending
      await load.settles(`at random for ${randomSeconds} s`, sent)
    },
  )
})
