import { describe, expect, test } from 'vitest'
import { AddressRefused, openGuard } from '../../server/runtime/guard.ts'
import { openTarget, openWayOut, outcomeOf } from './world.ts'

const admits = (guard: ReturnType<typeof openGuard>, host: string, port = 80): Promise<boolean> =>
  guard.admit(host, port).then(
    () => true,
    (error: unknown) => {
      expect(error).toBeInstanceOf(AddressRefused)
      return false
    },
  )

describe('the allowed ranges', () => {
  test('open what they list and nothing beside it', async () => {
    const guard = openGuard({ allow: ['10.1.0.0/16', '192.168.7.7', 'fd00:1::/32'] })
    expect(await admits(guard, '10.1.255.1')).toBe(true)
    expect(await admits(guard, '10.2.0.1')).toBe(false)
    expect(await admits(guard, '192.168.7.7')).toBe(true)
    expect(await admits(guard, '192.168.7.8')).toBe(false)
    expect(await admits(guard, '[fd00:1::9]')).toBe(true)
    expect(await admits(guard, '[fd00:2::9]')).toBe(false)
    expect(await admits(guard, '[::ffff:10.1.0.1]')).toBe(true)
    expect(await admits(guard, '[64:ff9b::10.1.0.1]')).toBe(false)
  })

  test('open an internal name only where they list all of its addresses', async () => {
    const inside = { address: '10.1.0.1', family: 4 } as const
    const beside = { address: '10.2.0.1', family: 4 } as const
    const allow = ['10.1.0.0/16']
    expect(await admits(openGuard({ allow, lookup: async () => [inside] }), 'crm')).toBe(true)
    expect(await admits(openGuard({ allow, lookup: async () => [inside, beside] }), 'crm')).toBe(false)
  })

  test.each([
    '10.0.0.0/33',
    '10.0.0/8',
    '10.0.0.0/8/8',
    'fd00::/129',
    'fe80::1%eth0',
    'inside',
    '',
    '10.0.0.0/-1',
  ])('that cannot be read stop the start with one line: "%s"', (range) => {
    const opening = () => openGuard({ allow: ['10.0.0.0/8', range] })
    expect(opening).toThrow(`HOOKLOOM_OUTBOUND_ALLOW has "${range}", which is not an address range`)
  })
})

describe('what belongs to Hookloom itself', () => {
  test('is refused even where its address is allowed, under every name of this machine', async () => {
    const listener = await openTarget()
    const beside = await openTarget()
    const send = openWayOut({
      allow: ['127.0.0.0/8', '0.0.0.0/8', '::1'],
      own: [{ host: '0.0.0.0', port: listener.port }],
      lookup: async () => [{ address: '127.0.0.1', family: 4 }],
    })
    for (const host of ['127.0.0.1', '127.1.2.3', '0.0.0.0', '[::1]', '[::ffff:127.0.0.1]', 'me.test']) {
      expect(outcomeOf(await send({ url: `http://${host}:${listener.port}/` }))).toBe('address-refused')
    }
    expect(listener.connections()).toBe(0)
    expect(outcomeOf(await send({ url: beside.url }))).toBe('answered 200')
  })

  test('may be named after the guard was opened, because a port is chosen at listening', async () => {
    const listener = await openTarget()
    const own: { host: string; port: number }[] = []
    const guard = openGuard({ allow: ['127.0.0.1'], own })
    expect(await admits(guard, '127.0.0.1', listener.port)).toBe(true)
    own.push({ host: '127.0.0.1', port: listener.port })
    expect(await admits(guard, '127.0.0.1', listener.port)).toBe(false)
  })

  test('is known by its name too, and refused while the name cannot be resolved', async () => {
    const allow = ['10.0.0.0/8']
    const own = [{ host: 'redis', port: 6379 }]
    const answers = { address: '10.0.0.9', family: 4 } as const
    const resolving = openGuard({ allow, own, lookup: async () => [answers] })
    expect(await admits(resolving, '10.0.0.9', 6379)).toBe(false)
    expect(await admits(resolving, '10.0.0.9', 6380)).toBe(true)
    expect(await admits(resolving, '10.0.0.8', 6379)).toBe(true)
    const failing = openGuard({ allow, own, lookup: () => Promise.reject(new Error('no resolver')) })
    expect(await admits(failing, '10.0.0.8', 6379)).toBe(false)
  })
})

test('the proxies of the environment are not asked', async () => {
  const proxy = await openTarget({ host: '127.0.0.2' })
  const target = await openTarget()
  const names = ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY']
  for (const name of names) process.env[name] = proxy.url
  try {
    expect(outcomeOf(await openWayOut()({ url: target.url }))).toBe('answered 200')
  } finally {
    for (const name of names) delete process.env[name]
  }
  expect([proxy.connections(), target.requests.length]).toEqual([0, 1])
})
