/** What providers ask before and beside their events, and what they want to hear, through a real server. */
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Internet, internetFile, openInternet } from '../support/internet.ts'
import { signedAsSns, snsCertificate } from '../support/remote-ways.ts'
import { type Answer, type RunningServer, eventually, removeDataDir, startServer } from '../support/server.ts'
import { plainWays } from '../support/ways.ts'

let internet: Internet
let server: RunningServer

beforeAll(async () => {
  internet = await openInternet()
  internet.put(snsCertificate, { body: internetFile('sns.pem') })
  server = await startServer({ environment: internet.environment })
})
afterAll(async () => {
  await server.stop()
  await internet.close()
  await removeDataDir(server.dataDir)
})

async function open(
  verification: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
) {
  const graph = {
    nodes: [{ id: 'hook', type: 'webhook', data: { config: { verification, ...more } } }],
    edges: [],
  }
  const made: Answer = await server.api('POST', '/api/workflows', { name: 'Asked', graph, publish: true })
  if (made.hook === undefined) throw new Error(`not published: ${JSON.stringify(made)}`)
  const { pathname } = new URL(made.hook.url)
  const items = async (what: 'events' | 'rejections'): Promise<Answer[]> =>
    (await server.api('GET', `/api/${what}?workflowId=${made.id}&limit=50`)).items
  return {
    id: made.id as string,
    hookUrl: made.hook.url as string,
    events: () => items('events'),
    rejections: () => items('rejections'),
    async ask(
      method: string,
      query: string,
      { headers = {}, body }: { headers?: Record<string, string>; body?: string | Buffer } = {},
    ) {
      const response = await fetch(`${server.url}${pathname}${query}`, {
        method,
        headers,
        ...(body !== undefined && { body: typeof body === 'string' ? body : new Uint8Array(body) }),
      })
      return { status: response.status, headers: response.headers, text: await response.text() }
    },
  }
}

/** One right delivery of a provider's sample. */
async function deliveryOf(scheme: string, url: string, own: string) {
  const way = plainWays().find(({ settings }) => settings.scheme === scheme)
  if (way === undefined) throw new Error(`no way for ${scheme}`)
  return way.deliver({ told: own, own }, url, Date.now())
}

const topic = 'arn:aws:sns:eu-west-1:123456789012:Orders'
const subscription = (more: Readonly<Record<string, string>> = {}) => ({
  Type: 'SubscriptionConfirmation',
  MessageId: '165545c9-2a5c-472c-8df2-7ff2be2b3b1b',
  Token: '2336412f37',
  TopicArn: topic,
  Message: 'You have chosen to subscribe.',
  SubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37',
  Timestamp: new Date().toISOString(),
  SignatureVersion: '2',
  SigningCertURL: `https://${snsCertificate}`,
  ...more,
})
const visits = () => internet.asked.filter(({ path }) => path.includes('ConfirmSubscription'))

test('an SNS subscription is confirmed by a visit, once it is found to be signed, and is no event', async () => {
  const place = await open({ scheme: 'aws-sns', secret: topic })
  internet.put('sns.eu-west-1.amazonaws.com/', { body: '<ConfirmSubscriptionResponse/>' })
  const confirm = (message: Readonly<Record<string, string>>, changed = (text: string) => text) =>
    place.ask('POST', '', { body: changed(signedAsSns(message, 'SHA256').toString()) })

  expect(await confirm(subscription(), (text) => text.replace('You have', 'You had'))).toMatchObject({
    status: 401,
  })
  expect(await confirm(subscription({ TopicArn: `${topic}-of-somebody` }))).toMatchObject({ status: 401 })
  for (const url of [
    'http://127.0.0.1:1/',
    'https://sns.eu-west-1.amazonaws.com.example.com/?x',
    'https://api.paypal.com/?x',
  ]) {
    expect(await confirm(subscription({ SubscribeURL: url })), url).toMatchObject({ status: 401 })
  }
  expect(visits()).toEqual([])

  expect(await confirm(subscription())).toMatchObject({ status: 200 })
  expect(visits()).toMatchObject([{ method: 'GET', host: 'sns.eu-west-1.amazonaws.com' }])
  expect(await place.events()).toEqual([])

  internet.put('sns.eu-west-1.amazonaws.com/', { status: 500, body: 'later' })
  const failed = await confirm(subscription())
  expect(failed.status).toBe(503)
  expect(failed.headers.get('retry-after')).toBe('5')
})

