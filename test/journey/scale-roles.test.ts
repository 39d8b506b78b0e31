import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { untilBusy, untilIdle, within } from '../sandbox/world.ts'
import { type Fleet, hasFleet, noFleet, startFleet } from '../support/fleet.ts'
import { sendAll } from '../support/load.ts'
import { descendants } from '../support/processes.ts'
import { type Receiver, openReceiver } from '../support/receiver.ts'
import { apiToken, eventually, removeDataDir, startServer } from '../support/server.ts'
import { githubSecret, publish, pushGraph } from '../support/workflows.ts'

const open = { id: 'hook', type: 'webhook', data: { config: { verification: { scheme: 'none' } } } }
const post = (url: string, body: unknown) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

describe.skipIf(!hasFleet)(`one web and one worker process${noFleet}`, () => {
  let fleet: Fleet
  let receiver: Receiver
  beforeAll(async () => {
    receiver = await openReceiver()
    fleet = await startFleet()
  }, 300_000)
  afterAll(async () => {
    await fleet.close()
    await receiver.close()
  })

  test('the web process accepts, the worker runs, and a page hears of it as it happens', async () => {
    const { id, path } = await publish(fleet.web, pushGraph(receiver.url))
    const stream = await fetch(`${fleet.web.url}/api/live?workflowId=${id}`, {
      headers: { authorization: `Bearer ${apiToken}` },
    })
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
    await sendAll({ url: () => `${fleet.web.url}${path}`, secret: githubSecret, count: 1, connections: 1 })
    let heard = ''
    while (!/"kind":"run"[^\n]*"state":"succeeded"/.test(heard)) heard += (await reader?.read())?.value ?? ''
    await reader?.cancel()
    expect(heard).toMatch(/"kind":"event"[\s\S]*"kind":"step"[\s\S]*"kind":"run"/)
    expect(receiver.requests).toHaveLength(1)
    expect(await fleet.web.api('GET', '/api/balance')).toMatchObject({
      accepted: 1,
      succeeded: 1,
      balanced: true,
    })
  })

  test('a worker has no door and no API, and answers its probes', async () => {
    const [worker] = fleet.workers
    expect((await worker?.call('GET', '/api/workflows'))?.status).toBe(404)
    expect((await worker?.call('POST', '/hooks/abc', {}))?.status).toBe(404)
    expect(await worker?.api('GET', '/healthz')).toEqual({ status: 'ok' })
    expect(await worker?.api('GET', '/readyz')).toEqual({ status: 'ready' })
    expect((await worker?.call('GET', '/metrics'))?.body).toContain('hookloom_runs_total')
  })

  test('the caller gets the answer that its workflow gives in another process', async () => {
    const { path } = await publish(fleet.web, {
      nodes: [
        { ...open, data: { config: { ...open.data.config, answer: 'workflow' } } },
        { id: 'reply', type: 'respond', data: { config: { status: 201, body: 'hello {{ name }}' } } },
      ],
      edges: [{ id: 'e', source: 'hook', target: 'reply' }],
    })
    const answer = await post(`${fleet.web.url}${path}`, { name: 'Ada' })
    expect([answer.status, await answer.text()]).toEqual([201, 'hello Ada'])
  })

  test('a run that is cancelled at the web process is broken off in the worker', async () => {
    const slow = await openReceiver({ behaviour: { kind: 'hang' } })
    const { id, path } = await publish(fleet.web, {
      nodes: [open, { id: 'send', type: 'http', data: { config: { url: slow.url } } }],
      edges: [{ id: 'e', source: 'hook', target: 'send' }],
    })
    await post(`${fleet.web.url}${path}`, {})
    await slow.received(1)
    const { items } = await fleet.web.api('GET', `/api/runs?workflowId=${id}`)
    await fleet.web.api('POST', `/api/runs/${items[0].id}/cancel`)
    await eventually(
      () => fleet.web.api('GET', `/api/runs/${items[0].id}`),
      ({ state }) => state === 'cancelled',
    )
    await slow.close()
  })

  test('a run that nobody has claimed is broken off in the sandbox of the worker that has begun it', async () => {
    const { id, path } = await publish(fleet.web, {
      nodes: [
        open,
        { id: 'burn', type: 'script', data: { config: { code: 'for (;;) {}', timeoutMs: 20_000 } } },
      ],
      edges: [{ id: 'e', source: 'hook', target: 'burn' }],
    })
    const children = () => descendants(fleet.workers[0]?.process.pid ?? 0)
    await post(`${fleet.web.url}${path}`, {})
    await untilBusy(children)
    const { items } = await fleet.web.api('GET', `/api/runs?workflowId=${id}`)
    expect(items).toMatchObject([{ state: 'accepted' }])
    await fleet.web.api('POST', `/api/runs/${items[0].id}/cancel`)
    await untilIdle(children, within(2_000))
    expect(await fleet.web.api('GET', `/api/runs/${items[0].id}`)).toMatchObject({ state: 'cancelled' })
  })

  test('a secret and a version that change are used at once in every process', async () => {
    const graph = (word: string) => ({
      nodes: [
        open,
        {
          id: 'send',
          type: 'http',
          data: {
            config: {
              url: receiver.url,
              body: word,
              signing: { secret: { $secret: 'SIGN' } },
            },
          },
        },
      ],
      edges: [{ id: 'e', source: 'hook', target: 'send' }],
    })
    const other = await fleet.start('web')
    const secretOf = (letter: string) => `whsec_${Buffer.alloc(32, letter).toString('base64')}`
    await fleet.web.api('PUT', '/api/secrets/SIGN', { value: secretOf('a') })
    const { id, path } = await publish(fleet.web, graph('first'))
    const signatures: (string | undefined)[] = []
    const sent = async (word: string) => {
      const before = receiver.requests.length
      await post(`${other.url}${path}`, {})
      await receiver.received(before + 1)
      const request = receiver.requests.at(-1)
      expect(request?.text).toBe(word)
      signatures.push(request?.headers['webhook-signature'])
    }
    await sent('first')
    await fleet.web.api('PUT', '/api/secrets/SIGN', { value: secretOf('b') })
    const { revision } = await fleet.web.api('PATCH', `/api/workflows/${id}`, { graph: graph('second') })
    await fleet.web.api('POST', `/api/workflows/${id}/publish`, { revision })
    // A word between processes is gathered for 20 ms.
    await new Promise((resolve) => setTimeout(resolve, 500))
    await sent('second')
    expect(new Set(signatures).size).toBe(2)
    await other.stop()
    await removeDataDir(other.dataDir)
  })

  test('a rate is that of all processes together, and while Redis is away that of each', async () => {
    const { path } = await publish(fleet.web, {
      nodes: [{ ...open, data: { config: { ...open.data.config, limits: { perSecond: 0.01, burst: 5 } } } }],
      edges: [],
    })
    const other = await fleet.start('web')
    const sent = async () => {
      const statuses: number[] = []
      for (let n = 0; n < 12; n += 1) {
        const { url } = n % 2 === 0 ? fleet.web : other
        statuses.push((await post(`${url}${path}`, {})).status)
      }
      return statuses
    }
    expect(await sent()).toEqual([...Array<number>(5).fill(200), ...Array<number>(7).fill(429)])
    await fleet.redis.kill()
    await eventually(
      () => other.call('GET', '/readyz'),
      ({ body }) => body.note !== undefined,
    )
    expect((await sent()).filter((status) => status === 200)).toHaveLength(10)
    await fleet.redis.start()
    await other.stop()
    await removeDataDir(other.dataDir)
  })

  test('another key for secrets, a role without a store, and one URL without the other stop the start in one line', async () => {
    const start = (environment: Record<string, string>) => startServer({ environment })
    await expect(
      start({ ...fleet.environment, HOOKLOOM_SECRET_KEY: Buffer.alloc(32, 8).toString('base64') }),
    ).rejects.toThrow(/encrypted with another key/)
    await expect(start({ HOOKLOOM_ROLE: 'worker' })).rejects.toThrow(
      /HOOKLOOM_MONGODB_URL and HOOKLOOM_REDIS_URL/,
    )
    await expect(start({ HOOKLOOM_REDIS_URL: fleet.redis.url })).rejects.toThrow(/go together/)
    const { HOOKLOOM_SECRET_KEY: _, ...keyless } = fleet.environment
    await expect(start(keyless)).rejects.toThrow(/HOOKLOOM_SECRET_KEY is needed/)
  })
})
