import { createServer } from 'node:http'
import { connect } from 'node:net'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { providers } from '../../nodes/providers/index.ts'
import { readWebhookSettings } from '../../nodes/webhook.ts'
import { compileDoor } from '../../server/inbound/door.ts'
import { InboundRequest } from '../../server/inbound/request.ts'
import { headersOf, plainWays } from '../support/ways.ts'
import { makeRequest } from './make.ts'

const headerNames = [
  ...new Set([...[...providers.values()].flatMap(headersOf), 'content-type', 'content-encoding']),
]
/** Every byte that a header's value may hold on the wire, as Node hands it over, mixed with pieces of real headers. */
const value = fc.oneof(
  fc.string({
    unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    maxLength: 300,
  }),
  fc
    .array(
      fc.constantFrom(
        't=',
        'v1=',
        'v1,',
        'v0=',
        'sha256=',
        ',',
        ' ',
        'Bearer ',
        'Basic ',
        '1700000000',
        '0',
        '=',
        'a.b.c',
        'gzip',
      ),
      { maxLength: 12 },
    )
    .map((pieces) => pieces.join('')),
  fc.constant('0'.repeat(64)),
)
const arbitrary = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'OPTIONS', 'BREW'),
  path: fc.oneof(
    fc.constant(''),
    fc.webQueryParameters().map((text) => `?${text}`),
  ),
  rawHeaders: fc
    .array(fc.tuple(fc.constantFrom(...headerNames), value), { maxLength: 12 })
    .map((pairs) => pairs.flat()),
  body: fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map((text) => Buffer.from(text)),
  ),
})

const doors = plainWays().map(({ name, settings, pairs: [{ told }] }) => {
  const read = readWebhookSettings({ verification: settings })
  if (read === undefined) throw new Error(`no settings for ${name}`)
  return { name, scheme: settings.scheme, door: compileDoor(read, { secrets: [told], verifyToken: told }) }
})

/** Who asks whether the hook is theirs, before there is a signature, is answered; nothing comes of it. */
const asksFirst = new Set(
  [...providers.values()]
    .filter(({ handshakes = [] }) => handshakes.some(({ order }) => order === 'before'))
    .map(({ id }) => id),
)

test('whatever stands in headers, query and body, no door throws and none lets an unsigned request in', async () => {
  await fc.assert(
    fc.asyncProperty(
      arbitrary,
      fc.constantFrom(...doors),
      async ({ method, path, rawHeaders, body }, { scheme, door }) => {
        const request = makeRequest({ method, path, rawHeaders, body: Buffer.from(body) })
        const { kind } = await door.admit(request, 1_700_000_000_000)
        expect(asksFirst.has(scheme) ? ['refused', 'handshake'] : ['refused']).toContain(kind)
      },
    ),
    { numRuns: 10_000 },
  )
})

test('without verification, whatever comes is an event or refused with a 4xx, and never thrown', async () => {
  const settings = readWebhookSettings({ methods: ['GET', 'POST', 'PUT', 'OPTIONS'] })
  if (settings === undefined) throw new Error('no settings')
  const door = compileDoor(settings, { secrets: [], verifyToken: undefined })
  await fc.assert(
    fc.asyncProperty(arbitrary, async ({ method, path, rawHeaders, body }) => {
      const admission = await door.admit(
        makeRequest({ method, path, rawHeaders, body: Buffer.from(body) }),
        0,
      )
      if (admission.kind === 'refused') expect(admission.refusal.status).toBeLessThan(500)
      else expect(admission.kind).toBe('event')
    }),
    { numRuns: 2_000 },
  )
})

test('a repeated header is seen as one although Node’s own view joins or drops it', async () => {
  const door = doors.find(({ scheme }) => scheme === 'github')?.door
  const seen = Promise.withResolvers<InboundRequest>()
  const server = createServer((incoming, response) => {
    const { method = '', rawHeaders } = incoming
    seen.resolve(
      new InboundRequest({ method, url: '', path: '', rawHeaders, body: Buffer.alloc(0), ip: '127.0.0.1' }),
    )
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const socket = connect(port, '127.0.0.1')
  const signature = `sha256=${'a'.repeat(64)}`
  socket.write(
    `POST / HTTP/1.1\r\nHost: x\r\nX-Hub-Signature-256: ${signature}\r\nx-hub-signature-256: ${signature}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
  )
  try {
    const request = await seen.promise
    expect(request.isRepeated('x-hub-signature-256')).toBe(true)
    expect(await door?.admit(request, 0)).toMatchObject({ refusal: { reason: 'signature-repeated' } })
  } finally {
    socket.destroy()
    server.close()
  }
})
