import { expect, test } from 'vitest'
import type { Json } from '../../nodes/contract/json.ts'
import { providers } from '../../nodes/providers/index.ts'
import { dedupeKey, keyOfValue } from '../../server/inbound/dedupe.ts'
import { makeRequest } from './make.ts'

const keyOf = (
  choice: string,
  id: string,
  headers: Readonly<Record<string, string>> = {},
  message: Json = null,
) => {
  const provider = providers.get(id)
  if (provider === undefined) throw new Error(id)
  return dedupeKey(choice, {
    provider,
    request: makeRequest({ headers, body: JSON.stringify(message) }),
    message,
  })
}

test.each<[string, Readonly<Record<string, string>>, Json, string | undefined]>([
  ['github', { 'X-GitHub-Delivery': 'guid-1' }, {}, 'id:guid-1'],
  ['stripe', {}, { id: 'evt_1' }, 'id:evt_1'],
  ['slack', {}, { event_id: 'Ev1' }, 'id:Ev1'],
  ['slack', {}, { trigger_id: '13.37' }, 'id:13.37'],
  ['shopify', { 'X-Shopify-Webhook-Id': 'b5' }, {}, 'id:b5'],
  ['gitlab', { 'Idempotency-Key': 'k1' }, {}, 'id:k1'],
  ['standard-webhooks', { 'webhook-id': 'msg_1' }, {}, 'id:msg_1'],
  ['svix', { 'svix-id': 'msg_2' }, {}, 'id:msg_2'],
  ['meta', {}, { entry: [{ id: '1' }] }, undefined],
  ['hmac', {}, { id: '1' }, undefined],
  ['stripe', {}, {}, undefined],
  ['stripe', {}, { id: { nested: true } }, undefined],
])('the preset of %s with %j and %j is %s', (id, headers, message, key) => {
  expect(keyOf('preset', id, headers, message)).toEqual(
    key === undefined ? { kind: 'none' } : { kind: 'key', key },
  )
})

const keyOfHeader = (rawHeaders: readonly string[]) =>
  dedupeKey('header:X-Id', { provider: {}, request: makeRequest({ rawHeaders }), message: null })

test('a header that is missing, empty or repeated makes no key', () => {
  expect(keyOfHeader(['x-id', 'one'])).toEqual({ kind: 'key', key: 'id:one' })
  for (const raw of [[], ['x-id', ''], ['x-id', 'one', 'X-Id', 'two']])
    expect(keyOfHeader(raw)).toEqual({ kind: 'none' })
})

test('the body’s key is its hash, an expression is handed to the sandbox, and none is none', () => {
  expect(keyOf('body', 'none', {}, { a: 1 })).toEqual(keyOf('body', 'github', {}, { a: 1 }))
  expect(keyOf('body', 'none', {}, { a: 1 })).not.toEqual(keyOf('body', 'none', {}, { a: 2 }))
  expect(keyOf('$: order.id', 'none')).toEqual({ kind: 'expression', expression: 'order.id' })
  expect(keyOf('none', 'stripe', {}, { id: 'evt_1' })).toEqual({ kind: 'none' })
})

test('a value that came out of an expression makes a bounded key; nothing makes none', () => {
  expect(keyOfValue(7)).toEqual({ kind: 'key', key: 'id:7' })
  expect(keyOfValue(['a', 1])).toEqual({ kind: 'key', key: 'id:["a",1]' })
  const [long, other] = [keyOfValue('x'.repeat(5_000)), keyOfValue('x'.repeat(5_001))]
  expect(long).toMatchObject({ kind: 'key', key: expect.stringMatching(/^hash:[0-9a-f]{64}$/) as string })
  expect(other).not.toEqual(long)
  for (const nothing of [null, '']) expect(keyOfValue(nothing)).toEqual({ kind: 'none' })
})
