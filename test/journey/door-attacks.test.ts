/** What somebody tries who has no secret, over sockets: each is refused with a reason, nothing is fetched, and the door goes on. */
import { createHmac, generateKeyPairSync } from 'node:crypto'
import { brotliCompressSync, deflateSync } from 'node:zlib'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chain } from '../support/chain.ts'
import { postBytes, speak } from '../support/raw-socket.ts'
import { type Receiver, openReceiver } from '../support/receiver.ts'
import { type Answer, type RunningServer, removeDataDir, startServer } from '../support/server.ts'
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

const hookOf = (verification: unknown, more = {}) =>
  publish(server, chain({ verification, ...more }), 'Tried')
const secret = 'nobody-guesses-this-secret'
const body = '{"n":1}'

/** One request as bytes; `\xff` in a header is one byte of that value. */
async function say(path: string, headers: readonly string[], content: string | Uint8Array = body) {
  const bytes = Buffer.from(content)
  const lines = [...headers, `Content-Length: ${bytes.length}`].map((line) => `${line}\r\n`).join('')
  const { answers } = await speak(server.url, postBytes(path, lines, bytes))
  const [answer] = answers
  const problem: Answer = answer?.body.startsWith('{') === true ? JSON.parse(answer.body) : {}
  return {
    status: answer?.status,
    reason: problem.reason,
    headers: answer?.headers ?? {},
    text: answer?.body,
  }
}
const eventsOf = async (id: string): Promise<Answer[]> =>
  (await server.api('GET', `/api/events?workflowId=${id}`)).items

const sha256 = (text: string, key = secret) => createHmac('sha256', key).update(text).digest('hex')

describe('a signature header', () => {
  test.each([
    [
      'twice, with the right one first',
      (right: string) => [`X-Hub-Signature-256: ${right}`, 'x-hub-signature-256: sha256=00'],
    ],
    ['150 times', (right: string) => Array.from({ length: 150 }, () => `X-Hub-Signature-256: ${right}`)],
    ['joined with a comma and a space', (right: string) => [`X-Hub-Signature-256: ${right}, ${right}`]],
    ['joined with a comma', (right: string) => [`X-Hub-Signature-256: ${right},${right}`]],
    ['with a byte beyond ASCII behind it', (right: string) => [`X-Hub-Signature-256: ${right}\xff`]],
    [
      'in the letters of another alphabet',
      (right: string) => [`X-Hub-Signature-256: ${right.replaceAll('a', 'а')}`],
    ],
    [
      'that names its algorithm anew',
      (right: string) => [`X-Hub-Signature-256: ${right.replace('sha256', 'none')}`],
    ],
    ['under the older name', (right: string) => [`X-Hub-Signature: ${right}`]],
  ])('that comes %s lets nobody in', async (_what, headers) => {
    const { id, path } = await hookOf({ scheme: 'github', secret })
    expect((await say(path, headers(`sha256=${sha256(body)}`))).status).toBe(401)
    expect(await eventsOf(id)).toEqual([])
  })

  test('two hundred times is more headers than are read', async () => {
    const { path } = await hookOf({ scheme: 'github', secret })
    const many = Array.from({ length: 200 }, () => 'X-Hub-Signature-256: x')
    expect(await say(path, many)).toMatchObject({
      status: 431,
      reason: 'headers-too-large',
    })
  })
})

test.each([
  '-1',
  '1e21',
  '1E9',
  '9'.repeat(21),
  '٠١٢٣',
  '１７００００００００',
  '0x65',
  '1700000000,1700000000',
  '',
  'NaN',
])('a timestamp %j that is signed as it stands lets nobody in', async (timestamp) => {
  const { id, path } = await hookOf({ scheme: 'slack', secret })
  const bytes = Buffer.from(timestamp).toString('latin1')
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')
  const sent = await say(path, [`X-Slack-Request-Timestamp: ${bytes}`, `X-Slack-Signature: v0=${signature}`])
  expect(sent).toMatchObject({ status: 401, reason: expect.stringMatching(/^timestamp-/) })
  expect(await eventsOf(id)).toEqual([])
})

test('a secret is used whole, with a NUL in it, and cut at it lets nobody in', async () => {
  const { path } = await hookOf({ scheme: 'github', secret: 'first-half\0second-half' })
  const signed = (key: string) => [`X-Hub-Signature-256: sha256=${sha256(body, key)}`]
  expect((await say(path, signed('first-half'))).status).toBe(401)
  expect((await say(path, signed('first-half\0second-half'))).status).toBe(200)
})

