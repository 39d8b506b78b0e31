import { expect } from 'vitest'
import { Conflict, NotFound } from '../../../server/storage/storage.ts'
import { aRejection, eventId, pages, rejectionId, stored } from './world.ts'
import type { Promises } from './world.ts'

export const rejections = {
  async 'a rejection and its body come back equal'(storage, { reopen }) {
    const workflow = await stored(storage)
    const rejection = aRejection(workflow, { bodyBytes: 5_000_000, detail: 'ünïcode $ .' })
    await storage.rejections.add(rejection, Buffer.from([0, 1, 255]), 10)
    const again = await reopen()
    expect(await again.rejections.get(rejection.id)).toEqual(rejection)
    expect([...((await again.rejections.body(rejection.id)) ?? [])]).toEqual([0, 1, 255])
  },

  async 'a workflow keeps its last rejections, the oldest go, and all are counted'(storage) {
    const [a, b] = [await stored(storage), await stored(storage)]
    const other = aRejection(b)
    await storage.rejections.add(other, Buffer.from('b'), 3)
    const made = Array.from({ length: 5 }, () => aRejection(a))
    for (const rejection of made) await storage.rejections.add(rejection, Buffer.from('a'), 3)
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

  async 'rejections are listed newest first, by workflow and reason, page by page'(storage) {
    const [a, b] = [await stored(storage), await stored(storage)]
    const made: string[] = []
    for (let n = 0; n < 6; n++) {
      const reason = n % 2 === 0 ? 'not-verified' : 'too-large'
      const rejection = aRejection(n < 4 ? a : b, { reason })
      await storage.rejections.add(rejection, Buffer.from(''), 10)
      made.push(rejection.id)
    }
    const ids = async (filter: Parameters<typeof storage.rejections.list>[0]) =>
      (await pages((page) => storage.rejections.list(filter, page), 2)).map(({ id }) => made.indexOf(id))
    expect(await ids({})).toEqual([5, 4, 3, 2, 1, 0])
    expect(await ids({ workflowId: a.id })).toEqual([3, 2, 1, 0])
    expect(await ids({ reason: 'too-large' })).toEqual([5, 3, 1])
    expect(await ids({ workflowId: b.id, reason: 'too-large' })).toEqual([5])
  },

  async 'a rejection is accepted by hand once: the second time is a Conflict'(storage) {
    const rejection = aRejection(await stored(storage))
    await storage.rejections.add(rejection, Buffer.from(''), 10)
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
