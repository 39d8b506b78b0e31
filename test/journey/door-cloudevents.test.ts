/** CloudEvents in the three forms that their HTTP binding has: structured, binary, and a batch. */
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

const verification = { scheme: 'cloudevents', secret: 'shown-by-the-sender' }
const view = [
  'transform',
  { expression: "{ 'type': $event.type, 'version': $event.version, 'message': $ }" },
] as const
const naming = { version: 'header:ce-specversion' }

async function send(path: string, headers: Readonly<Record<string, string>>, body: unknown): Promise<Answer> {
  const response = await fetch(server.url + path, {
    method: 'POST',
    headers: { authorization: 'Bearer shown-by-the-sender', ...headers },
    body: JSON.stringify(body),
  })
  return response.json()
}

async function eventOf(id: string): Promise<{ readonly event: Answer; readonly output: Answer }> {
  const { items } = await eventually(
    () => server.api('GET', `/api/runs?eventId=${id}&state=succeeded`),
    ({ items }) => items.length === 1,
  )
  const run = await server.api('GET', `/api/runs/${items[0].id}`)
  return { event: await server.api('GET', `/api/events/${id}`), output: run.steps.at(-1).output }
}

const order = (id: string) => ({
  specversion: '1.0',
  type: 'com.example.order',
  source: '/shop',
  id,
  data: { n: 1 },
})
const structured = { 'content-type': 'application/cloudevents+json; charset=utf-8' }

test('structured: the whole event is the message, and its fields name it', async () => {
  const { path } = await publish(
    server,
    chain({ verification, naming: { version: 'body:specversion' } }, view),
    'Structured',
  )
  const { id } = await send(path, structured, order('A-1'))
  const { event, output } = await eventOf(id)
  expect(event).toMatchObject({ type: 'com.example.order', dedupeKey: 'id:A-1', verified: true })
  expect(output).toEqual({ type: 'com.example.order', version: '1.0', message: order('A-1') })
  expect((await send(path, structured, order('A-1'))).id).toBe(id)
})

test('binary: the data is the message, and headers name it', async () => {
  const { path } = await publish(server, chain({ verification, naming }, view), 'Binary')
  const headers = {
    'content-type': 'application/json',
    'ce-specversion': '1.0',
    'ce-type': 'com.example.order',
    'ce-source': '/shop',
    'ce-id': 'B-1',
  }
  // Its data has an id and a type of its own, which are not the event's.
  const data = { id: 'not-this', type: 'nor-this' }
  const { id } = await send(path, headers, data)
  const { event, output } = await eventOf(id)
  expect(event).toMatchObject({ type: 'com.example.order', dedupeKey: 'id:B-1' })
  expect(output).toEqual({ type: 'com.example.order', version: '1.0', message: data })
})

test('a batch is one event, or one for each of its items', async () => {
  const type = { 'content-type': 'application/cloudevents-batch+json' }
  const batch = [order('C-1'), { ...order('C-2'), type: 'com.example.refund' }]
  const whole = await publish(server, chain({ verification }, view), 'Whole')
  const one = await eventOf((await send(whole.path, type, batch)).id)
  expect(one.output).toEqual({ type: 'com.example.order', version: null, message: batch })
  const apart = await publish(server, chain({ verification, items: 'each' }, view), 'Apart')
  const { ids }: Answer = await send(apart.path, type, batch)
  const events = await Promise.all(ids.map(eventOf))
  expect(events.map(({ event }: Answer) => [event.type, event.dedupeKey])).toEqual([
    ['com.example.order', 'id:C-1'],
    ['com.example.refund', 'id:C-2'],
  ])
  expect((await send(apart.path, type, batch)).ids).toEqual(ids)
})
