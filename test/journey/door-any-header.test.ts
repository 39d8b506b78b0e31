/** No byte string in any header makes the door crash, hang, or answer 2xx without a valid signature: asked by socket, byte by byte. */
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { providers } from '../../nodes/providers/index.ts'
import { type Internet, openInternet } from '../support/internet.ts'
import { speak } from '../support/raw-socket.ts'
import { remoteWays } from '../support/remote-ways.ts'
import { type RunningServer, removeDataDir, startServer } from '../support/server.ts'
import { bodyOfSample, headersOf, plainWays } from '../support/ways.ts'

const internet: Internet = await openInternet()
const ways = [...plainWays(), ...remoteWays(internet)]
let server: RunningServer
/** Of each way, its hook's path, the headers that decide, and a body such as its sender sends. */
let doors: readonly { readonly path: string; readonly names: readonly string[]; readonly body: Buffer }[] = []

beforeAll(async () => {
  server = await startServer({ environment: internet.environment })
  doors = await Promise.all(
    ways.map(async ({ name, settings, pairs: [{ told }] }) => {
      const verification = { ...settings, ...(told !== '' && { secret: told }) }
      const graph = {
        nodes: [{ id: 'hook', type: 'webhook', data: { config: { verification } } }],
        edges: [],
      }
      const made = await server.api('POST', '/api/workflows', { name, graph, publish: true })
      const provider = providers.get(settings.scheme)
      if (provider === undefined || made.hook === undefined) throw new Error(`not published: ${name}`)
      const names = [...headersOf(provider), 'content-type', 'content-encoding', 'x-forwarded-for']
      return { path: new URL(made.hook.url).pathname, names, body: bodyOfSample(provider) }
    }),
  )
})
afterAll(async () => {
  await server.stop()
  await internet.close()
  await removeDataDir(server.dataDir)
})

/** Every byte but the two that end a line, and pieces of real signatures. */
const value = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => bytes.filter((byte) => byte !== 0x0a && byte !== 0x0d)),
  fc
    .array(
      fc.constantFrom(
        't=',
        'ts=',
        'v1=',
        'v1,',
        'h1=',
        'h=',
        'v0=',
        'sha256=',
        'sha1=',
        'HMAC ',
        'Bearer ',
        'Basic ',
        ',',
        ';',
        ' ',
        '|',
        '&',
        '=',
        '.',
        'e30.e30.e30',
        '1700000000',
        `${Math.floor(Date.now() / 1_000)}`,
        new Date().toISOString(),
        '0'.repeat(64),
        'AAAA',
        'https://sns.eu-west-1.amazonaws.com/x.pem',
        'https://api.paypal.com/v1/notifications/certs/x',
        'SHA256withRSA',
        'v2',
        'application/json',
        'gzip',
        '-1',
        '1e9',
      ),
      { maxLength: 10 },
    )
    .map((pieces) => Buffer.from(pieces.join(''), 'latin1')),
)

const bytesOf = (
  path: string,
  headers: readonly (readonly [name: string, value: Uint8Array])[],
  body: Buffer,
): Buffer =>
  Buffer.concat([
    Buffer.from(`POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ${body.length}\r\n`),
    ...headers.flatMap(([name, value]) => [Buffer.from(`${name}: `), value, Buffer.from('\r\n')]),
    Buffer.from('\r\n'),
    body,
  ])

test('whatever bytes a header holds, the door answers with a refusal, and goes on', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      fc.array(fc.tuple(fc.nat(), value), { minLength: 1, maxLength: 8 }),
      async (which, pairs) => {
        const { path, names, body } = doors[which % doors.length] ?? {
          path: '',
          names: [''],
          body: Buffer.alloc(0),
        }
        const headers = pairs.map(([n, bytes]) => [names[n % names.length] ?? '', bytes] as const)
        const { answers } = await speak(server.url, bytesOf(path, headers, body), { withinMs: 10_000 })
        expect(answers).toHaveLength(1)
        expect(answers[0]?.status).toBeGreaterThanOrEqual(400)
        // 503: the key that it names cannot be had.
        expect([500, 504]).not.toContain(answers[0]?.status)
      },
    ),
    { numRuns: 2_000 },
  )
  const { items } = await server.api('GET', '/api/events?limit=10')
  expect(items).toEqual([])
  expect(await server.api('GET', '/api/balance')).toMatchObject({ accepted: 0, balanced: true })
}, 120_000)
