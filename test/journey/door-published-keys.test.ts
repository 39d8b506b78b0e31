/** Certificates and keys that providers publish: which are believed, how often they are asked for, and what holds when they are gone. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Internet, type Told, internetFile, openInternet } from '../support/internet.ts'
import { paypalHeaders } from '../support/remote-ways.ts'
import { type Answer, type RunningServer, removeDataDir, startServer } from '../support/server.ts'
import { readPrivateKey } from '../support/ways.ts'

let internet: Internet
let server: RunningServer

beforeAll(async () => {
  internet = await openInternet()
  internet.put('cacerts.digicert.com/HookloomTestIssuer.crt', { body: internetFile('issuer.crt') })
  server = await startServer({ environment: internet.environment })
})
afterAll(async () => {
  await server.stop()
  await internet.close()
  await removeDataDir(server.dataDir)
})

type Config = Readonly<Record<string, unknown>>
let path = ''
let url = ''
let workflowId = ''
async function open(verification: Config): Promise<void> {
  const config = { verification, dedupe: { key: 'none' } }
  const graph = { nodes: [{ id: 'hook', type: 'webhook', data: { config } }], edges: [] }
  const made: Answer = await server.api('POST', '/api/workflows', { name: 'Keys', graph, publish: true })
  if (made.hook === undefined) throw new Error(`not published: ${JSON.stringify(made)}`)
  workflowId = made.id
  url = made.hook.url
  path = new URL(url).pathname
}

async function send(headers: Readonly<Record<string, string>>, body: string) {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
  const answer: Answer = await response.json()
  return { status: response.status, reason: answer.reason, retryAfter: response.headers.get('retry-after') }
}

/** What the doctor says of the request that was refused last. */
async function advice(): Promise<string> {
  const { items }: Answer = await server.api('GET', `/api/rejections?workflowId=${workflowId}`)
  const { sentence }: Answer = await server.api('GET', `/api/rejections/${items[0].id}/diagnosis`)
  return sentence
}

const askedFor = (place: string) =>
  internet.asked.filter(({ host, path: asked }) => `${host}${asked.split('?')[0]}` === place).length

/** An event of PayPal's, with a certificate at a place of its own for each test. */
let certificates = 0
async function sendFromPaypal(
  told: Told | undefined,
  key = readPrivateKey(internetFile('paypal.key')),
  times = 1,
) {
  certificates += 1
  const place = `api.paypal.com/v1/notifications/certs/CERT-${certificates}-of-a-test`
  if (told !== undefined) internet.put(place, told)
  const body = JSON.stringify({ id: `WH-${certificates}`, event_type: 'PAYMENT.SALE.COMPLETED' })
  const headers = {
    ...paypalHeaders('1JE4291016473214C', Buffer.from(body), key, Date.now()),
    'paypal-cert-url': `https://${place}`,
  }
  const answers = await Promise.all(Array.from({ length: times }, () => send(headers, body)))
  return { answers, asked: askedFor(place) }
}

test('a certificate is believed when PayPal’s name and a known authority are in it, and is fetched once', async () => {
  await open({ scheme: 'paypal', secret: '1JE4291016473214C' })
  const { answers, asked } = await sendFromPaypal({ body: internetFile('paypal.pem') }, undefined, 20)
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(asked).toBe(1)
  const chain = Buffer.concat([internetFile('paypal.pem'), internetFile('issuer.pem')])
  expect(await sendFromPaypal({ body: chain })).toMatchObject({ answers: [{ status: 200 }] })
})

test('a certificate that somebody made for himself, or that is somebody else’s, is not believed', async () => {
  await open({ scheme: 'paypal', secret: '1JE4291016473214C' })
  const impostor = readPrivateKey(internetFile('impostor.key'))
  const refused = { answers: [{ status: 401, reason: 'certificate-refused' }] }
  expect(await sendFromPaypal({ body: internetFile('impostor.pem') }, impostor)).toMatchObject(refused)
  const chained = Buffer.concat([internetFile('impostor.pem'), internetFile('issuer.pem')])
  expect(await sendFromPaypal({ body: chained }, impostor)).toMatchObject(refused)
  expect(await sendFromPaypal({ body: internetFile('stranger.pem') }, impostor)).toMatchObject(refused)
  expect(await advice()).toMatch(
    /certificate.*Look whether the variant \(live or sandbox\) is the one that sends/,
  )
  expect(await sendFromPaypal({ body: 'no certificate' })).toMatchObject(refused)
  // Believed, but another key signed.
  expect(await sendFromPaypal({ body: internetFile('paypal.pem') }, impostor)).toMatchObject({
    answers: [{ status: 401, reason: 'signature-mismatch' }],
  })
})

test('a certificate that is not there is refused; one that cannot be had now makes the sender try again', async () => {
  await open({ scheme: 'paypal', secret: '1JE4291016473214C' })
  expect(await sendFromPaypal(undefined)).toMatchObject({
    answers: [{ status: 401, reason: 'key-not-found' }],
  })
  expect(await advice()).toMatch(/choose the variant \(live or sandbox\) that sends/)
  const later = { status: 503, reason: 'keys-unreachable', retryAfter: '5' }
  const down = await sendFromPaypal({ status: 500, body: 'down' }, undefined, 10)
  expect(down.answers).toEqual(Array.from({ length: 10 }, () => later))
  expect(await advice()).toMatch(/Let this server reach that host over HTTPS/)
  // A failure is remembered for a while: who names what is not there does not make us ask again and again.
  expect(down.asked).toBe(1)
  const away = { status: 302, headers: { location: 'https://sns.eu-west-1.amazonaws.com/x' }, body: '' }
  expect(await sendFromPaypal(away)).toMatchObject({ answers: [later] })
  expect(askedFor('sns.eu-west-1.amazonaws.com/x')).toBe(0)
})

