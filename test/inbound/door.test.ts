import { createHmac } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readWebhookSettings } from '../../nodes/webhook.ts'
import { compileDoor, bodyBytesDefault } from '../../server/inbound/door.ts'
import { makeRequest } from './make.ts'

const secret = 'a-long-shared-secret'
const nowMs = 1_700_000_000_000

function openDoor(config: Readonly<Record<string, unknown>>, secrets: readonly string[] = [secret]) {
  const settings = readWebhookSettings(config)
  if (settings === undefined) throw new Error('these settings cannot be used')
  return compileDoor(settings, { secrets, verifyToken: undefined })
}

const signature = (body: string | Buffer) =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
const push = '{"ref":"refs/heads/main"}'
const fromGitHub = (body: string | Buffer, headers: Readonly<Record<string, string>> = {}) =>
  makeRequest({
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': 'guid-1',
      'x-hub-signature-256': signature(body),
      ...headers,
    },
    body,
  })
const github = openDoor({ verification: { scheme: 'github' } })

test('a verified delivery is an event with its message, type and dedupe key', async () => {
  expect(await github.admit(fromGitHub(push), nowMs)).toEqual({
    kind: 'event',
    message: { ref: 'refs/heads/main' },
    json: push,
    body: Buffer.from(push),
    verified: true,
    type: 'push',
    dedupe: { kind: 'key', key: 'id:guid-1' },
    naming: expect.anything(),
    isRetry: false,
  })
})

test('GitHub’s form content type is verified as it came and unwrapped', async () => {
  const body = `payload=${encodeURIComponent(push)}`
  const request = fromGitHub(body, { 'content-type': 'application/x-www-form-urlencoded' })
  expect(await github.admit(request, nowMs)).toMatchObject({
    kind: 'event',
    message: { ref: 'refs/heads/main' },
  })
})

test('a signature over the packed bytes is accepted, and so is one over the bytes before they were packed', async () => {
  const packed = gzipSync(push)
  const encoding = { 'content-encoding': 'gzip' }
  const event = {
    kind: 'event',
    message: { ref: 'refs/heads/main' },
    body: Buffer.from(push),
    verified: true,
  }
  expect(await github.admit(fromGitHub(packed, encoding), nowMs)).toMatchObject(event)
  const before = fromGitHub(packed, { ...encoding, 'x-hub-signature-256': signature(push) })
  expect(await github.admit(before, nowMs)).toMatchObject(event)
  const neither = fromGitHub(packed, { ...encoding, 'x-hub-signature-256': signature('{}') })
  expect(await github.admit(neither, nowMs)).toMatchObject({ refusal: { reason: 'signature-mismatch' } })
})

test('what nobody signed is not unpacked for longer than its limit, and its sender learns only that it did not match', async () => {
  const bomb = fromGitHub(gzipSync(Buffer.alloc(60_000_000)), {
    'content-encoding': 'gzip',
    'x-hub-signature-256': signature('{}'),
  })
  expect(await github.admit(bomb, nowMs)).toMatchObject({
    refusal: { status: 401, reason: 'signature-mismatch' },
  })
})

test('a signed bomb is refused with 413', async () => {
  const packed = gzipSync(Buffer.alloc(60_000_000))
  expect(await github.admit(fromGitHub(packed, { 'content-encoding': 'gzip' }), nowMs)).toMatchObject({
    refusal: { status: 413 },
  })
})

test('an unsigned body that cannot be read is refused for its signature, not for its form', async () => {
  const request = makeRequest({ headers: { 'content-type': 'application/json' }, body: '{' })
  expect(await github.admit(request, nowMs)).toMatchObject({ refusal: { status: 401 } })
  expect(await github.admit(fromGitHub('{'), nowMs)).toMatchObject({
    refusal: { status: 400, reason: 'invalid-json' },
  })
})

test('addresses outside the allowlist are refused with 403 before anything else, with any scheme', async () => {
  for (const scheme of ['none', 'github']) {
    const door = openDoor({ verification: { scheme }, allowFrom: ['192.0.2.0/24', '2001:db8::/32'] })
    const inside = makeRequest({ method: 'DELETE', ip: '::ffff:192.0.2.7' })
    expect(await door.admit(inside, nowMs)).toMatchObject({ refusal: { status: 405 } })
    for (const ip of ['192.0.3.1', '2001:db9::1', '', 'unknown']) {
      const outside = await door.admit(makeRequest({ method: 'DELETE', ip }), nowMs)
      expect(outside).toMatchObject({ refusal: { status: 403, reason: 'address-not-allowed' } })
    }
  }
})

test('methods are POST, PUT and PATCH unless the workflow names others', async () => {
  const door = openDoor({})
  expect(door.methods).toEqual(['POST', 'PUT', 'PATCH'])
  expect(await door.admit(makeRequest({ method: 'GET' }), nowMs)).toMatchObject({ refusal: { status: 405 } })
  const reading = openDoor({ methods: ['GET'] })
  expect(await reading.admit(makeRequest({ method: 'GET', path: '?a=1' }), nowMs)).toMatchObject({
    kind: 'event',
    message: null,
    verified: false,
  })
  expect(await reading.admit(makeRequest(), nowMs)).toMatchObject({ refusal: { status: 405 } })
})

test('the body limit is the workflow’s, else the provider’s, else the default', () => {
  expect(openDoor({}).bodyBytesMax).toBe(bodyBytesDefault)
  expect(github.bodyBytesMax).toBe(25 * 1_024 * 1_024)
  expect(openDoor({ verification: { scheme: 'github' }, limits: { bodyBytes: 10 } }).bodyBytesMax).toBe(10)
})

test('Slack’s repeated delivery is seen as one, with the key of the first', async () => {
  const door = openDoor({ verification: { scheme: 'slack' } })
  const body = '{"type":"event_callback","event_id":"Ev1","event":{"type":"message"}}'
  const digest = createHmac('sha256', secret).update(`v0:1700000000:${body}`).digest('hex')
  const headers = {
    'content-type': 'application/json',
    'x-slack-request-timestamp': '1700000000',
    'x-slack-signature': `v0=${digest}`,
  }
  const event = { kind: 'event', type: 'message', dedupe: { kind: 'key', key: 'id:Ev1' } }
  expect(await door.admit(makeRequest({ headers, body }), nowMs)).toMatchObject({ ...event, isRetry: false })
  const again = makeRequest({ headers: { ...headers, 'x-slack-retry-num': '1' }, body })
  expect(await door.admit(again, nowMs)).toMatchObject({ ...event, isRetry: true })
})

test('settings that cannot be used open no door', () => {
  for (const config of [
    { verification: 'github' },
    { verification: { scheme: 'github', sercet: 'x' } },
    { allowFrom: ['everywhere'] },
    { methods: [] },
    { limits: { bodyBytes: 'banana' } },
    { limits: { bodyBytes: Number.NaN } },
    { limits: { bodyBytes: -1 } },
  ]) {
    expect(readWebhookSettings(config), JSON.stringify(config)).toBeUndefined()
  }
})
