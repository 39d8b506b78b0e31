import { describe, expect, test } from 'vitest'
import type { WorkflowId } from '../../nodes/contract/ids.ts'
import { Backlog } from '../../server/inbound/backlog.ts'
import { Buckets } from '../../server/inbound/buckets.ts'

describe('a token bucket', () => {
  const rate = { perSecond: 2, burst: 3 }

  test('gives its burst at once, and then as many as time brings', () => {
    const buckets = new Buckets({ keysMax: 10 })
    expect([1, 2, 3].map(() => buckets.take('a', rate, 0))).toEqual([0, 0, 0])
    expect(buckets.take('a', rate, 0)).toBe(500)
    expect(buckets.take('a', rate, 499)).toBe(1)
    expect(buckets.take('a', rate, 500)).toBe(0)
    expect(buckets.take('a', rate, 500)).toBe(500)
  })

  test('is never fuller than its burst, however long it rests', () => {
    const buckets = new Buckets({ keysMax: 10 })
    expect([1, 2, 3, 4].map(() => buckets.take('a', rate, 3_600_000))).toEqual([0, 0, 0, 500])
  })

  test('is one for each key; of too many keys the one that rested longest is forgotten', () => {
    const buckets = new Buckets({ keysMax: 2 })
    const once = { perSecond: 1, burst: 1 }
    expect([buckets.take('a', once, 0), buckets.take('b', once, 0)]).toEqual([0, 0])
    expect(buckets.take('a', once, 0)).toBeGreaterThan(0)
    expect(buckets.take('c', once, 0)).toBe(0)
    // "b" was asked for longest ago, and begins anew.
    expect(buckets.take('b', once, 0)).toBe(0)
  })
})

describe('a backlog', () => {
  const id = 'wf_1' as WorkflowId
  /** A store whose count is set by hand, and that says how often it was asked. */
  const store = (counted: number) => {
    const told = { counted, asked: 0 }
    const pending = async (_id: WorkflowId, atMost: number) => {
      told.asked += 1
      return Math.min(told.counted, atMost)
    }
    return { told, backlog: new Backlog({ pending }) }
  }

  test('asks the store at first, and again only when what was accepted since could be too much', async () => {
    const { told, backlog } = store(7)
    expect(await backlog.isFull(id, 10, 0)).toBe(false)
    for (const _ of [1, 2]) {
      expect(backlog.isFull(id, 10, 0)).toBe(false)
      backlog.add(id)
    }
    expect(backlog.isFull(id, 10, 0)).toBe(false)
    expect(told.asked).toBe(1)
    backlog.add(id)
    // All that were accepted have ended meanwhile.
    expect(await backlog.isFull(id, 10, 0)).toBe(false)
    expect(told.asked).toBe(2)
  })

  test('that is full is looked at again after a moment, once for all who ask', async () => {
    const { told, backlog } = store(10)
    const asked = [1, 2, 3].map(async () => backlog.isFull(id, 10, 0))
    expect(await Promise.all(asked)).toEqual([true, true, true])
    expect(told.asked).toBe(1)
    expect(backlog.isFull(id, 10, 249)).toBe(true)
    told.counted = 9
    expect(await backlog.isFull(id, 10, 250)).toBe(false)
    expect(told.asked).toBe(2)
  })
})
