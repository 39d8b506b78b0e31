/** What went through a workflow lately, over the API. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as api from '../../nodes/contract/api.ts'
import { hook, node, openWorld, send, type World } from '../http/world.ts'
import { eventually } from '../support/server.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

test('is counted by node and port, with the events that left there last', async () => {
  const made = await world.make({
    nodes: [hook(), node('main', 'filter', { condition: 'n > 1' }), send(`${world.receiver.url}/activity`)],
    edges: [
      { id: 'e1', source: 'hook', target: 'main' },
      { id: 'e2', source: 'main', sourceHandle: 'match', target: 'send' },
    ],
  })
  const small = await world.post(made, { n: 1 })
  const large = [await world.post(made, { n: 2 }), await world.post(made, { n: 3 })]
  const read = async () =>
    api.activity.parse((await world.ask('GET', `/api/workflows/${made.id}/activity?minutes=5`)).body)
  const activity = await eventually(
    read,
    ({ states }) => states['succeeded'] === 2 && states['filtered'] === 1,
  )
  expect(activity).toMatchObject({ counted: 3, isAll: true })
  const ports = Object.fromEntries(activity.nodes.map(({ nodeId, ports }) => [nodeId, ports]))
  expect(ports['hook']).toMatchObject([{ port: 'out', count: 3 }])
  expect(ports['send']).toMatchObject([{ port: 'success', count: 2 }])
  const crossed = Object.fromEntries(
    (ports['main'] ?? []).map(({ port, newest }) => [port, newest.map(({ eventId }) => eventId)]),
  )
  expect(crossed['match']?.toSorted()).toEqual(large.toSorted())
  expect(crossed['otherwise']).toEqual([small])
})

test('asks for at most a day', async () => {
  const made = await world.make({ nodes: [hook()], edges: [] })
  const answer = await world.ask('GET', `/api/workflows/${made.id}/activity?minutes=1441`)
  expect(answer.status).toBe(422)
  expect(answer.body.detail).toContain('at most 1440')
})
