import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openSqliteStorage } from '../../server/storage/sqlite.ts'
import { storageContract } from '../contract/storage.ts'
import { accepted, stored } from '../contract/storage/world.ts'

const folder = mkdtempSync(join(tmpdir(), 'hookloom-storage-'))
afterAll(() => rmSync(folder, { recursive: true }))

storageContract({ name: 'SQLite', open: (place) => openSqliteStorage(join(folder, `${place}.db`)) })

test(
  'what cannot cross to the thread is refused, keeps nobody waiting, and the store goes on',
  { timeout: 5_000 },
  async () => {
    const storage = await openSqliteStorage(join(folder, 'crossing.db'))
    const workflow = await stored(storage)
    // What no type lets through, a mistake elsewhere might.
    const putFunction = () => storage.settings.put('odd', (() => 'no data') as never)
    await expect(putFunction()).rejects.toThrow('could not be cloned')
    // So many that the first of them go at once, in one message with what cannot.
    const rush = Array.from({ length: 60 }, () => () => accepted(storage, workflow))
    const [odd, ...others] = await Promise.allSettled([putFunction, ...rush].map((ask) => ask()))
    expect(odd).toMatchObject({ reason: { name: 'DataCloneError' } })
    const kept = others.filter(({ status }) => status === 'fulfilled')
    expect(kept.length).toBeGreaterThan(0)
    expect(await storage.balance()).toMatchObject({ accepted: kept.length })
    await storage.close()
  },
)
