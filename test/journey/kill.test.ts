import { expect, test } from 'vitest'
import { openReceiver } from '../support/receiver.ts'
import { sendAll } from '../support/load.ts'
import { type RunningServer, eventually, removeDataDir, startServer } from '../support/server.ts'
import { githubSecret, publish, pushGraph } from '../support/workflows.ts'

const events = 2_000
const kills = 20

test(
  `loses nothing that was acknowledged when it is killed ${kills} times under ${events} events`,
  { timeout: 240_000 },
  async () => {
    const receiver = await openReceiver({ behaviour: { kind: 'answer', delayMs: 30 } })
    let server: RunningServer = await startServer()
    const { dataDir, url } = server
    const port = Number(new URL(url).port)
    const { path } = await publish(server, pushGraph(receiver.url))

    let killed = 0
    const readyMs: number[] = []
    const killing = (async () => {
      while (killed < kills) {
        await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 700))
        await server.kill()
        killed += 1
        const from = performance.now()
        server = await startServer({ dataDir, port })
        readyMs.push(performance.now() - from)
      }
    })()
    const { acknowledged, sentAgain } = await sendAll({
      url: () => `${url}${path}`,
      secret: githubSecret,
      count: events,
      connections: 16,
    })
    await killing
    expect(acknowledged.size).toBe(events)

    const balance = await eventually(
      () => server.api('GET', '/api/balance'),
      ({ pending }) => pending === 0,
      120_000,
    )
    expect(balance).toMatchObject({ accepted: events, succeeded: events, failed: 0, balanced: true })

    const arrived = new Map<string, Set<string>>()
    for (const { text, headers } of receiver.requests) {
      const { delivery } = JSON.parse(text) as { delivery: string }
      const ids = arrived.get(delivery) ?? new Set()
      arrived.set(delivery, ids.add(headers['webhook-id'] ?? ''))
    }
    expect(arrived.size).toBe(events)
    for (const [delivery, ids] of arrived) expect(ids.size, `webhook-ids of ${delivery}`).toBe(1)
    const bodies = new Set(receiver.requests.map(({ text }) => text))
    expect(bodies.size, 'a request that is sent again is the same request').toBe(events)
    const median = readyMs.toSorted((a, b) => a - b)[Math.floor(readyMs.length / 2)] ?? 0
    console.log(
      `killed ${killed} times, acknowledged ${acknowledged.size}, lost 0, received ${receiver.requests.length} ` +
        `(${receiver.requests.length - events} twice), sent again by the sender ${sentAgain}, ready after ${median.toFixed(0)} ms`,
    )
    await server.stop()
    await receiver.close()
    await removeDataDir(dataDir)
  },
)
