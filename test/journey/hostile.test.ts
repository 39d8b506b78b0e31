import { expect, onTestFinished, test } from 'vitest'
import { chain } from '../support/chain.ts'
import { openReceiver } from '../support/receiver.ts'
import { type Answer, eventually, removeDataDir, startServer } from '../support/server.ts'
import { publish } from '../support/workflows.ts'

const hostile: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['script', { code: 'for (;;) {}', timeoutMs: 1_000 }],
  ['script', { code: "const all = []; for (;;) all.push('x'.repeat(1e6))", timeoutMs: 1_000 }],
  ['script', { code: 'await new Promise(() => {})', timeoutMs: 1_000 }],
  ['transform', { expression: '($f := function($n) { $f($n + 1) }; $f(1))' }],
  ['script', { code: "return 'x'.repeat(2 ** 27).replace(/x/g, 'yy')", timeoutMs: 1_000 }],
]

test(
  'one innocent workflow delivers 20 of 20 within 10 s beside 30 hostile ones',
  { timeout: 120_000 },
  async () => {
    const receiver = await openReceiver()
    const server = await startServer()
    const post = (path: string, n: number) =>
      fetch(`${server.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ n }),
      })
    const enemies = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        publish(server, chain({}, hostile[n % hostile.length] ?? ['script', {}]), `Hostile ${n}`),
      ),
    )
    const { path } = await publish(
      server,
      chain(
        {},
        ['filter', { condition: 'n >= 0' }],
        ['transform', { expression: '{ "n": n }' }],
        ['http', { url: receiver.url }],
      ),
      'Innocent',
    )
    for (let round = 0; round < 3; round += 1)
      await Promise.all(enemies.map((enemy) => post(enemy.path, round)))

    const from = performance.now()
    for (let n = 0; n < 20; n += 1) {
      expect((await post(path, n)).status).toBe(200)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    await receiver.received(20, 10_000)
    expect(performance.now() - from).toBeLessThan(10_000)
    const delivered = receiver.requests.map(({ text }) => (JSON.parse(text) as { n: number }).n)
    expect(delivered.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n))

    // Each hostile run ends by itself with an error that names the limit it hit; the server is well.
    const [first] = (await server.api('GET', `/api/runs?workflowId=${enemies[0]?.id}&limit=200`)).items
    const ended = await eventually(
      () => server.api('GET', `/api/runs/${first.id}`),
      ({ state }) => state === 'failed',
      60_000,
    )
    expect(ended.error).toMatchObject({ code: 'time-limit', message: expect.stringMatching(/1000 ms|1 s/) })
    expect((await server.call('GET', '/readyz')).status).toBe(200)
    await server.stop()
    await receiver.close()
    await removeDataDir(server.dataDir)
  },
)

test('a script that keeps more than its 64 MB fails with an error that names the limit, and its neighbours go on', async () => {
  const server = await startServer()
  onTestFinished(async () => {
    await server.stop()
    await removeDataDir(server.dataDir)
  })
  const runOf = async (path: string, message: unknown): Promise<Answer> => {
    const sent = await fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
    })
    const { id }: Answer = await sent.json()
    const { items } = await eventually(
      () => server.api('GET', `/api/runs?eventId=${id}`),
      ({ items: [run] }) => run?.state === 'succeeded' || run?.state === 'failed',
    )
    return server.api('GET', `/api/runs/${items[0].id}`)
  }
  const code = `const kept = []
    while (kept.length < message.megabytes) kept.push(new Array(2 ** 17).fill(0.5))
    return kept.length`
  const keeps = await publish(server, chain({}, ['script', { code }]), 'Keeps much')
  const doubles = await publish(server, chain({}, ['script', { code: 'return message * 2' }]), 'Neighbour')
  expect(await runOf(keeps.path, { megabytes: 24 })).toMatchObject({ state: 'succeeded' })
  const failing = runOf(keeps.path, { megabytes: 128 })
  for (let n = 0; n < 10; n += 1) {
    const { steps } = await runOf(doubles.path, n)
    expect(steps[1]).toMatchObject({ state: 'succeeded', output: n * 2 })
  }
  const failed = await failing
  expect(failed).toMatchObject({ state: 'failed', error: { code: 'memory-limit', nodeId: 'script' } })
  expect(failed.error.message).toContain('more than 64 MB of memory')
  expect(await runOf(keeps.path, { megabytes: 24 })).toMatchObject({ state: 'succeeded' })
})
