/** Two workers and a web process under load of signed events, and what must hold whatever goes wrong meanwhile. */
import { afterEach, beforeEach, expect } from 'vitest'
import { type Fleet, startFleet } from './fleet.ts'
import { deliveryOf, sendAll } from './load.ts'
import { type Receiver, openReceiver } from './receiver.ts'
import { eventually } from './server.ts'
import { githubSecret, publish, pushGraph } from './workflows.ts'

const count = 240

/** Each test of the file has a fleet of its own. */
export function fleetUnderLoad() {
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
  async function settles(what: string, sent = count): Promise<void> {
    const balance = await eventually(
      () => fleet.web.api('GET', '/api/balance').catch(() => ({ pending: -1 })),
      ({ pending, accepted }) => pending === 0 && accepted >= sent,
      90_000,
    )
    // First, because it says why.
    expect((await fleet.web.api('GET', '/api/runs?state=failed')).items).toEqual([])
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

  return {
    get fleet() {
      return fleet
    },
    get path() {
      return path
    },
    send,
    settles,
    withFault,
  }
}
