import { expect, test } from 'vitest'
import { openReceiver } from '../support/receiver.ts'
import { eventually, removeDataDir, startServer } from '../support/server.ts'
import { publish } from '../support/workflows.ts'

const hook = { id: 'hook', type: 'webhook', data: { config: { verification: { scheme: 'none' } } } }
const graphOf = (last: object) => ({
  nodes: [hook, { id: 'last', ...last }],
  edges: [{ id: 'e', source: 'hook', target: 'last' }],
})

test.each([
  // 0.1 s, and 1 kB: all that has ended is old, or too much.
  ['HOOKLOOM_RETENTION_DAYS', '0.000001'],
  ['HOOKLOOM_RETENTION_GB', '0.000001'],
])('%s removes what has ended and keeps what has not, and the books balance', async (name, value) => {
  const receiver = await openReceiver()
  const first = await startServer()
  const ends = await publish(first, graphOf({ type: 'http', data: { config: { url: receiver.url } } }))
  const waits = await publish(first, graphOf({ type: 'delay', data: { config: { for: 3_600 } } }))
  const post = (path: string) => fetch(`${first.url}${path}`, { method: 'POST', body: '{}' })
  for (let n = 0; n < 250; n += 1) await post(ends.path)
  for (let n = 0; n < 3; n += 1) await post(waits.path)
  const balanceOf = (server: typeof first) => server.api('GET', '/api/balance')
  await eventually(
    () => balanceOf(first),
    ({ succeeded }) => succeeded === 250,
    30_000,
  )
  await first.stop()

  const second = await startServer({ dataDir: first.dataDir, environment: { [name]: value } })
  const left = await eventually(
    () => balanceOf(second),
    ({ accepted }) => accepted <= 3,
    30_000,
  )
  expect(left).toMatchObject({ accepted: 3, succeeded: 0, pending: 3, balanced: true })
  const { items } = await second.api('GET', `/api/runs?workflowId=${waits.id}`)
  expect(items.map(({ state }: { state: string }) => state)).toEqual(['waiting', 'waiting', 'waiting'])
  expect((await second.api('GET', `/api/events?workflowId=${ends.id}`)).items).toEqual([])
  await second.stop()
  await removeDataDir(second.dataDir)
  await receiver.close()
})
