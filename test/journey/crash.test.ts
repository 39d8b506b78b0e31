import { afterEach, expect, test } from 'vitest'
import { sendAll } from '../support/load.ts'
import { descendants } from '../support/processes.ts'
import { type Receiver, openReceiver } from '../support/receiver.ts'
import { type RunningServer, eventually, removeDataDir, startServer } from '../support/server.ts'
import { githubSecret, publish, pushGraph } from '../support/workflows.ts'

let server: RunningServer
let receiver: Receiver
afterEach(async () => {
  await server.stop()
  await receiver.close()
  await removeDataDir(server.dataDir)
})

const waitForRequests = (count: number) =>
  eventually(
    () => receiver.requests.length,
    (came) => came >= count,
    20_000,
  )

test(
  'completes a run that was interrupted by kill -9 twenty times, with one attempt, taken over within 5 s',
  { timeout: 180_000 },
  async () => {
    receiver = await openReceiver({ behaviour: { kind: 'hang' } })
    server = await startServer()
    const { path } = await publish(
      server,
      pushGraph(receiver.url, { retry: { attempts: 1, schedule: [0], statuses: '' } }),
    )
    const port = Number(new URL(server.url).port)
    await sendAll({ url: () => `${server.url}${path}`, secret: githubSecret, count: 1, connections: 1 })
    let slowestMs = 0
    for (let kills = 1; kills <= 20; kills += 1) {
      const ready = performance.now()
      await waitForRequests(kills)
      if (kills > 1) slowestMs = Math.max(slowestMs, performance.now() - ready)
      await server.kill()
      server = await startServer({ dataDir: server.dataDir, port })
    }
    receiver.behave({ kind: 'answer' })
    const { items } = await eventually(
      () => server.api('GET', '/api/runs'),
      ({ items: [run] }) => run.state === 'succeeded' || run.state === 'failed',
      30_000,
    )
    const run = await server.api('GET', `/api/runs/${items[0].id}`)
    expect(run).toMatchObject({ state: 'succeeded', reason: null })
    const send = run.steps.find(({ nodeId }: { nodeId: string }) => nodeId === 'send')
    expect(send.attempts.map(({ n }: { n: number }) => n)).toEqual([1])
    expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id']))).toHaveProperty('size', 1)
    expect(
      new Set(receiver.requests.map(({ text }) => text)),
      'the recorded step did not execute again',
    ).toHaveProperty('size', 1)
    expect(slowestMs).toBeLessThan(5_000)
  },
)

test(
  'runs again, or fails with a clear error, what a killed sandbox process had in hand',
  { timeout: 60_000 },
  async () => {
    receiver = await openReceiver()
    server = await startServer()
    const { path } = await publish(server, pushGraph(receiver.url))
    let killed = 0
    const sending = sendAll({
      url: () => `${server.url}${path}`,
      secret: githubSecret,
      count: 600,
      connections: 16,
      onAcknowledged: (count) => {
        if (count % 60 !== 0) return
        for (const pid of descendants(server.process.pid ?? 0)) {
          process.kill(pid, 'SIGKILL')
          killed += 1
        }
      },
    })
    await sending
    const balance = await eventually(
      () => server.api('GET', '/api/balance'),
      ({ pending }) => pending === 0,
      30_000,
    )
    expect(killed).toBeGreaterThan(5)
    expect(balance).toMatchObject({ accepted: 600, succeeded: 600, failed: 0, balanced: true })
  },
)

test('ends an idle server within 500 ms of SIGTERM, and a busy one within 5 s, with all its children', async () => {
  receiver = await openReceiver({ behaviour: { kind: 'hang' } })
  server = await startServer()
  const { path } = await publish(server, pushGraph(receiver.url))
  const stopped = async (): Promise<number> => {
    const children = descendants(server.process.pid ?? 0)
    const from = performance.now()
    expect(await server.stop()).toBe(0)
    const ms = performance.now() - from
    for (const pid of children) expect(() => process.kill(pid, 0), `child ${pid}`).toThrow('ESRCH')
    return ms
  }
  expect(await stopped()).toBeLessThan(500)
  server = await startServer({ dataDir: server.dataDir })
  await sendAll({ url: () => `${server.url}${path}`, secret: githubSecret, count: 5, connections: 5 })
  await waitForRequests(5)
  expect(await stopped()).toBeLessThan(5_000)
  // What was broken off was given back, and goes on with the same key at the next start.
  receiver.behave({ kind: 'answer' })
  server = await startServer({ dataDir: server.dataDir })
  const balance = await eventually(
    () => server.api('GET', '/api/balance'),
    ({ pending }) => pending === 0,
    20_000,
  )
  expect(balance).toMatchObject({ accepted: 5, succeeded: 5, balanced: true })
  expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(5)
})
