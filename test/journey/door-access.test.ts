/** Who is let in, and when it runs: paused, unpublished and deleted workflows, drafts under test, networks and proxies. */
import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chain } from '../support/chain.ts'
import { type Receiver, openReceiver } from '../support/receiver.ts'
import { senders } from '../support/senders.ts'
import { type Answer, type RunningServer, eventually, removeDataDir, startServer } from '../support/server.ts'
import { publish } from '../support/workflows.ts'

let server: RunningServer
let proxied: RunningServer
let receiver: Receiver

beforeAll(async () => {
  receiver = await openReceiver()
  server = await startServer()
  proxied = await startServer({ environment: { HOOKLOOM_TRUST_PROXY: '127.0.0.1/32' } })
})
afterAll(async () => {
  await Promise.all([server.stop(), proxied.stop(), receiver.close()])
  await Promise.all([server, proxied].map(({ dataDir }) => removeDataDir(dataDir)))
})

async function send(
  path: string,
  message: unknown,
  headers: Readonly<Record<string, string>> = {},
  to = server,
) {
  const response = await fetch(`${to.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(message),
  })
  const body: Answer = await response.json()
  return { status: response.status, body }
}

const items = async (what: 'events' | 'rejections' | 'runs', id: string, on = server): Promise<Answer[]> =>
  (await on.api('GET', `/api/${what}?workflowId=${id}&limit=200`)).items
const haveSucceeded = (runs: readonly Answer[]): boolean => runs.every(({ state }) => state === 'succeeded')
const balance = (): Promise<Answer> => server.api('GET', '/api/balance')
const arrivedAt = (place: string) => () =>
  receiver.requests.filter(({ url }) => url === place).map(({ text }) => text)
const toReceiver = (place: string, webhook = {}) =>
  chain(webhook, ['http', { url: `${receiver.url}${place}` }])

/** Made, but not published. */
async function draft(name: string, graph: unknown): Promise<{ readonly id: string; readonly path: string }> {
  const made = await server.api('POST', '/api/workflows', { name, graph })
  return { id: made.id, path: new URL(made.hook.url).pathname }
}

test('a paused workflow verifies, stores and answers 200, and runs what it held in order once it is enabled', async () => {
  const { id, path } = await publish(server, toReceiver('/paused'), 'Paused')
  await server.api('PATCH', `/api/workflows/${id}`, { enabled: false })
  const before = await balance()
  const sent: Answer[] = []
  for (let n = 0; n < 20; n += 1) sent.push(await send(path, n))
  expect(sent.map(({ status }) => status)).toEqual(sent.map(() => 200))
  expect(await balance()).toMatchObject({
    accepted: before.accepted + 20,
    held: before.held + 20,
    balanced: true,
  })
  expect((await items('runs', id)).map(({ state }) => state)).toEqual(sent.map(() => 'held'))
  expect(arrivedAt('/paused')()).toEqual([])

  await server.api('PATCH', `/api/workflows/${id}`, { enabled: true })
  const arrived = await eventually(arrivedAt('/paused'), ({ length }) => length >= 20)
  expect(arrived.toSorted((a, b) => Number(a) - Number(b))).toEqual(sent.map((_each, n) => String(n)))
  const runs = await eventually(() => items('runs', id), haveSucceeded)
  const started = runs.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt))
  // Runs that started in the same millisecond have no order among themselves.
  const order = started.map(({ eventId, startedAt }) => ({
    at: startedAt,
    n: sent.findIndex(({ body }) => body.id === eventId),
  }))
  expect(
    order.filter(({ at, n }, index) => order.slice(0, index).some((other) => other.at < at && other.n > n)),
  ).toEqual([])
  expect(await balance()).toMatchObject({ held: before.held, balanced: true })
  expect(await send(path, 20)).toMatchObject({ status: 200 })
  await eventually(arrivedAt('/paused'), ({ length }) => length === 21)
})

test('a packed body that was refused arrives unpacked when it is accepted by hand; one that was cut cannot be', async () => {
  const { id, path } = await draft('Packed', toReceiver('/packed'))
  const post = (body: Uint8Array<ArrayBuffer>) =>
    fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body,
    })
  await post(new Uint8Array(gzipSync('{"packed":true}')))
  await post(new Uint8Array(randomBytes(80 * 1_024)))
  await server.api('POST', `/api/workflows/${id}/publish`)
  const [cut, whole] = await items('rejections', id)
  expect(await server.call('POST', `/api/rejections/${whole.id}/accept`)).toMatchObject({ status: 201 })
  expect(await eventually(arrivedAt('/packed'), ({ length }) => length > 0)).toEqual(['{"packed":true}'])
  const refused = await server.call('POST', `/api/rejections/${cut.id}/accept`)
  expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining('not whole') } })
})

test('what comes before the first publish gets 404, is kept, and can be accepted by hand: then it runs, once', async () => {
  const { id, path } = await draft('Early', toReceiver('/early'))
  expect(await send(path, { early: true })).toMatchObject({ status: 404, body: { reason: 'unpublished' } })
  const [rejection] = await items('rejections', id)
  expect(rejection).toMatchObject({ status: 404, reason: 'unpublished', acceptedAs: null })
  const accept = () => server.call('POST', `/api/rejections/${rejection.id}/accept`)
  expect(await accept()).toMatchObject({ status: 409 })
  await server.api('POST', `/api/workflows/${id}/publish`)
  const accepted = await accept()
  expect(accepted).toMatchObject({ status: 201, body: { workflowId: id, verified: false } })
  expect(await eventually(arrivedAt('/early'), ({ length }) => length > 0)).toEqual(['{"early":true}'])
  expect(await accept()).toMatchObject({ status: 409 })
  expect(await items('rejections', id)).toMatchObject([{ acceptedAs: accepted.body.id }])
  expect(await items('runs', id)).toHaveLength(1)
  expect((await balance()).balanced).toBe(true)
})

test('a token that was replaced, and that of a deleted workflow, get 404 and leave no record', async () => {
  const { id, path } = await publish(server, chain({}), 'Gone')
  const { hook } = await server.api('POST', `/api/workflows/${id}/rotate-hook`)
  const before = await balance()
  expect(await send(path, {})).toMatchObject({ status: 404, body: { detail: 'No workflow has this URL.' } })
  const next = new URL(hook.url).pathname
  expect(await send(next, {})).toMatchObject({ status: 200 })
  expect(await server.call('DELETE', `/api/workflows/${id}`)).toMatchObject({ status: 204 })
  expect(await send(next, {})).toMatchObject({ status: 404 })
  expect((await balance()).rejected).toBe(before.rejected)
})

test('/hooks-test runs the draft as a test, with the same verification, without dedupe, and beside the balance', async () => {
  const [github] = senders
  if (github === undefined) throw new Error('no sender')
  const { verification, message, sign } = github
  const { id, path } = await publish(server, toReceiver('/published', { verification }), 'Tested')
  await server.api('PATCH', `/api/workflows/${id}`, { graph: toReceiver('/drafted', { verification }) })
  const before = await balance()
  const place = path.replace('/hooks/', '/hooks-test/')
  const headers = await sign(JSON.stringify(message('same')), 'same')
  const [first, second] = [
    await send(place, message('same'), headers),
    await send(place, message('same'), headers),
  ]
  expect([first.status, second.status, first.body.id === second.body.id]).toEqual([200, 200, false])
  expect(await send(place, message('same'))).toMatchObject({ status: 401 })
  await eventually(arrivedAt('/drafted'), ({ length }) => length === 2)
  expect(arrivedAt('/published')()).toEqual([])
  expect(await items('runs', id)).toMatchObject([
    { kind: 'test', version: null },
    { kind: 'test', version: null },
  ])
  expect(await items('events', id)).toMatchObject([{ kind: 'test' }, { kind: 'test' }])
  expect(await balance()).toEqual({ ...before, rejected: before.rejected + 1 })
})

test('/hooks-test of a draft whose webhook node is not finished says so, also to its owner', async () => {
  const { id, path } = await draft('Unfinished', chain({ methods: [] }))
  const sent = await send(path.replace('/hooks/', '/hooks-test/'), {})
  expect(sent).toMatchObject({ status: 404, body: { reason: 'unfinished' } })
  expect(await items('rejections', id)).toMatchObject([{ status: 404, reason: 'unfinished' }])
})

test('a network that is not allowed gets 403 whatever it signs; X-Forwarded-For of a stranger changes nothing', async () => {
  const { id, path } = await publish(server, chain({ allowFrom: ['192.0.2.0/24', '2001:db8::/32'] }), 'Far')
  for (const headers of [{}, { 'x-forwarded-for': '192.0.2.7' }, { forwarded: 'for=192.0.2.7' }]) {
    const sent = await send(path, {}, headers)
    expect(sent).toMatchObject({ status: 403, body: { reason: 'address-not-allowed' } })
  }
  const refused = { status: 403, reason: 'address-not-allowed', ip: '127.0.0.1' }
  expect(await items('rejections', id)).toMatchObject([refused, refused, refused])
  const near = await publish(server, chain({ allowFrom: ['127.0.0.0/8'] }), 'Near')
  expect(await send(near.path, {})).toMatchObject({ status: 200 })
})

test('whoever asks is told at which address the door sees it, and whose word is not believed', async () => {
  const seen = async (on: RunningServer, headers: Record<string, string>) =>
    (await on.call('GET', '/api/address', undefined, headers)).body
  const forwarded = { 'x-forwarded-for': '192.0.2.7' }
  expect(await seen(server, {})).toEqual({ address: '127.0.0.1', proxy: null, ignored: null })
  expect(await seen(server, forwarded)).toEqual({ address: '127.0.0.1', proxy: null, ignored: '192.0.2.7' })
  expect(await seen(proxied, forwarded)).toEqual({ address: '192.0.2.7', proxy: '127.0.0.1', ignored: null })
})

test('behind a trusted proxy the caller is the one that the proxy names, not one that the caller names', async () => {
  const { id, path } = await publish(proxied, chain({ allowFrom: ['192.0.2.0/24'] }), 'Proxied')
  const from = (forwarded: string) => send(path, {}, { 'x-forwarded-for': forwarded }, proxied)
  expect(await from('192.0.2.7')).toMatchObject({ status: 200 })
  expect(await from('198.51.100.1')).toMatchObject({ status: 403 })
  // The caller wrote the first address himself; our proxy added the second.
  expect(await from('192.0.2.7, 198.51.100.1')).toMatchObject({ status: 403 })
  expect(await send(path, {}, {}, proxied)).toMatchObject({ status: 403 })
  expect((await items('events', id, proxied)).map(({ ip }) => ip)).toEqual(['192.0.2.7'])
  expect((await items('rejections', id, proxied)).map(({ ip }) => ip)).toEqual([
    '127.0.0.1',
    '198.51.100.1',
    '198.51.100.1',
  ])
})