test('a certificate or a subscription that is said to be elsewhere makes the server ask nobody', async () => {
  const place = await open({ scheme: 'aws-sns', secret: topic })
  const before = internet.asked.length
  for (const url of [
    'http://127.0.0.1:1/x.pem',
    `http://${snsCertificate}`,
    'https://sns.eu-west-1.amazonaws.com:8443/x.pem',
    'https://user@sns.eu-west-1.amazonaws.com/x.pem',
    'https://sns.eu-west-1.amazonaws.com/x.pem?other',
    'https://example.com/sns.eu-west-1.amazonaws.com/x.pem',
    'no url',
    '',
  ]) {
    const body = signedAsSns({ ...subscription(), SigningCertURL: url }, 'SHA256')
    expect(await place.ask('POST', '', { body }), url).toMatchObject({ status: 401 })
  }
  expect(internet.asked.length).toBe(before)
})

test('the secret that Asana chooses becomes the workflow’s, and no other ever takes its place', async () => {
  const place = await open({ scheme: 'asana', secret: { $secret: 'ASANA_HOOK' } })
  const chosen = 'b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81'
  const asked = await place.ask('POST', '', { headers: { 'x-hook-secret': chosen }, body: '' })
  expect([asked.status, asked.headers.get('x-hook-secret')]).toEqual([200, chosen])
  const send = async (key: string) => {
    const body = '{"events":[{"action":"changed"}]}'
    const signature = createHmac('sha256', key).update(body).digest('hex')
    return place.ask('POST', '', {
      headers: { 'content-type': 'application/json', 'x-hook-signature': signature },
      body,
    })
  }
  expect(await send(chosen)).toMatchObject({ status: 200 })
  const other = 'f'.repeat(64)
  await place.ask('POST', '', { headers: { 'x-hook-secret': other }, body: '' })
  expect(await send(other)).toMatchObject({ status: 401 })
  expect(await send(chosen)).toMatchObject({ status: 200 })
  const names: Answer = await server.api('GET', '/api/secrets')
  expect(names.items.map(({ name }: Answer) => name)).toContain('ASANA_HOOK')
  expect(JSON.stringify([await place.events(), await place.rejections()])).not.toContain(chosen)
})

test('Notion’s verification token is shown to the workflow’s owner while there is no secret, and not afterwards', async () => {
  const place = await open({ scheme: 'notion', secret: { $secret: 'NOTION_HOOK' } })
  const token = 'secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl'
  const body = JSON.stringify({ verification_token: token })
  expect(await place.ask('POST', '', { body })).toMatchObject({ status: 200 })
  const [shown] = await place.rejections()
  expect(shown).toMatchObject({ reason: 'handshake-shown' })
  expect(await server.api('GET', `/api/rejections/${shown.id}/body`)).toEqual({ verification_token: token })
  await server.api('PUT', '/api/secrets/NOTION_HOOK', { value: token })
  expect(await place.ask('POST', '', { body })).toMatchObject({ status: 200 })
  expect(await place.rejections()).toHaveLength(1)
  const signature = `sha256=${createHmac('sha256', token).update(body).digest('hex')}`
  expect(await place.ask('POST', '', { headers: { 'x-notion-signature': signature }, body })).toMatchObject({
    status: 200,
  })
  expect(await place.events()).toHaveLength(1)
})

test('a challenge that was signed for whoever asked is no delivery', async () => {
  const place = await open({ scheme: 'x', secret: 'the-consumer-secret' })
  const token = '1234567890'
  const asked = await place.ask('GET', `?crc_token=${token}`)
  const { response_token: signature } = JSON.parse(asked.text) as { readonly response_token: string }
  const headers = { 'content-type': 'application/json', 'x-twitter-webhooks-signature': signature }
  expect(await place.ask('POST', '', { headers, body: token })).toMatchObject({ status: 401 })
  expect(await place.events()).toEqual([])
})