describe('a JSON Web Token', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signedBy = (header: { alg: string; [name: string]: unknown }, key: Parameters<SignJWT['sign']>[0]) =>
    new SignJWT({ sub: 'x' }).setProtectedHeader(header).sign(key)

  test.each([
    ['without a signature', async () => `${encode({ alg: 'none' })}.${encode({})}.AA`],
    ['without a signature, in other letters', async () => `${encode({ alg: 'nOnE' })}.${encode({})}.AA`],
    ['whose shared text is the public key', () => signedBy({ alg: 'HS256' }, Buffer.from(pem))],
    ['whose shared text is the public key, cut', () => signedBy({ alg: 'HS256' }, Buffer.from(pem.trim()))],
    [
      'that brings its own key',
      async () => {
        const own = generateKeyPairSync('rsa', { modulusLength: 2_048 })
        return signedBy({ alg: 'RS256', jwk: own.publicKey.export({ format: 'jwk' }) }, own.privateKey)
      },
    ],
    [
      'that says where its key is',
      () => {
        const own = generateKeyPairSync('rsa', { modulusLength: 2_048 })
        return signedBy(
          { alg: 'RS256', jku: `${receiver.url}/keys`, kid: '../../etc/passwd' },
          own.privateKey,
        )
      },
    ],
    [
      'with a part that must be understood',
      () => signedBy({ alg: 'RS256', crit: ['exp'], exp: 1 }, privateKey),
    ],
  ])('%s lets nobody in, and nothing is fetched', async (_what, make) => {
    const { id, path } = await hookOf({ scheme: 'jwt', secret: pem })
    const token = await make().catch(() => 'a.b.c')
    expect((await say(path, [`Authorization: Bearer ${token}`])).status).toBe(401)
    expect(await eventsOf(id)).toEqual([])
    expect(receiver.requests).toEqual([])
  })

  test.each([
    'https://127.0.0.1',
    'https://[::ffff:127.0.0.1]',
    'https://localhost',
    'https://169.254.169.254',
    'https://2130706433',
  ])('is not checked by keys at %s, where nobody but this machine can be', async (origin) => {
    const { port } = new URL(receiver.url)
    const keysUrl = `${origin}:${port}/keys`
    const { path } = await hookOf({ scheme: 'jwt', keysUrl, issuer: 'x', audience: 'y' })
    const token = await signedBy({ alg: 'RS256', kid: 'k' }, privateKey)
    expect(await say(path, [`Authorization: Bearer ${token}`])).toMatchObject({
      status: 503,
      reason: 'keys-unreachable',
    })
    expect(receiver.requests).toEqual([])
  })
})

describe('a body', () => {
  test.each([
    ['an entity of its own', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ['an entity from elsewhere', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['a parameter entity', '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/x">%x;]><a/>'],
    [
      'a billion laughs',
      `<!DOCTYPE a [<!ENTITY a "ha">${Array.from({ length: 9 }, (_, n) => `<!ENTITY a${n} "${'&a;'.repeat(10)}">`).join('')}]><a>&a8;</a>`,
    ],
  ])('of XML with %s is refused', async (_what, xml) => {
    const { path } = await hookOf({ scheme: 'none' })
    expect(await say(path, ['Content-Type: text/xml'], xml)).toMatchObject({
      status: 400,
      reason: 'xml-entities',
    })
    const wide = Buffer.from(`\ufeff${xml}`, 'utf16le')
    expect((await say(path, ['Content-Type: text/xml; charset=utf-16'], wide)).status).toBe(400)
  })

  test('of ten thousand parts is refused by their number, and so are more files than a mail has', async () => {
    const { path } = await hookOf({ scheme: 'none' })
    const type = ['Content-Type: multipart/form-data; boundary=b']
    const parts = (count: number, more: string) =>
      Array.from(
        { length: count },
        (_, n) => `--b\r\nContent-Disposition: form-data; name="p${n}"${more}\r\n\r\n1\r\n`,
      ).join('')
    for (const many of [parts(10_000, ''), parts(101, '; filename="x"')]) {
      expect(await say(path, type, `${many}--b--`)).toMatchObject({ status: 400, reason: 'too-many-fields' })
    }
  })

  test.each([
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
  ])('that %s unpacks to more than the limit is refused at the limit', async (encoding, pack) => {
    const { path } = await hookOf({ scheme: 'none' })
    const bomb = pack(Buffer.alloc(64 * 1_024 * 1_024))
    expect(await say(path, [`Content-Encoding: ${encoding}`], bomb)).toMatchObject({
      status: 413,
      reason: 'too-large',
    })
  })

  test('of a thousand and one lines, each an event, is refused whole', async () => {
    const { id, path } = await hookOf({ scheme: 'none' }, { items: 'each' })
    const lines = Array.from({ length: 1_001 }, (_, n) => `{"n":${n}}`).join('\n')
    expect(await say(path, ['Content-Type: application/x-ndjson'], lines)).toMatchObject({
      status: 413,
      reason: 'too-many-items',
    })
    expect(await eventsOf(id)).toEqual([])
  })
})

test('a page is never told that it may send its visitor’s cookies along', async () => {
  for (const corsOrigins of [['*'], ['https://shop.example.com'], []]) {
    const { path } = await hookOf({ scheme: 'none' }, { corsOrigins })
    for (const origin of [
      'https://shop.example.com',
      'https://evil.example.com',
      'null',
      'https://shop.example.com.evil.com',
    ]) {
      const { headers } = await say(path, [`Origin: ${origin}`, 'Cookie: hookloom=x'])
      expect(headers['access-control-allow-credentials']).toBeUndefined()
      const told = headers['access-control-allow-origin']
      expect(corsOrigins).toEqual(
        told === undefined ? expect.not.arrayContaining([origin, '*']) : expect.arrayContaining([told]),
      )
    }
  }
})
