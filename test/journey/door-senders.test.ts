/**
 * Real senders: what the providers' own libraries sign goes through a real server and a graph to a real receiver; what
 * somebody else changed on its way does not.
 */
import { createRequire } from 'node:module'
import { sign as signAsGitHub } from '@octokit/webhooks-methods'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chain } from '../support/chain.ts'
import { type Receiver, openReceiver } from '../support/receiver.ts'
import { type Headers, type Sender, hmac, now, secret, senders } from '../support/senders.ts'
import { type Answer, type RunningServer, eventually, removeDataDir, startServer } from '../support/server.ts'
import { publish } from '../support/workflows.ts'

let server: RunningServer
let receiver: Receiver

beforeAll(async () => {
  receiver = await openReceiver()
  server = await startServer()
})
afterAll(async () => {
  await server.stop()
  await receiver.close()
  await removeDataDir(server.dataDir)
})

type Place = Awaited<ReturnType<typeof open>>

/** Verified → only if verified → its type and its content → the receiver, at a path of its own. */
async function open(name: string, verification: Sender['verification']) {
  const place = `/${encodeURIComponent(name)}`
  const graph = chain(
    { verification },
    ['filter', { condition: '$event.verified' }],
    ['transform', { expression: "{ 'type': $event.type, 'message': $ }" }],
    ['http', { url: `${receiver.url}${place}` }],
  )
  const { id, path } = await publish(server, graph, name)
  const requests = () => receiver.requests.filter(({ url }) => url === place)
  const arrived = () => requests().map(({ text }): Answer => JSON.parse(text))
  return { id, url: `${server.url}${path}`, requests, arrived }
}

async function deliver(url: string, body: string, headers: Headers, contentType = 'application/json') {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': contentType, ...headers },
    body,
  })
  const text = await response.text()
  return { status: response.status, type: response.headers.get('content-type'), text }
}

/** One delivery, signed anew as a sender that tries again does. */
async function send({ message, sign }: Sender, { url }: Place, delivery: string) {
  const body = JSON.stringify(message(delivery))
  return deliver(url, body, await sign(body, delivery))
}

const idOf = ({ text }: { readonly text: string }): string => (JSON.parse(text) as { readonly id: string }).id

const list = async (what: 'events' | 'rejections' | 'runs', { id }: Place): Promise<Answer[]> =>
  (await server.api('GET', `/api/${what}?workflowId=${id}&limit=200`)).items

for (const sender of senders) {
  const { name, verification, message, sign, type, namesDeliveries = true } = sender

  test(`${name}: what it signs arrives as it was sent`, async () => {
    const place = await open(name, verification)
    const taken = await send(sender, place, 'delivery-1')
    expect(taken.status, taken.text).toBe(200)
    await eventually(place.arrived, ({ length }) => length > 0)
    expect(place.arrived()).toEqual([{ type, message: message('delivery-1') }])
    expect(await list('events', place)).toMatchObject([{ id: idOf(taken), verified: true, type }])
  })

  test(`${name}: what was changed on its way, or is not signed, gets 401, is recorded with its reason and goes no further`, async () => {
    const place = await open(`${name}, changed`, verification)
    const body = JSON.stringify(message('delivery-2'))
    const changed = await deliver(place.url, body.replace('{', '{ '), await sign(body, 'delivery-2'))
    expect(changed).toMatchObject({ status: 401, type: 'application/problem+json; charset=utf-8' })
    expect(JSON.parse(changed.text)).toMatchObject({ status: 401, reason: 'signature-mismatch' })
    expect(await deliver(place.url, body, {})).toMatchObject({ status: 401 })
    expect(await list('rejections', place)).toMatchObject([
      { status: 401, reason: 'signature-missing', bodyBytes: Buffer.byteLength(body) },
      { status: 401, reason: 'signature-mismatch', bodyBytes: Buffer.byteLength(body) + 1 },
    ])
    expect(await list('events', place)).toEqual([])
    expect(place.arrived()).toEqual([])
  })

  if (!namesDeliveries) continue

  test(`${name}: a delivery that comes again gets the first one’s answer, is counted and does not run`, async () => {
    const place = await open(`${name}, again`, verification)
    const first = await send(sender, place, 'delivery-3')
    expect(await send(sender, place, 'delivery-3')).toEqual(first)
    const other = await send(sender, place, 'delivery-4')
    expect(idOf(other)).not.toBe(idOf(first))
    await eventually(place.arrived, ({ length }) => length >= 2)
    expect(await list('events', place)).toMatchObject([
      { id: idOf(other), duplicates: 0 },
      { id: idOf(first), duplicates: 1 },
    ])
    expect(await list('runs', place)).toHaveLength(2)
    expect(place.arrived()).toHaveLength(2)
  })

  test(`${name}: the same delivery eight times at once makes one run`, async () => {
    const place = await open(`${name}, at once`, verification)
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(sender, place, 'delivery-5')))
    expect(new Set(answers.map(({ text }) => text)).size, answers[0]?.text).toBe(1)
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(await list('events', place)).toMatchObject([{ duplicates: 7 }])
    expect(await list('runs', place)).toHaveLength(1)
    await eventually(place.arrived, ({ length }) => length > 0)
    expect(place.arrived()).toHaveLength(1)
  })
}

/** A JSON file whose types say that it is a module. */
const examples = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly {
  readonly name: string
  readonly examples: readonly object[]
}[]

const inOrder = (items: readonly object[]) => items.map((item) => JSON.stringify(item)).toSorted()

