/** Duplicates are recognised by a filter that rules most keys out, and by the file for the rest. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openStorage } from '../../server/storage/open.ts'
import { KeyFilter, hashOfKey } from '../../server/storage/sqlite-keys.ts'
import { anEvent, aRun, stored } from '../contract/storage/world.ts'

const folder = mkdtempSync(join(tmpdir(), 'hookloom-keys-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a filter knows every key that was added, and takes few others for known until it is full', () => {
  const filter = new KeyFilter(100_000)
  const hashes = (from: number, count: number) =>
    Array.from({ length: count }, (_, n) => hashOfKey(`wf ${from + n}`))
  for (const hash of hashes(0, 100_000)) filter.add(hash)
  expect(filter.isFull).toBe(false)
  expect(hashes(0, 100_000).every((hash) => filter.mayHave(hash))).toBe(true)
  const wrong = hashes(100_000, 100_000).filter((hash) => filter.mayHave(hash)).length
  expect(wrong).toBeLessThan(2_000)
  for (const hash of hashes(100_000, 100_000)) filter.add(hash)
  expect(filter.isFull).toBe(true)
})

test('a duplicate is recognised from the first moment on, also where there are more keys than are read at once', async () => {
  const total = 40_000
  const dataDir = mkdtempSync(join(folder, 'data-'))
  const before = await openStorage({ dataDir })
  const workflow = await stored(before)
  const deliver = (storage: typeof before, keys: readonly number[]) =>
    Promise.all(
      keys.map((n) => {
        const event = anEvent(workflow, { dedupeKey: `key ${n}` })
        return storage.events.accept(event, aRun(event))
      }),
    )
  await deliver(
    before,
    Array.from({ length: total }, (_, n) => n),
  )
  await before.close()

  const storage = await openStorage({ dataDir })
  // One by one, and together with new ones as in a rush; then when the filter has read them all, and has grown.
  const some = [0, 1, total / 2, total - 1]
  for (const n of some) expect(await deliver(storage, [n])).toMatchObject([{ kind: 'duplicate' }])
  const mixed = Array.from({ length: total }, (_, n) => (n % 1_000 === 0 ? n : total + n))
  const answers = await deliver(storage, mixed)
  expect(answers.filter(({ kind }) => kind === 'duplicate')).toHaveLength(total / 1_000)
  const again = await deliver(storage, mixed)
  expect(again.every(({ kind }) => kind === 'duplicate')).toBe(true)
  const { accepted, duplicates } = await storage.balance()
  expect({ accepted, duplicates }).toEqual({
    accepted: 2 * total - total / 1_000,
    duplicates: some.length + total / 1_000 + total,
  })
  await storage.close()
}, 60_000)
