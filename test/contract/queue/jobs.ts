import { expect } from 'vitest'
import type { Job } from '../../../server/queue/queue.ts'
import { done, one, many, aMinute, job, inMs, eventually, isEmpty, gate } from './world.ts'
import type { Promises } from './world.ts'

export const jobs = {
  async 'hands a job out once, with its lane, and forgets it when it is done'(queue) {
    const seen: Job[] = []
    queue.work(async (given) => {
      seen.push(given)
      return done
    }, many)
    await queue.add([job('a', 'wf_1'), job('b', 'wf_2')])
    await eventually(() => expect(seen).toHaveLength(2))
    await isEmpty(queue)
    expect(seen.toSorted((a, b) => (a.key < b.key ? -1 : 1))).toMatchObject([
      job('a', 'wf_1'),
      job('b', 'wf_2'),
    ])
  },

  async 'hands a note only to who takes the job first, or to nobody'(queue) {
    const notes: (string | undefined)[] = []
    queue.work(async ({ note }) => {
      notes.push(note)
      if (notes.length === 1) throw new Error('not now')
      return notes.length === 2 ? { kind: 'again', at: Date.now() } : done
    }, many)
    await queue.add([{ ...job('a'), note: 'new' }])
    await eventually(() => expect(notes).toHaveLength(3))
    expect([undefined, 'new']).toContain(notes[0])
    expect(notes.slice(1)).toEqual([undefined, undefined])
  },

  async 'hands out what was added before anybody worked'(queue) {
    await queue.add([job('a'), job('b')])
    expect(await queue.counts()).toEqual({ due: 2, waiting: 0, active: 0 })
    const seen: string[] = []
    queue.work(async ({ key }) => {
      seen.push(key)
      return done
    }, one)
    await eventually(() => expect(seen).toEqual(['a', 'b']))
  },

  async 'takes the same key once'(queue) {
    const seen: string[] = []
    await queue.add([job('a'), job('a')])
    await Promise.all([queue.add([job('a')]), queue.add([job('a')])])
    expect(await queue.counts()).toEqual({ due: 1, waiting: 0, active: 0 })
    queue.work(async ({ key }) => {
      seen.push(key)
      return done
    }, many)
    await eventually(() => expect(seen).toEqual(['a']))
    await isEmpty(queue)
    expect(seen).toEqual(['a'])
  },

  async 'keeps a job until it is due, and not much longer'(queue) {
    const ranAt: number[] = []
    queue.work(async () => {
      ranAt.push(Date.now())
      return done
    }, one)
    const dueAt = inMs(300)
    await queue.add([{ ...job('a'), dueAt }])
    expect(await queue.counts()).toEqual({ due: 0, waiting: 1, active: 0 })
    await eventually(() => expect(ranAt).toHaveLength(1))
    expect(ranAt[0]).toBeGreaterThanOrEqual(dueAt)
    expect(ranAt[0]).toBeLessThan(dueAt + 1_000)
  },

  async 'a key that waits already keeps the earlier of the two times'(queue) {
    const gone = gate()
    queue.work(gone.handle, many)
    await queue.add([{ ...job('sooner'), dueAt: inMs(aMinute) }])
    await queue.add([{ ...job('sooner'), dueAt: inMs(50) }])
    await queue.add([{ ...job('later'), dueAt: inMs(100) }])
    await queue.add([{ ...job('later'), dueAt: inMs(aMinute) }])
    await eventually(() => expect(gone.entered).toEqual(['sooner', 'later']))
    gone.open()
    await isEmpty(queue)
  },

  async 'brings a job back when its verdict says so'(queue) {
    const ranAt: number[] = []
    let again = 0
    queue.work(async () => {
      ranAt.push(Date.now())
      if (ranAt.length === 3) return done
      again = inMs(100)
      return { kind: 'again', at: again }
    }, one)
    await queue.add([job('a')])
    await eventually(() => expect(ranAt).toHaveLength(3))
    expect(ranAt[2]).toBeGreaterThanOrEqual(again)
    await isEmpty(queue)
  },

  async 'takes times with a fraction of a millisecond'(queue) {
    let turns = 0
    queue.work(async () => {
      turns += 1
      return turns === 1 ? { kind: 'again', at: inMs(20) + 0.5 } : done
    }, one)
    await queue.add([{ ...job('a'), dueAt: inMs(20) + 0.5 }])
    await eventually(() => expect(turns).toBe(2))
    await isEmpty(queue)
  },

  async 'a dead job is gone, and its key may be added again'(queue) {
    let turns = 0
    queue.work(async () => {
      turns += 1
      return { kind: 'dead', reason: 'no such run' }
    }, one)
    for (const turn of [1, 2]) {
      await queue.add([job('a')])
      await eventually(() => expect(turns).toBe(turn))
      await isEmpty(queue)
    }
  },

  async 'brings a job back when its handler throws'(queue) {
    const ranAt: number[] = []
    queue.work(async ({ key }) => {
      if (key !== 'bad') return done
      ranAt.push(Date.now())
      if (ranAt.length < 3) throw new Error('a bug')
      return done
    }, one)
    await queue.add([job('bad'), job('good')])
    await eventually(() => expect(ranAt).toHaveLength(3))
    const [first = 0, second = 0, third = 0] = ranAt
    expect(second - first).toBeGreaterThan(500)
    expect(third - second).toBeGreaterThan(second - first)
    await isEmpty(queue)
  },
} satisfies Promises