test('each provider hears what it wants to hear for an event', async () => {
  const heard = {
    adyen: [200, '[accepted]'],
    discord: [200, '{"type":5}'],
    'microsoft-graph': [202, undefined],
    salesforce: [200, '<Ack>true</Ack>'],
    teams: [200, '{"type":"message","text":"Received."}'],
    twilio: [200, '<Response/>'],
    xero: [200, ''],
  } as const
  for (const [scheme, [status, text]] of Object.entries(heard)) {
    const way = plainWays().find(({ settings }) => settings.scheme === scheme)
    const [pair] = way?.pairs ?? []
    const place = await open({ scheme, secret: pair?.told })
    const { headers, query, body } = (await way?.deliver(
      pair ?? { told: '', own: '' },
      place.hookUrl,
      Date.now(),
    )) ?? {
      headers: {},
      query: {},
      body: '',
    }
    const parameters = new URLSearchParams(query).toString()
    const answer = await place.ask('POST', parameters === '' ? '' : `?${parameters}`, {
      headers: { ...headers },
      body,
    })
    expect(answer.status, `${scheme}: ${answer.text}`).toBe(status)
    if (text === '') expect(answer.text).toBe('')
    else if (text !== undefined) expect(answer.text).toContain(text)
    expect(answer.headers.get('x-content-type-options')).toBe(scheme === 'microsoft-graph' ? null : 'nosniff')
  }
})

test('a workflow’s own answer takes the place of the provider’s', async () => {
  const secret = createHmac('sha256', 'a').update('b').digest('hex')
  const place = await open(
    { scheme: 'adyen', secret },
    { answer: { status: 201, headers: {}, body: { mine: true } } },
  )
  const { headers, body } = await deliveryOf('adyen', place.hookUrl, secret)
  expect(await place.ask('POST', '', { headers: { ...headers }, body })).toMatchObject({
    status: 201,
    text: '{"mine":true}',
  })
})

test('Xero hears of a refusal by its status alone', async () => {
  const place = await open({ scheme: 'xero', secret: 'the-webhooks-key' })
  const answer = await place.ask('POST', '', {
    headers: { 'x-xero-signature': 'AAAA' },
    body: '{"events":[]}',
  })
  expect([answer.status, answer.text]).toEqual([401, ''])
  expect(await place.rejections()).toMatchObject([{ status: 401, reason: 'signature-malformed' }])
})

test('a secret that a sender shows in the body is in no record of the event', async () => {
  const passcode = 'the-passcode-of-"figma"'
  const place = await open({ scheme: 'figma', secret: passcode })
  const body = JSON.stringify({ event_type: 'FILE_COMMENT', passcode, comment: 'fine' })
  expect(
    await place.ask('POST', '', { headers: { 'content-type': 'application/json' }, body }),
  ).toMatchObject({ status: 200 })
  const [event] = await eventually(place.events, ({ length }) => length > 0)
  const stored: Answer = await server.api('GET', `/api/events/${event.id}/body`)
  expect(stored).toEqual({ event_type: 'FILE_COMMENT', passcode: '•••', comment: 'fine' })
})

test('WooCommerce’s ping is answered, and anything more than a ping is not', async () => {
  const place = await open({ scheme: 'woocommerce', secret: 'a-secret-of-the-shop' })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  expect(await place.ask('POST', '', { headers, body: 'webhook_id=17' })).toMatchObject({ status: 200 })
  const more = { ...headers, 'x-wc-webhook-topic': 'order.created' }
  expect(await place.ask('POST', '', { headers: more, body: 'webhook_id=17' })).toMatchObject({ status: 401 })
  expect(await place.events()).toEqual([])
})

test('of a sender that shows nothing, only named networks may be published', async () => {
  const graph = (allowFrom: readonly string[]) => ({
    nodes: [
      {
        id: 'hook',
        type: 'webhook',
        data: { config: { verification: { scheme: 'brevo', variant: 'address' }, allowFrom } },
      },
    ],
    edges: [],
  })
  const refused: Answer = await server.api('POST', '/api/workflows', {
    name: 'Open',
    graph: graph([]),
    publish: true,
  })
  expect(refused.problems).toMatchObject([{ path: 'config.allowFrom' }])
  const place = await open({ scheme: 'brevo', variant: 'address' }, { allowFrom: ['192.0.2.0/24'] })
  expect(await place.ask('POST', '', { body: '{"event":"delivered"}' })).toMatchObject({ status: 403 })
})
