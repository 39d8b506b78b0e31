import { createServer } from 'node:http'
import { connect } from 'node:net'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { providers } from '../../nodes/providers/index.ts'
import { readWebhookSettings } from '../../nodes/webhook.ts'
import { compileDoor } from '../../server/inbound/door.ts'
import { InboundRequest } from '../../server/inbound/request.ts'
import { makeRequest } from './make.ts'

const secret = 'a-secret-that-nobody-guesses'
const headerNames = [
  'x-hub-signature-256',
  'stripe-signature',
  'x-slack-signature',
  'x-slack-request-timestamp',
  'x-shopify-hmac-sha256',
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
  'svix-id',
  'svix-timestamp',
  'svix-signature',
  'x-gitlab-token',
  'x-signature',
  'x-api-key',
  'authorization',
  'content-type',
  'content-encoding',
  'x-github-delivery',
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

const whsec = `whsec_${Buffer.from(secret).toString('base64')}`
const doors = [...providers.keys()]
  .filter((id) => id !== 'none')
  .map((id) => {
    const settings = readWebhookSettings({ verification: { scheme: id } })
    if (settings === undefined) throw new Error(`no settings for ${id}`)
    const text =
      id === 'svix' || id === 'standard-webhooks' ? whsec : id === 'basic' ? `ada:${secret}` : secret
    return { id, door: compileDoor(settings, { secrets: [text], verifyToken: secret }) }
  })

test('whatever stands in headers, query and body, no door throws and none lets an unsigned request in', async () => {
  await fc.assert(
    fc.asyncProperty(
      arbitrary,
      fc.constantFrom(...doors),
      async ({ method, path, rawHeaders, body }, { door }) => {
        const request = makeRequest({ method, path, rawHeaders, body: Buffer.from(body) })
        expect((await door.admit(request, 1_700_000_000_000)).kind).toBe('refused')
      },
    ),
    { numRuns: 3_000 },
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
  const door = doors.find(({ id }) => id === 'github')?.door
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
