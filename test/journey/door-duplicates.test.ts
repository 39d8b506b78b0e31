/** One delivery that comes more than once: counted, shown, answered as the first copy was, and not run. */
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chain } from '../support/chain.ts'
import { type Answer, type RunningServer, eventually, removeDataDir, startServer } from '../support/server.ts'
import { publish } from '../support/workflows.ts'

let server: RunningServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await server.stop()
  await removeDataDir(server.dataDir)
})

async function send(path: string, body: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
  return { status: response.status, body: await response.text() }
}
const eventsOf = async (id: string): Promise<Answer[]> =>
  (await server.api('GET', `/api/events?workflowId=${id}`)).items
const runsOf = async (id: string): Promise<Answer[]> =>
  (await server.api('GET', `/api/runs?workflowId=${id}`)).items

test.each([
  ['a header', 'header:X-Delivery', { 'x-delivery': 'd1' }, { 'x-delivery': 'd2' }],
  ['an expression', '$: $event.headers."x-order" & "/" & n', { 'x-order': '7' }, { 'x-order': '8' }],
])('named by %s, it is one for all copies and another for another name', async (_what, key, same, other) => {
  const { id, path } = await publish(server, chain({ dedupe: { key } }), 'Named')
  const sent = [await send(path, '{"n":1}', same), await send(path, '{"n":1}', same)]
  expect(sent[0]).toEqual(sent[1])
  expect((await send(path, '{"n":1}', other)).body).not.toBe(sent[0]?.body)
  expect((await eventsOf(id)).map(({ duplicates }) => duplicates)).toEqual([0, 1])
  expect(await runsOf(id)).toHaveLength(2)
})

test('named by its body, another byte makes another delivery', async () => {
  const { id, path } = await publish(server, chain({ dedupe: { key: 'body' } }), 'By body')
  for (const body of ['{"n":1}', '{"n":1}', '{"n": 1}', '{"n":1}']) await send(path, body)
  expect((await eventsOf(id)).map(({ duplicates }) => duplicates)).toEqual([0, 2])
})

test('is new again when its window is over', async () => {
  const { id, path } = await publish(server, chain({ dedupe: { key: 'body', windowSeconds: 1 } }), 'Short')
  await send(path, '1')
  await eventually(
    async () => {
      await send(path, '1')
      return eventsOf(id)
    },
    ({ length }) => length === 2,
  )
})

test('a copy that comes while the workflow still thinks of its answer gets that answer, and so does a late one', async () => {
  const { id, path } = await publish(
    server,
    chain(
      { answer: 'workflow', dedupe: { key: 'body' } },
      ['delay', { for: 1 }],
      ['respond', { status: 201, body: 'made {{ $event.id }}' }],
    ),
    'Thinks',
  )
  const first = send(path, '{"n":1}')
  await eventually(
    () => runsOf(id),
    ({ length }) => length === 1,
  )
  const copies = await Promise.all([send(path, '{"n":1}'), send(path, '{"n":1}')])
  const [event] = await eventsOf(id)
  const told = { status: 201, body: `made ${event.id}` }
  expect([await first, ...copies, await send(path, '{"n":1}')]).toEqual([told, told, told, told])
  expect(await eventsOf(id)).toMatchObject([{ duplicates: 3 }])
  expect(await runsOf(id)).toHaveLength(1)
})

test('what the sender itself calls a repetition is an event if its first copy was not let in, and is marked', async () => {
  const secret = 'of-this-slack-app'
  const { id, path } = await publish(server, chain({ verification: { scheme: 'slack', secret } }), 'Slack')
  const body = JSON.stringify({ type: 'event_callback', event_id: 'Ev1', event: { type: 'message' } })
  const signed = (retry?: number) => {
    const at = `${Math.floor(Date.now() / 1_000)}`
    const mac = createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')
    return {
      'x-slack-request-timestamp': at,
      'x-slack-signature': `v0=${mac}`,
      ...(retry !== undefined && { 'x-slack-retry-num': `${retry}` }),
    }
  }
  expect((await send(path, body)).status).toBe(401)
  expect((await send(path, body, signed(1))).status).toBe(200)
  expect((await send(path, body, signed(2))).status).toBe(200)
  expect(await eventsOf(id)).toMatchObject([{ isRetry: true, duplicates: 1, type: 'message' }])
  expect((await server.api('GET', '/api/balance')).balanced).toBe(true)
})
