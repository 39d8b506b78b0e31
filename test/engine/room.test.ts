import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type Place, Room } from '../../server/engine/room.ts'

const megabyte = 1_024 * 1_024

/** Runs that come one after the other; those that may be loaded are, at once. */
async function come(room: Room, lane: string, bytes: readonly number[]): Promise<Place[]> {
  const places: Place[] = []
  for (const size of bytes) {
    void room.enter(lane).then((place) => {
      place.holds(size)
      places.push(place)
    })
    await turn()
  }
  return places
}

const leave = async (place: Place | undefined) => {
  place?.[Symbol.dispose]()
  await turn()
}

test('thousands of small runs are in hand at once', async () => {
  const places = await come(new Room(), 'wf_a', Array<number>(3_000).fill(2_048))
  expect(places).toHaveLength(3_000)
})

test('one lane keeps half of the room at most, and another finds the rest', async () => {
  const room = new Room()
  const large = await come(room, 'wf_a', Array<number>(50).fill(megabyte))
  expect(large).toHaveLength(32)
  const others = await come(room, 'wf_b', Array<number>(50).fill(megabyte))
  expect(others).toHaveLength(32)
  await leave(large[0])
  expect([large.length, others.length]).toEqual([33, 32])
  for (let n = 0; n < 18; n += 1) await leave(others[n])
  expect(others).toHaveLength(50)
})

test('a run that is larger than the room comes in, alone in its lane', async () => {
  const places = await come(new Room(), 'wf_a', [100 * megabyte, 1])
  expect(places).toHaveLength(1)
  await leave(places[0])
  expect(places).toHaveLength(2)
})

test('what is not loaded yet counts as much as the run before it, and the first as a megabyte', async () => {
  const room = new Room()
  const entered: Place[] = []
  for (let n = 0; n < 40; n += 1) void room.enter('wf_a').then((place) => entered.push(place))
  await turn()
  expect(entered).toHaveLength(32)
  await leave(entered[0])
  expect(entered).toHaveLength(33)
  entered[1]?.holds(2_048)
  await turn()
  expect(entered).toHaveLength(40)
})
