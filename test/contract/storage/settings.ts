import { expect } from 'vitest'
import { noon, workerId } from './world.ts'
import type { Promises } from './world.ts'

export const settings = {
  async 'a secret comes back byte for byte, its name is listed, and it can be replaced and deleted'({
    secrets,
  }) {
    await secrets.put('SLACK', Buffer.from([0, 255]), noon)
    await secrets.put('GITHUB', Buffer.from('old'), noon)
    await secrets.put('GITHUB', Buffer.from('new'), noon + 1)
    expect([...((await secrets.get('SLACK')) ?? [])]).toEqual([0, 255])
    expect(Buffer.from((await secrets.get('GITHUB')) ?? '').toString()).toBe('new')
    expect(await secrets.list()).toEqual([
      { name: 'GITHUB', updatedAt: noon + 1 },
      { name: 'SLACK', updatedAt: noon },
    ])
    expect([await secrets.delete('SLACK'), await secrets.delete('SLACK')]).toEqual([true, false])
    expect(await secrets.get('SLACK')).toBeUndefined()
  },

  async 'a setting comes back equal after a restart'(storage, { reopen }) {
    await storage.settings.put('a', 'first')
    await storage.settings.put('a', 'ünïcode\u0000 "$"')
    const again = await reopen()
    expect(await again.settings.get('a')).toBe('ünïcode\u0000 "$"')
    expect(await again.settings.get('b')).toBeUndefined()
  },

  async 'a worker that beats is listed with a counter that grows, until it is removed'({ workers }) {
    const [a, b] = [workerId(), workerId()]
    await workers.beat(a)
    await workers.beat(b)
    const first = new Map((await workers.list()).map(({ id, beat }) => [id, beat]))
    await workers.beat(a)
    const second = new Map((await workers.list()).map(({ id, beat }) => [id, beat]))
    expect([...second.keys()].toSorted()).toEqual([a, b].toSorted())
    expect(second.get(a)).toBeGreaterThan(first.get(a) ?? Number.POSITIVE_INFINITY)
    expect(second.get(b)).toBe(first.get(b))
    await workers.remove(a)
    expect((await workers.list()).map(({ id }) => id)).toEqual([b])
  },
} satisfies Promises
