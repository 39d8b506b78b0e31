import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type Holding, Room } from '../../server/engine/room.ts'

const megabyte = 1_024 * 1_024

/** Runs that come one after the other; those that may be loaded are, at once. */
async function come(room: Room, lane: string, sizes: readonly number[]): Promise<Holding[]> {
  const inHand: Holding[] = []
  for (const bytes of sizes) {
    void room.enter(lane).then((holding) => {
      holding?.takes(bytes)
      if (holding !== undefined) inHand.push(holding)
    })
    await turn()
  }
  return inHand
}

const leave = async (holding: Holding | undefined) => {
  holding?.[Symbol.dispose]()
  await turn()
}

test('thousands of small runs are in hand at once', async () => {
  expect(await come(new Room(), 'wf_a', Array<number>(3_000).fill(2_048))).toHaveLength(3_000)
})

test('one lane keeps half of the room at most, and another finds the rest', async () => {
  const room = new Room()
  const large = await come(room, 'wf_a', Array<number>(50).fill(megabyte))
  expect(large).toHaveLength(32)
  const others = await come(room, 'wf_b', Array<number>(50).fill(megabyte))
  expect(others).toHaveLength(32)
  await leave(large[0])
  expect([large.length, others.length]).toEqual([33, 32])
})

test('a run that is larger than the room comes in, alone in its lane', async () => {
  const inHand = await come(new Room(), 'wf_a', [100 * megabyte, 1])
  expect(inHand).toHaveLength(1)
  await leave(inHand[0])
  expect(inHand).toHaveLength(2)
})

test('two lanes of large runs do not stop a third', async () => {
  const room = new Room()
  const large = [
    ...(await come(room, 'wf_a', [25 * megabyte, 25 * megabyte])),
    ...(await come(room, 'wf_b', [25 * megabyte])),
  ]
  expect(large).toHaveLength(3)
  expect(await come(room, 'wf_c', [1_024])).toHaveLength(1)
  expect(await come(room, 'wf_b', [1_024])).toHaveLength(0)
})

test('what is not loaded yet counts like what was loaded before it in its lane, and the first like five megabytes', async () => {
  const room = new Room()
  const inHand: (Holding | undefined)[] = []
  for (let n = 0; n < 100; n += 1) void room.enter('wf_a').then((holding) => inHand.push(holding))
  await turn()
  expect(inHand).toHaveLength(7)
  await leave(inHand[0])
  expect(inHand).toHaveLength(8)
  for (const holding of inHand.slice(1, 8)) holding?.takes(2_048)
  await turn()
  expect(inHand).toHaveLength(100)
})

test('who finds no room for a second is sent away, and everybody is when it closes', async () => {
  const room = new Room()
  await come(room, 'wf_a', [100 * megabyte])
  const since = performance.now()
  expect(await room.enter('wf_a')).toBeUndefined()
  expect(performance.now() - since).toBeGreaterThan(900)
  const waits = room.enter('wf_a')
  room.close()
  expect(await waits).toBeUndefined()
  expect(await room.enter('wf_b')).toBeUndefined()
})
