/** "Send a sample": what the editor sends in a provider's name is let in by the real door, as the provider's own would be. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { providers, senders } from '../../nodes/providers/index.ts'
import { type Answer, type RunningServer, removeDataDir, startServer } from '../support/server.ts'
import { plainWays } from '../support/ways.ts'

let server: RunningServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await server.stop()
  await removeDataDir(server.dataDir)
})

/** Those whose private key only they have: a sample is refused in words. */
const ownKeys = new Set([
  'aws-sns',
  'discord',
  'discord-events',
  'google-pubsub',
  'paypal',
  'plaid',
  'sendgrid',
])

test.each(senders.map(({ id }) => id))('a sample of %s', async (id) => {
  const ways = plainWays().filter(({ settings }) => settings.scheme === id && settings.variant === undefined)
  // A public key signs nothing; the same sender's shared secret does.
  const way = ways.find(({ pairs: [{ told }] }) => !told.startsWith('whpk_'))
  const [secret] = way?.pairs ?? []
  const verification = { ...way?.settings, scheme: id, secret: secret?.told ?? 'a-secret-of-no-use:a:b' }
  const graph = { nodes: [{ id: 'hook', type: 'webhook', data: { config: { verification } } }], edges: [] }
  const made: Answer = await server.api('POST', '/api/workflows', { name: id, graph, publish: true })
  const sent = async () => server.call('POST', `/api/workflows/${made.id}/sample`)
  const first = await sent()
  if (ownKeys.has(id)) {
    expect([first.status, first.body.detail]).toEqual([409, expect.stringContaining('cannot be signed')])
    return
  }
  const status = providers.get(id)?.answer?.status ?? 200
  expect([first.status, first.body.status]).toEqual([200, status])
  // Another one is another delivery, wherever the sender names its deliveries.
  expect((await sent()).body.status).toBe(status)
  const { items } = await server.api('GET', `/api/events?workflowId=${made.id}`)
  expect(items.map(({ verified }: Answer) => verified)).toEqual([true, true])
})
