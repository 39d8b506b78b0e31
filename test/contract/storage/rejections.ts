import { expect } from 'vitest'
import { Conflict, NotFound } from '../../../server/storage/storage.ts'
import { aRejection, eventId, pages, rejectionId, room, stored } from './world.ts'
import type { Promises } from './world.ts'

export const rejections = {
  async 'a rejection and its body come back equal'(storage, { reopen }) {
    const workflow = await stored(storage)
    const rejection = aRejection(workflow, {
      kind: 'test',
      bodyBytes: 5_000_000,
      detail: 'ünïcode $ .',
      fingerprints: { 'header:authorization': 'f1' },
      times: 3,
    })
    await storage.rejections.add(rejection, Buffer.from([0, 1, 255]), room(10))
    const again = await reopen()
    expect(await again.rejections.get(rejection.id)).toEqual(rejection)
    expect([...((await again.rejections.body(rejection.id)) ?? [])]).toEqual([0, 1, 255])
  },

  async 'a workflow keeps its last rejections, the oldest go, and all are counted'(storage) {
    const [a, b] = [await stored(storage), await stored(storage)]
    const other = aRejection(b)
    await storage.rejections.add(other, Buffer.from('b'), room(3))
    const made = Array.from({ length: 5 }, () => aRejection(a))
    for (const rejection of made) await storage.rejections.add(rejection, Buffer.from('a'), room(3))
    const kept = (await storage.rejections.list({ workflowId: a.id }, { limit: 10 })).items
    expect(kept.map(({ id }) => id)).toEqual(
      made
        .slice(2)
        .map(({ id }) => id)
        .toReversed(),
    )
    expect(await storage.rejections.body(made[0]?.id ?? rejectionId())).toBeUndefined()
    expect(await storage.rejections.get(other.id)).toEqual(other)
    expect(await storage.balance()).toMatchObject({ rejected: 6 })
  },

  async 'what a workflow keeps of its rejections has a size: the oldest go, and the newest stays whatever its own'(
    storage,
  ) {
    const workflow = await stored(storage)
    const add = async (bytes: number) => {
      const rejection = aRejection(workflow)
      await storage.rejections.add(rejection, Buffer.alloc(bytes), { count: 100, bytes: 10_000 })
      return rejection.id
    }
    const kept = async () =>
      (await storage.rejections.list({ workflowId: workflow.id }, { limit: 10 })).items.map(({ id }) => id)
    const [, second, third] = [await add(4_000), await add(4_000), await add(4_000)]
    expect(await kept()).toEqual([third, second])
    const large = await add(20_000)
    expect(await kept()).toEqual([large])
    const small = await add(100)
    expect(await kept()).toEqual([small])
    expect(await storage.balance()).toMatchObject({ rejected: 5 })
  },

  async 'a rejection that stands for more requests counts them, also when it is gone'(storage) {
    const workflow = await stored(storage)
    const rejection = aRejection(workflow)
    await storage.rejections.add(rejection, Buffer.from(''), room(10))
    await storage.rejections.repeat(rejection.id, workflow.id, 41)
    expect(await storage.rejections.get(rejection.id)).toEqual({ ...rejection, times: 42 })
    await storage.rejections.repeat(rejectionId(), workflow.id, 8)
    expect(await storage.balance()).toMatchObject({ rejected: 50 })
    await storage.workflows.delete(workflow.id)
    await storage.rejections.repeat(rejection.id, workflow.id, 1)
    expect(await storage.balance()).toMatchObject({ rejected: 0 })
  },

  async 'rejections are listed newest first, by workflow and reason, page by page'(storage) {
    const [a, b] = [await stored(storage), await stored(storage)]
    const made: string[] = []
    for (let n = 0; n < 6; n++) {
      const reason = n % 2 === 0 ? 'not-verified' : 'too-large'
      const rejection = aRejection(n < 4 ? a : b, {
        reason,
        status: n === 0 ? 403 : 401,
        ip: n < 3 ? '192.0.2.1' : '192.0.2.2',
        acceptedAs: n === 5 ? eventId() : null,
      })
      await storage.rejections.add(rejection, Buffer.from(''), room(10))
      made.push(rejection.id)
    }
    const ids = async (filter: Parameters<typeof storage.rejections.list>[0]) =>
      (await pages((page) => storage.rejections.list(filter, page), 2)).map(({ id }) => made.indexOf(id))
    expect(await ids({})).toEqual([5, 4, 3, 2, 1, 0])
    expect(await ids({ workflowId: a.id })).toEqual([3, 2, 1, 0])
    expect(await ids({ reason: 'too-large' })).toEqual([5, 3, 1])
    expect(await ids({ workflowId: b.id, reason: 'too-large' })).toEqual([5])
    expect(await ids({ status: 403 })).toEqual([0])
    expect(await ids({ ip: '192.0.2.1', reason: 'not-verified' })).toEqual([2, 0])
    expect(await ids({ isAccepted: true })).toEqual([5])
    expect(await ids({ isAccepted: false, workflowId: b.id })).toEqual([4])
  },

  async 'a rejection is accepted by hand once: the second time is a Conflict'(storage) {
    const rejection = aRejection(await stored(storage))
    await storage.rejections.add(rejection, Buffer.from(''), room(10))
    const event = eventId()
    const both = await Promise.allSettled([
      storage.rejections.markAccepted(rejection.id, event),
      storage.rejections.markAccepted(rejection.id, eventId()),
    ])
    expect(both[1]).toMatchObject({ status: 'rejected', reason: expect.any(Conflict) })
    expect(await storage.rejections.get(rejection.id)).toEqual({ ...rejection, acceptedAs: event })
    await expect(storage.rejections.markAccepted(rejectionId(), event)).rejects.toThrow(NotFound)
  },
} satisfies Promises
