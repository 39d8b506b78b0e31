/** One request that brings a list: whole as one event, or each item as an event with a run of its own. */
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
  const answer: Answer = await response.json()
  return { status: response.status, body: answer }
}
const eventsOf = async (id: string): Promise<Answer[]> =>
  (await server.api('GET', `/api/events?workflowId=${id}&limit=200`)).items

/** What the runs of these events put out, in the events' order. */
async function outputsOf(ids: readonly string[]): Promise<Answer[]> {
  const outputs: Answer[] = []
  for (const id of ids) {
    const { items } = await eventually(
      () => server.api('GET', `/api/runs?eventId=${id}&state=succeeded`),
      ({ items }) => items.length === 1,
    )
    outputs.push((await server.api('GET', `/api/runs/${items[0].id}`)).steps.at(-1).output)
  }
  return outputs
}
const same = ['transform', { expression: '$' }] as const
const each = (more = {}) => chain({ items: 'each', ...more }, same)

test('each item is an event with its own name, key and run, and no digit is lost', async () => {
  const config = { naming: { type: 'body:event' }, dedupe: { key: '$: sg_event_id' } }
  const { id, path } = await publish(server, each(config), 'Batch')
  const batch =
    '[{"event":"open","sg_event_id":"a","n":1},{"event":"click","sg_event_id":"b","n":12345678901234567890}]'
  const sent = await send(path, batch)
  expect(sent.status).toBe(200)
  expect(sent.body.ids).toHaveLength(2)
  expect(sent.body.id).toBe(sent.body.ids[0])
  const events = await Promise.all(
    sent.body.ids.map((one: string) => server.api('GET', `/api/events/${one}`)),
  )
  expect(events).toMatchObject([
    { type: 'open', dedupeKey: 'id:a', duplicates: 0 },
    { type: 'click', dedupeKey: 'id:b' },
  ])
  const stored = await fetch(`${server.url}/api/events/${sent.body.ids[1]}/body`, {
    headers: { authorization: 'Bearer test-token-0123456789abcdef' },
  })
  expect(await stored.text()).toBe('{"event":"click","sg_event_id":"b","n":12345678901234567890}')
  expect(await outputsOf(sent.body.ids)).toMatchObject([{ n: 1 }, { event: 'click' }])

  // One of them comes again, with one that is new.
  const again = await send(path, '[{"event":"click","sg_event_id":"b"},{"event":"open","sg_event_id":"c"}]')
  expect(again.body.ids[0]).toBe(sent.body.ids[1])
  expect(await eventsOf(id)).toHaveLength(3)
  expect(await server.api('GET', '/api/balance')).toMatchObject({
    accepted: 3,
    duplicates: 1,
    balanced: true,
  })
})

test('a name that only the request has makes no two of its items one, and a repeated request no event', async () => {
  const { id, path } = await publish(server, each({ dedupe: { key: 'header:X-Batch' } }), 'By header')
  const first = await send(path, '[1,2,3]', { 'x-batch': 'b1' })
  expect((await send(path, '[1,2,3]', { 'x-batch': 'b1' })).body).toEqual(first.body)
  expect((await eventsOf(id)).map(({ duplicates }) => duplicates)).toEqual([1, 1, 1])
})

test('lines of NDJSON are a list; a line that is none is named', async () => {
  const lines = { 'content-type': 'application/x-ndjson' }
  const whole = await publish(server, chain({}, same), 'Lines')
  const one = await send(whole.path, '{"a":1}\n\n{"a":2}\n', lines)
  expect(await outputsOf([one.body.id])).toEqual([[{ a: 1 }, { a: 2 }]])
  const apart = await publish(server, each(), 'Lines apart')
  expect(await outputsOf((await send(apart.path, '{"a":1}\r\n"b"', lines)).body.ids)).toEqual([{ a: 1 }, 'b'])
  const wrong = await send(apart.path, '{"a":1}\n{"a":', lines)
  expect(wrong).toMatchObject({
    status: 400,
    body: { reason: 'invalid-json', detail: expect.stringMatching(/^Line 2:/) },
  })
})

test('whether a list is split is no expression: no message is there yet', async () => {
  const graph = chain({ items: { $: '"each"' } }, same)
  const { status, body } = await server.call('POST', '/api/workflows', {
    name: 'Split',
    graph,
    publish: true,
  })
  expect({ status, problems: JSON.stringify(body) }).toMatchObject({
    status: 422,
    problems: expect.stringContaining('a list is taken whole, or each of its items by itself'),
  })
})

test('what is no list, or an empty one, is one event; too many items are refused whole', async () => {
  const { id, path } = await publish(server, each(), 'Odd')
  expect((await send(path, '{"a":1}')).body.ids).toBeUndefined()
  expect((await send(path, '[]')).body.id).toMatch(/^evt_/)
  expect(await eventsOf(id)).toHaveLength(2)
  const many = JSON.stringify(Array.from({ length: 1_001 }, (_, n) => n))
  expect(await send(path, many)).toMatchObject({ status: 413, body: { reason: 'too-many-items' } })
  expect(await eventsOf(id)).toHaveLength(2)
  expect((await send(path, many.replace('[0,', '['))).body.ids).toHaveLength(1_000)
})

test('a refused list that is accepted by hand becomes its items, once', async () => {
  const made: Answer = await server.api('POST', '/api/workflows', { name: 'Early list', graph: each() })
  await send(new URL(made.hook.url).pathname, '["x","y"]')
  await server.api('POST', `/api/workflows/${made.id}/publish`)
  const [rejection] = (await server.api('GET', `/api/rejections?workflowId=${made.id}`)).items
  const accepted = await server.call('POST', `/api/rejections/${rejection.id}/accept`)
  expect(accepted.status).toBe(201)
  const events = await eventsOf(made.id)
  expect(events.map(({ acceptedFrom }) => acceptedFrom)).toEqual([rejection.id, rejection.id])
  expect(new Set(await outputsOf(events.map(({ id }) => id)))).toEqual(new Set(['x', 'y']))
})

test('a workflow that answers itself takes lists whole: publishing says so', async () => {
  const { problems } = await server.api('POST', '/api/validate', { graph: each({ answer: 'workflow' }) })
  expect(problems[0].message).toMatch(/no one run to wait for/)
})