test('a certificate of the live PayPal is none of the sandbox’s', async () => {
  await open({ scheme: 'paypal', variant: 'sandbox', secret: '1JE4291016473214C' })
  const { answers, asked } = await sendFromPaypal({ body: internetFile('paypal.pem') })
  expect([answers, asked]).toMatchObject([[{ status: 401, reason: 'certificate-refused' }], 0])
})

const keysPlace = 'www.googleapis.com/oauth2/v3/certs'
const account = 'push@project.iam.gserviceaccount.com'
const google = generateKeyPairSync('rsa', { modulusLength: 2_048 })

interface Claims {
  readonly alg?: string
  readonly kid?: string
  readonly key?: KeyObject | Uint8Array
  readonly claims?: Readonly<Record<string, unknown>>
  readonly expiresIn?: number
}

async function sendFromGoogle({
  alg = 'RS256',
  kid = 'g-1',
  key = google.privateKey,
  claims = {},
  expiresIn = 300,
}: Claims) {
  const seconds = Math.floor(Date.now() / 1_000)
  const token = await new SignJWT({
    iss: 'https://accounts.google.com',
    aud: url,
    email: account,
    email_verified: true,
    ...claims,
  })
    .setProtectedHeader({ alg, kid })
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + expiresIn)
    .sign(key)
  return send({ authorization: `Bearer ${token}` }, '{"message":{"messageId":"1"},"subscription":"s"}')
}

test('a token of Google’s counts for this URL and this account alone, by a key that Google publishes', async () => {
  await open({ scheme: 'google-pubsub', secret: account })
  const jwk = { ...google.publicKey.export({ format: 'jwk' }), kid: 'g-1' }
  const shared = { kty: 'oct', k: Buffer.from('shared').toString('base64url'), kid: 'g-2', alg: 'HS256' }
  internet.put(keysPlace, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ keys: [jwk, shared] }),
  })
  expect(await sendFromGoogle({})).toMatchObject({ status: 200 })
  const pem = google.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const foreign = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey
  const wrong: readonly Claims[] = [
    { claims: { aud: 'https://example.com/hooks/other' } },
    { claims: { email: 'somebody@else.iam.gserviceaccount.com' } },
    { claims: { email_verified: false } },
    { claims: { email_verified: 'true' } },
    { claims: { iss: 'https://accounts.example.com' } },
    { expiresIn: -60 },
    { key: foreign },
    { alg: 'HS256', key: new TextEncoder().encode(pem) },
    { alg: 'HS256', kid: 'g-2', key: new TextEncoder().encode('shared') },
    { alg: 'PS256' },
    { kid: 'g-17' },
    { kid: '../g-1' },
  ]
  for (const claims of wrong) {
    expect(await sendFromGoogle(claims), JSON.stringify(claims)).toMatchObject({
      status: 401,
      reason: 'token-mismatch',
    })
  }
  // A key that is not in the set is looked for again, but not by every request that makes one up.
  for (let n = 0; n < 20; n += 1) await sendFromGoogle({ kid: `made-up-${n}` })
  expect(askedFor(keysPlace)).toBe(1)
})

test('PayPal’s own word is taken from PayPal, and a token that it withdrew is asked for anew', async () => {
  await open({ scheme: 'paypal', variant: 'verify', secret: '1JE42:client:the-password' })
  const json = { 'content-type': 'application/json' }
  let given = 0
  internet.put('api-m.paypal.com/v1/oauth2/token', () => {
    given += 1
    return { headers: json, body: JSON.stringify({ access_token: `token-${given}` }) }
  })
  internet.put('api-m.paypal.com/v1/notifications/verify-webhook-signature', ({ headers, body }) => {
    if (headers.authorization !== 'Bearer token-2') return { status: 401, body: '{}' }
    const { webhook_id } = JSON.parse(body) as { readonly webhook_id: string }
    return {
      headers: json,
      body: JSON.stringify({ verification_status: webhook_id === '1JE42' ? 'SUCCESS' : 'FAILURE' }),
    }
  })
  const key = readPrivateKey(internetFile('paypal.key'))
  const body = '{ "id" : "WH-1", "amount": 1.10 }'
  const headers = paypalHeaders('1JE42', Buffer.from(body), key, Date.now())
  expect(await send(headers, body)).toMatchObject({ status: 503 })
  expect(await send(headers, body)).toMatchObject({ status: 200 })
  // The event is asked about as it came, space by space.
  expect(internet.asked.at(-1)?.body).toContain(`"webhook_event":${body}`)
  const { 'paypal-transmission-sig': _left, ...unsigned } = headers
  expect(await send(unsigned, body)).toMatchObject({ status: 401, reason: 'signature-missing' })
  expect(await send(headers, 'no JSON')).toMatchObject({ status: 400 })
})
