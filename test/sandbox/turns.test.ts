import { expect, test } from 'vitest'
import { Turns } from '../../server/runtime/sandbox-turns.ts'

interface Job {
  readonly workflowId: string
  readonly n: number
  readonly settled: boolean
}

const job = (workflowId: string, n: number, settled = false): Job => ({ workflowId, n, settled })
const make = () => new Turns<'a' | 'b', Job>(['a', 'b'])
const names = (turn: { readonly jobs: readonly Job[] } | undefined) =>
  turn?.jobs.map(({ workflowId, n }) => `${workflowId}${n}`)
const two = (jobs: readonly Job[]) => Math.min(2, jobs.length)

test('workflows take turns within a rank', () => {
  const turns = make()
  for (let n = 0; n < 5; n += 1) turns.push('a', job('x', n))
  turns.push('a', job('y', 0))
  const seen = Array.from({ length: 5 }, () => names(turns.next(['a'], two)))
  expect(seen).toEqual([['x0', 'x1'], ['y0'], ['x2', 'x3'], ['x4'], undefined])
})

test('ranks take turns', () => {
  const turns = make()
  for (let n = 0; n < 4; n += 1) turns.push('a', job('x', n))
  for (let n = 0; n < 2; n += 1) turns.push('b', job('z', n))
  const seen = Array.from({ length: 4 }, () => names(turns.next(['a', 'b'], () => 1)))
  expect(seen).toEqual([['x0'], ['z0'], ['x1'], ['z1']])
})

test('only the ranks that are asked for are served', () => {
  const turns = make()
  turns.push('b', job('z', 0))
  expect(turns.has(['a'])).toBe(false)
  expect(turns.next(['a'], two)).toBeUndefined()
  expect(turns.waiting('b')).toBe(1)
})

test('what is put back is next in turn, in its order', () => {
  const turns = make()
  turns.push('a', job('y', 0))
  turns.push('a', job('x', 2))
  turns.pushFirst('a', [job('x', 0), job('x', 1)])
  expect(names(turns.next(['a'], two))).toEqual(['x0', 'x1'])
  expect(names(turns.next(['a'], two))).toEqual(['y0'])
  expect(names(turns.next(['a'], two))).toEqual(['x2'])
})

test('a workflow that may not go on now keeps its place, and the next is asked', () => {
  const turns = make()
  turns.push('a', job('x', 0))
  turns.push('a', job('y', 0))
  const notX = ([first]: readonly Job[]) => (first?.workflowId === 'x' ? 0 : 1)
  expect(names(turns.next(['a'], notX))).toEqual(['y0'])
  expect(turns.next(['a'], notX)).toBeUndefined()
  expect(turns.has(['a'])).toBe(true)
  expect(names(turns.next(['a'], two))).toEqual(['x0'])
})

test('what was settled meanwhile is passed over', () => {
  const turns = make()
  turns.push('a', job('x', 0, true))
  turns.push('a', job('y', 0, true))
  turns.push('a', job('y', 1))
  expect(names(turns.next(['a'], two))).toEqual(['y1'])
  expect(turns.has(['a'])).toBe(false)
})

test('draining gives everything once', () => {
  const turns = make()
  turns.push('a', job('x', 0))
  turns.push('b', job('y', 0))
  expect(turns.drain()).toHaveLength(2)
  expect(turns.drain()).toHaveLength(0)
})