test('every example payload of GitHub arrives, as JSON; one of each event also as a form', async () => {
  const place = await open('examples', { scheme: 'github', secret })
  const sent = examples.flatMap(({ name, examples: payloads }) =>
    payloads.flatMap((payload, n) => [
      { name, payload, asForm: false },
      ...(n === 0 ? [{ name, payload, asForm: true }] : []),
    ]),
  )
  expect(new Set(sent.map(({ name }) => name)).size).toBeGreaterThan(50)
  const ids = new Map<string, (typeof sent)[number]>()
  const queue = sent.entries()
  const sendNext = async () => {
    for (const [n, each] of queue) {
      const json = JSON.stringify(each.payload)
      const body = each.asForm ? new URLSearchParams({ payload: json }).toString() : json
      const taken = await deliver(
        place.url,
        body,
        {
          'x-github-event': each.name,
          'x-github-delivery': `example-${n}`,
          'x-hub-signature-256': await signAsGitHub(secret, body),
        },
        each.asForm ? 'application/x-www-form-urlencoded' : 'application/json',
      )
      expect(taken.status, `${each.name}: ${taken.text}`).toBe(200)
      ids.set(idOf(taken), each)
    }
  }
  await Promise.all(Array.from({ length: 8 }, sendNext))
  expect(ids.size).toBe(sent.length)
  // Parsed once they are all there: four megabytes are not looked through every few milliseconds.
  await eventually(place.requests, ({ length }) => length >= sent.length, 50_000)
  expect(inOrder(place.arrived())).toEqual(
    inOrder(sent.map(({ name, payload }) => ({ type: name, message: payload }))),
  )
  expect(await server.api('GET', '/api/balance')).toMatchObject({ balanced: true, failed: 0, cancelled: 0 })
}, 60_000)

test('Slack’s url_verification is answered with its challenge and is no event; unsigned it is refused', async () => {
  const place = await open('Slack, asked', { scheme: 'slack', secret })
  const body = JSON.stringify({ type: 'url_verification', token: 'x', challenge: '3eZbrw1aBm2rZgRNFdxV' })
  const at = `${now()}`
  const signature = `v0=${hmac('hex', `v0:${at}:${body}`)}`
  const headers = { 'x-slack-request-timestamp': at, 'x-slack-signature': signature }
  expect(await deliver(place.url, body, headers)).toEqual({
    status: 200,
    type: 'text/plain; charset=utf-8',
    text: '3eZbrw1aBm2rZgRNFdxV',
  })
  expect(await deliver(place.url, body, {})).toMatchObject({ status: 401 })
  expect(await list('events', place)).toEqual([])
  expect(await list('rejections', place)).toHaveLength(1)
})

test('Slack’s commands and buttons come as forms: signed as they are, and read as what they carry', async () => {
  const place = await open('Slack, forms', { scheme: 'slack', secret })
  const deliverForm = (body: string) => {
    const at = `${now()}`
    const headers = {
      'x-slack-request-timestamp': at,
      'x-slack-signature': `v0=${hmac('hex', `v0:${at}:${body}`)}`,
    }
    return deliver(place.url, body, headers, 'application/x-www-form-urlencoded')
  }
  const pressed = { type: 'block_actions', trigger_id: '13.b', actions: [{ action_id: 'go' }] }
  for (const body of [
    'command=%2Fweather&text=94070&trigger_id=13.a',
    `payload=${encodeURIComponent(JSON.stringify(pressed))}`,
  ]) {
    expect(await deliverForm(body)).toMatchObject({ status: 200 })
    expect(await deliverForm(body)).toMatchObject({ status: 200 })
  }
  await eventually(place.arrived, ({ length }) => length === 2)
  expect(inOrder(place.arrived())).toEqual(
    inOrder([
      { type: '/weather', message: { command: '/weather', text: '94070', trigger_id: '13.a' } },
      { type: 'block_actions', message: pressed },
    ]),
  )
  expect(await list('events', place)).toMatchObject([{ duplicates: 1 }, { duplicates: 1 }])
})

test('Meta’s hub.challenge comes back for the right verify token; a wrong one gets 403 and is not kept', async () => {
  const place = await open('Meta, asked', { scheme: 'meta', secret, verifyToken: 'a-verify-token' })
  const ask = (token: string) =>
    fetch(`${place.url}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`)
  const right = await ask('a-verify-token')
  expect([right.status, right.headers.get('content-type'), await right.text()]).toEqual([
    200,
    'text/plain; charset=utf-8',
    '1158201444',
  ])
  const wrong = await ask('nearly-the-right-one')
  expect([wrong.status, await wrong.json()]).toMatchObject([403, { reason: 'handshake-token' }])
  expect(await list('events', place)).toEqual([])
  const [rejection] = await list('rejections', place)
  expect(rejection).toMatchObject({ status: 403, reason: 'handshake-token' })
  expect(JSON.stringify(rejection)).not.toContain('nearly-the-right-one')
})

test('GitLab’s secret token lets in; a wrong one gets 401, and neither is on record', async () => {
  const place = await open('GitLab, token', { scheme: 'gitlab', secret: 'the-token-of-gitlab' })
  const body = '{"object_kind":"push"}'
  const deliverWith = (token: string) =>
    deliver(place.url, body, { 'x-gitlab-token': token, 'x-gitlab-event': 'Push Hook' })
  expect(await deliverWith('the-token-of-gitlab')).toMatchObject({ status: 200 })
  expect(await deliverWith('the-token-of-yesterday')).toMatchObject({ status: 401 })
  await eventually(place.arrived, ({ length }) => length > 0)
  const [events, rejections] = [await list('events', place), await list('rejections', place)]
  expect([events, rejections]).toMatchObject([[{ verified: true }], [{ reason: 'token-mismatch' }]])
  expect(JSON.stringify([events, rejections])).not.toMatch(/the-token-of/)
  expect(JSON.stringify(rejections)).toContain('•••')
})
