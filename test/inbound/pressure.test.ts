import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Pressure } from '../../server/inbound/pressure.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Counts the runs that begin, while callers come and are answered together. */
function world() {
  const pressure = new Pressure()
  let begun = 0
  const begin = (count: number) => {
    for (let n = 0; n < count; n += 1) {
      const turn = pressure.turn()
      if (turn === undefined) begun += 1
      else void turn.then(() => (begun += 1))
    }
  }
  /** Runs that begin while so much time goes by, in each millisecond of which so many callers come at once. */
  const during = async (ms: number, callers: number) => {
    const before = begun
    for (let passed = 0; passed < ms; passed += 1) {
      for (let n = 0; n < callers; n += 1) pressure.enter()
      await vi.advanceTimersByTimeAsync(1)
      for (let n = 0; n < callers; n += 1) pressure.leave()
    }
    return begun - before
  }
  return { pressure, begin, during, begun: () => begun }
}

const few = 20
const many = 64

test.each([0, 1, few])('a run begins at once while %i callers come at a time', async (callers) => {
  const { begin, during, begun } = world()
  for (let n = 0; n < 100; n += 1) {
    begin(10)
    await during(5, callers)
  }
  expect(begun()).toBe(1_000)
})

test('in a rush fewer and fewer begin, but never none; after it, all that waited do', async () => {
  const { begin, during, begun } = world()
  begin(10_000)
  const first = await during(500, many)
  const later = await during(500, many)
  expect(first).toBeGreaterThan(later)
  expect(later).toBeGreaterThan(50)
  expect(later).toBeLessThan(150)
  await during(2_000, few)
  expect(begun()).toBe(10_000)
})

test('a pause in a rush, as of a commit that takes long, does not end it', async () => {
  const { pressure, begin, during } = world()
  /** Four thousand a second, or as slow as it is said: whoever is answered comes again with all others. */
  const rush = async (ms: number, answerMs = 16) => {
    let begun = 0
    for (let passed = 0; passed < ms; passed += answerMs) {
      for (let n = 0; n < many; n += 1) pressure.enter()
      begun += await during(answerMs, 0)
      for (let n = 0; n < many; n += 1) pressure.leave()
    }
    return begun
  }
  begin(10_000)
  await rush(1_200)
  await during(100, 0)
  expect(await rush(500)).toBeLessThan(150)
  // A thousand a second, as from a machine that is busy otherwise.
  await rush(300, 60)
  expect(await rush(500)).toBeLessThan(150)
})

test('a door that goes first for nothing tries it again later and later', async () => {
  const { pressure, begin, during, begun } = world()
  for (let n = 0; n < many; n += 1) pressure.enter()
  // Five hundred a second, while many wait.
  const perMinute: number[] = []
  for (let minute = 0; minute < 3; minute += 1) {
    let slow = 0
    for (let n = 0; n < 600; n += 1) {
      for (let come = 0; come < 50; come += 1) {
        pressure.enter()
        pressure.leave()
      }
      const before = begun()
      begin(200)
      await during(100, 0)
      if (begun() - before < 200) slow += 1
    }
    perMinute.push(slow)
  }
  expect(perMinute[0]).toBeGreaterThan(0)
  expect(perMinute[2]).toBeLessThan((perMinute[0] ?? 0) / 2)
})

test('callers whom the door is done with at once when it goes first are left to wait beside runs', async () => {
  const { pressure, begin, during, begun } = world()
  // Three thousand a second, each of whom waits for 30 ms while runs begin, and for 2 ms while they do not.
  let waiting = 0
  let heldUp = 0
  for (let n = 0; n < 10_000; n += 1) {
    for (let come = 0; come < 3; come += 1) pressure.enter()
    waiting += 3
    const before = begun()
    begin(1)
    await during(1, 0)
    for (const patience = begun() > before ? 90 : 6; waiting > patience; waiting -= 1) pressure.leave()
    if (begun() < n - 20) heldUp += 1
  }
  // Twice it was tried in these ten seconds.
  expect(heldUp).toBeGreaterThan(0)
  expect(heldUp).toBeLessThan(1_000)
})

test('callers who are few and wait long together hardly delay runs', async () => {
  const { pressure, begin, during, begun } = world()
  // A thousand a second, each of whom waits for 50 ms.
  for (let second = 0; second < 10; second += 1) {
    for (let n = 0; n < 1_000; n += 1) {
      pressure.enter()
      begin(1)
      if (n + second * 1_000 >= 50) pressure.leave()
      await during(1, 0)
    }
  }
  expect(begun()).toBeGreaterThan(9_000)
})

test('a caller whose answer takes long is no rush', async () => {
  const { pressure, begin, during, begun } = world()
  for (let n = 0; n < many; n += 1) pressure.enter()
  await during(5, 0)
  begin(1_000)
  await during(500, 0)
  expect(begun()).toBe(1_000)
})

test('runs begin in the order in which they asked, and a later one overtakes none', async () => {
  const { pressure, during } = world()
  const order: number[] = []
  for (let n = 0; n < 300; n += 1) {
    const turn = pressure.turn()
    if (turn === undefined) order.push(n)
    else void turn.then(() => order.push(n))
    await during(1, many)
  }
  await during(1_000, few)
  expect(order).toEqual(Array.from({ length: 300 }, (_, n) => n))
})

test('nothing is looked at while no run begins', async () => {
  const { begin, during } = world()
  begin(1)
  await during(100, 0)
  expect(vi.getTimerCount()).toBe(0)
})
